package dev.evertoken.app.refresh;

import dev.evertoken.port.Escrow;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** An escrow in memory. */
final class KeptAnswers implements Escrow {

  private final Map<UUID, Entry> pending = new LinkedHashMap<>();
  private final Map<UUID, Entry> committed = new LinkedHashMap<>();

  @Override
  public Kept keep(Entry entry) {
    pending.put(entry.attempt(), entry);
    return new Kept(Future.succeededFuture(), Future.succeededFuture());
  }

  @Override
  public Future<Void> committed(UUID attempt) {
    Entry entry = pending.remove(attempt);
    if (entry != null) {
      committed.put(attempt, entry);
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> discard(UUID attempt) {
    pending.remove(attempt);
    committed.remove(attempt);
    return Future.succeededFuture();
  }

  @Override
  public Future<List<Entry>> pending() {
    return Future.succeededFuture(List.copyOf(pending.values()));
  }

  @Override
  public Future<List<Entry>> committedLately() {
    return Future.succeededFuture(List.copyOf(committed.values()));
  }

  @Override
  public Future<Integer> reseal() {
    return Future.succeededFuture(0);
  }

  @Override
  public int size() {
    return pending.size();
  }
}
