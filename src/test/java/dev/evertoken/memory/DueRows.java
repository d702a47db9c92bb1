package dev.evertoken.memory;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Suspension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who is due, and when the next one is. */
final class DueRows {

  private static final Comparator<Account> MOST_URGENT =
      Comparator.comparing(
              (Account account) -> account.credentials().expiresAt(),
              Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparingLong(Account::id);

  private final MemoryDatabase database;

  DueRows(MemoryDatabase database) {
    this.database = database;
  }

  List<Account> reserve(
      Map<String, Integer> room, Duration reservation, Collection<Suspension> closed) {
    Instant now = database.now();
    Set<AccountRow> page = new LinkedHashSet<>();
    new TreeMap<>(room)
        .forEach((platform, places) -> due(platform, now, closed).limit(places).forEach(page::add));
    int most = room.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    lapsed(room.keySet(), now).limit(most).forEach(page::add);
    List<Account> reserved = new ArrayList<>();
    for (AccountRow row : page) {
      row.reservedUntil = now.plus(reservation);
      reserved.add(row.view());
    }
    reserved.sort(MOST_URGENT);
    return List.copyOf(reserved);
  }

  private Stream<AccountRow> due(String platform, Instant now, Collection<Suspension> closed) {
    return database
        .live()
        .filter(row -> row.platform.equals(platform) && row.due(now) && open(row, closed))
        .sorted(Comparator.comparing(row -> Objects.requireNonNull(row.dueAt)));
  }

  private Stream<AccountRow> lapsed(Set<String> platforms, Instant now) {
    return database
        .live()
        .filter(row -> platforms.contains(row.platform) && row.status == AccountStatus.ACTIVE)
        .filter(row -> row.lapsed(now) && !AccountRow.after(row.reservedUntil, now))
        .sorted(Comparator.comparing(row -> Objects.requireNonNull(row.claim).until()));
  }

  private static boolean open(AccountRow row, Collection<Suspension> closed) {
    return closed.stream().noneMatch(suspension -> suspension.covers(row.route()));
  }

  Optional<Instant> next(Collection<String> platforms, Collection<Suspension> closed) {
    return database
        .live()
        .filter(row -> row.status == AccountStatus.ACTIVE)
        .filter(row -> platforms.contains(row.platform))
        .flatMap(row -> next(row, closed))
        .min(Comparator.naturalOrder());
  }

  /** Rows that are due but rest, are claimed or reserved count from the end of that. */
  private static Stream<Instant> next(AccountRow row, Collection<Suspension> closed) {
    List<Instant> times = new ArrayList<>();
    Instant lapse = row.claim == null ? null : row.claim.until();
    if (row.dueAt != null && !row.unreadable() && open(row, closed)) {
      times.add(latest(row.dueAt, row.notBefore, row.reservedUntil, lapse));
    }
    if (lapse != null) {
      times.add(latest(lapse, row.reservedUntil));
    }
    return times.stream();
  }

  private static Instant latest(Instant first, @Nullable Instant... others) {
    Instant latest = first;
    for (Instant other : others) {
      latest = other != null && other.isAfter(latest) ? other : latest;
    }
    return latest;
  }
}
