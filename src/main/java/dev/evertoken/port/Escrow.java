package dev.evertoken.port;

import dev.evertoken.domain.Secret;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * This node's journal of answers that a provider gave and PostgreSQL has not yet confirmed: sealed
 * and fsynced.
 */
public interface Escrow {

  /** Completes when the record is on disk; fails (an alarm) when it cannot be written. */
  Future<Void> keep(Entry entry);

  /** The commit was read back: the record can go. */
  Future<Void> discard(UUID attempt);

  /** What is still there, oldest first. */
  Future<List<Entry>> pending();

  /**
   * Brings everything under the primary key and leaves nothing of another one on the disk, not even
   * of what was discarded; completes with how many records stay as they are, since they cannot be
   * opened.
   */
  Future<Integer> reseal();

  int size();

  /**
   * One answer.
   *
   * @param presented the refresh token that was presented
   * @param body the raw answer
   */
  record Entry(
      UUID attempt,
      long account,
      UUID incarnation,
      String platform,
      long presentedSequence,
      long presentedGeneration,
      Secret presented,
      Instant requestedAt,
      int status,
      Secret body,
      String trigger) {}
}
