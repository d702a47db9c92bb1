package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Platform;
import dev.evertoken.port.ClientStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;

/** What is known of the client settings, in PostgreSQL. */
final class PostgresClients implements ClientStore {

  private final Database database;
  private final Installation installation;
  private final AccountRows rows;
  private final ClientMemory memory = new ClientMemory(System::nanoTime);

  PostgresClients(Database database, Installation installation) {
    this.database = database;
    this.installation = installation;
    this.rows = new AccountRows(installation.columns());
  }

  @Override
  public Future<Client> refused(Platform platform, Refusal refusal) {
    Buffer digest = installation.macOf(platform);
    Tuple arguments = Tuple.of(platform.name(), digest, json(refusal));
    return database
        .query(ClientSql.REFUSED, arguments)
        .map(found -> client(found.iterator().next()))
        .onSuccess(known -> memory.refused(digest));
  }

  @Override
  public Future<Void> worked(Platform platform, long account, Instant at) {
    Buffer digest = installation.macOf(platform);
    if (memory.known(digest, account)) {
      return Future.succeededFuture();
    }
    Tuple arguments =
        Tuple.of(platform.name(), digest, WayJson.entry(account, at), Stamps.column(at));
    return database
        .query(ClientSql.WORKED, arguments)
        .onSuccess(written -> memory.worked(digest, account))
        .mapEmpty();
  }

  @Override
  public Future<List<Account>> takeBack(Platform platform, Instant since) {
    Tuple arguments =
        Tuple.of(
            platform.name(),
            installation.macOf(platform),
            Stamps.column(since),
            platform.name() + "/client");
    return database.query(ClientSql.TAKE_BACK, arguments).map(rows::all);
  }

  @Override
  public Future<Boolean> firstToday(String platform, String kind) {
    return database
        .query(ClientSql.FIRST_TODAY, Tuple.of(platform, kind))
        .map(told -> told.size() > 0);
  }

  private static JsonObject json(Refusal refusal) {
    return WayJson.entry(refusal.account(), refusal.at()).put("code", refusal.code());
  }

  private static Client client(Row row) {
    return new Client(
        WayJson.all((JsonArray) row.getJson("refusals"), PostgresClients::refusal),
        WayJson.successes((JsonArray) row.getJson("successes")));
  }

  private static Refusal refusal(JsonObject json) {
    return new Refusal(json.getLong("account"), WayJson.time(json, "at"), json.getString("code"));
  }
}
