package dev.evertoken.memory;

import dev.evertoken.domain.Notice;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.EventLog;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The notices of a cluster in one order; their JSON is left out. */
public final class MemoryEvents implements EventLog {

  private final MemoryDatabase database;
  private final List<Event> events = new ArrayList<>();

  public MemoryEvents(MemoryDatabase database) {
    this.database = database;
  }

  @Override
  public void add(Notice notice, Set<String> pools) {
    events.add(
        new Event(
            events.size() + 1L,
            WireName.of(notice.type()),
            notice.account(),
            Set.copyOf(pools),
            "{}"));
  }

  @Override
  public Future<Optional<Long>> newest() {
    return database.run(
        () -> events.isEmpty() ? Optional.empty() : Optional.of(events.getLast().id()));
  }

  @Override
  public Future<Boolean> reaches(long id) {
    return database.run(() -> id >= 0 && id <= events.size());
  }

  @Override
  public Future<List<Event>> after(long id, int limit) {
    return database.run(
        () -> events.stream().filter(event -> event.id() > id).limit(limit).toList());
  }
}
