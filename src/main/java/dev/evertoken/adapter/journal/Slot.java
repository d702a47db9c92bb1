package dev.evertoken.adapter.journal;

/**
 * Where a record lies.
 *
 * @param offset where its frame begins
 * @param length of its payload
 */
record Slot(Segment segment, long offset, int length) {

  int size() {
    return Frames.HEAD + length;
  }
}
