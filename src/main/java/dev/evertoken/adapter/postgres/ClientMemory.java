package dev.evertoken.adapter.postgres;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which successes this node has written lately, so that not every refresh writes one more. Two
 * accounts are enough for every judgement. Safe for any thread.
 */
final class ClientMemory {

  private static final long GOOD_FOR = Duration.ofMinutes(1).toNanos();
  private static final int ACCOUNTS = 2;

  /** More settings than a node has platforms: older ones come from changed settings. */
  private static final int MOST = 500;

  private record Written(long at, List<Long> accounts) {}

  private final LongSupplier nanos;
  private final Map<Buffer, Written> written = new ConcurrentHashMap<>();

  ClientMemory(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Whether a further success of that account adds nothing that is worth a write. */
  boolean known(Buffer digest, long account) {
    Written last = written.get(digest);
    return last != null
        && fresh(last)
        && (last.accounts().contains(account) || last.accounts().size() >= ACCOUNTS);
  }

  void worked(Buffer digest, long account) {
    if (written.size() >= MOST) {
      written.clear();
    }
    written.compute(digest, (same, last) -> with(last, account));
  }

  private Written with(@Nullable Written last, long account) {
    if (last == null || !fresh(last)) {
      return new Written(nanos.getAsLong(), List.of(account));
    }
    List<Long> accounts = new ArrayList<>(last.accounts());
    accounts.add(account);
    return new Written(last.at(), List.copyOf(accounts));
  }

  /** There is something to clear: the next success is written. */
  void refused(Buffer digest) {
    written.remove(digest);
  }

  private boolean fresh(Written last) {
    return nanos.getAsLong() - last.at() < GOOD_FOR;
  }
}
