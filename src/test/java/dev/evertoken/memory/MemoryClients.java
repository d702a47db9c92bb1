package dev.evertoken.memory;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.WayRecord.Success;
import dev.evertoken.port.ClientStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What is known of the client settings of each platform. */
public final class MemoryClients implements ClientStore {

  private static final int MOST_REFUSALS = 20;

  private final MemoryDatabase database;

  public MemoryClients(MemoryDatabase database) {
    this.database = database;
  }

  @Override
  public Future<Client> refused(Platform platform, Refusal refusal) {
    return database.run(
        () -> {
          Client had = of(platform);
          List<Refusal> refusals = new ArrayList<>(had.refusals());
          refusals.add(refusal);
          refusals.sort(Comparator.comparing(Refusal::at));
          while (refusals.size() > MOST_REFUSALS) {
            refusals.removeFirst();
          }
          Client is = new Client(refusals, had.successes());
          database.ways.clients.put(digest(platform), is);
          return is;
        });
  }

  @Override
  public Future<Void> worked(Platform platform, long account, Instant at) {
    return database.run(
        () -> {
          Client had = of(platform);
          database.ways.clients.put(
              digest(platform),
              new Client(
                  had.refusals().stream().filter(r -> r.at().isAfter(at)).toList(),
                  Ways.latest(had.successes(), List.of(new Success(account, at)))));
          return null;
        });
  }

  @Override
  public Future<List<Account>> takeBack(Platform platform, Instant since) {
    return database.run(
        () -> {
          Set<String> codes =
              of(platform).refusals().stream()
                  .filter(refusal -> !refusal.at().isBefore(since))
                  .map(Refusal::code)
                  .collect(Collectors.toSet());
          return database
              .live()
              .filter(row -> !row.failsByItself())
              .filter(row -> failed(row, platform, codes, since) || benched(row, platform, since))
              .map(row -> unmark(row, failed(row, platform, codes, since)))
              .toList();
        });
  }

  @Override
  public Future<Boolean> firstToday(String platform, String kind) {
    return database.run(
        () -> {
          LocalDate today = database.now().atOffset(ZoneOffset.UTC).toLocalDate();
          return !today.equals(database.ways.toldOn.put(platform + " " + kind, today));
        });
  }

  private static boolean failed(
      AccountRow row, Platform platform, Set<String> codes, Instant since) {
    return row.platform.equals(platform.name())
        && row.status == AccountStatus.ERROR
        && row.error != null
        && codes.contains(row.error.code())
        && !row.error.since().isBefore(since);
  }

  private boolean benched(AccountRow row, Platform platform, Instant since) {
    Bench bench = row.benches.get(BenchCause.REFRESH_FAILED);
    return bench != null
        && (platform.name() + "/client").equals(bench.route())
        && !bench.since().isBefore(since)
        && bench.activeAt(database.now());
  }

  private Account unmark(AccountRow row, boolean failed) {
    Instant now = database.now();
    if (failed) {
      row.status = AccountStatus.ACTIVE;
      row.error = null;
    }
    row.clear(BenchCause.REFRESH_FAILED, now);
    row.endRest(now);
    return database.changed(row);
  }

  private Client of(Platform platform) {
    return database.ways.clients.getOrDefault(digest(platform), new Client(List.of(), List.of()));
  }

  private static String digest(Platform platform) {
    return platform.name()
        + " "
        + platform.tokenUrl()
        + " "
        + platform.clientId()
        + " "
        + platform.clientSecrets().stream().map(Secret::reveal).collect(Collectors.joining(" "));
  }
}
