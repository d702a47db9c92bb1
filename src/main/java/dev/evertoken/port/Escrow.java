package dev.evertoken.port;

import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * This node's journal of answers that a provider gave and PostgreSQL has not yet confirmed: sealed,
 * and kept until somebody says why they may go (semantics, section 3, step 5).
 */
public interface Escrow {

  /** Writes the answer down; a journal that cannot be written is an alarm. */
  Kept keep(Entry entry);

  /**
   * How far an answer is written down. Where either fails, the record may be there all the same, so
   * its outcome is reported like that of any other.
   *
   * @param written completes when the bytes are in the journal's file: a killed process loses
   *     nothing any more
   * @param durable completes when the disk has them; both fail when it cannot be written
   */
  record Kept(Future<Void> written, Future<Void> durable) {}

  /** The commit was read back: the record is of no use but to a database that loses commits. */
  Future<Void> committed(UUID attempt);

  /**
   * The record can go: it was understood as a refusal, its chain was superseded, or its account is
   * gone. Never because it was not understood.
   */
  Future<Void> discard(UUID attempt);

  /** What is not committed, oldest first. */
  Future<List<Entry>> pending();

  /** What was committed in the last ten minutes, oldest first. */
  Future<List<Entry>> committedLately();

  /**
   * Brings everything under the primary key and leaves nothing of another one on the disk, not even
   * of what was discarded; completes with how many records stay as they are, since they cannot be
   * opened.
   */
  Future<Integer> reseal();

  /** How many are not committed. */
  int size();

  /** One answer. */
  record Entry(
      UUID attempt,
      Holder holder,
      Presented presented,
      Instant requestedAt,
      Trigger trigger,
      RawAnswer answer) {

    public long account() {
      return holder.account();
    }
  }

  /** Whose refresh token was presented. */
  record Holder(long account, UUID incarnation, String platform) {}

  /** The refresh token that was presented, and the row that it was read from. */
  record Presented(Secret token, long sequence, long generation) {}
}
