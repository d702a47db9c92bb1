package dev.evertoken.adapter.journal;

/**
 * Sizes in bytes at which the journal acts.
 *
 * @param segment a file of this size is followed by a new one
 * @param clear an empty journal of this size is begun anew
 * @param slack what it may hold beside the live records before it is compacted
 * @param large so many bytes of live records are an alarm
 */
record Limits(long segment, long clear, long slack, long large) {

  static final Limits SERVICE = new Limits(8 << 20, 64 << 10, 16 << 20, 1 << 30);
}
