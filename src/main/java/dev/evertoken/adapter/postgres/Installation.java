package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.ProxyStore.NewProxy;
import dev.evertoken.port.Sealer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one database is: an id, made at its first start, which ciphertexts and cache keys name, and
 * the key of its fingerprints, which never rotates.
 */
public final class Installation {

  private static final String FIND = "select id, fingerprint_key_sealed, epoch from installation";
  private static final String FOUND =
      """
      insert into installation (id, fingerprint_key_sealed) values ($1, $2)
      on conflict do nothing
      """;

  private final UUID id;
  private final @Nullable UUID epoch;
  private final SealedColumns columns;
  private final Fingerprints fingerprints;

  private Installation(UUID id, @Nullable UUID epoch, Sealer sealer, Secret fingerprintKey) {
    this.id = id;
    this.epoch = epoch;
    this.columns = new SealedColumns(id, sealer);
    this.fingerprints = new Fingerprints(fingerprintKey);
  }

  /**
   * The installation of that database, made if there is none; of several nodes that start at once
   * all get the same. Fails with {@link Sealer.CannotOpen} when the keyset is another's.
   */
  public static Future<Installation> of(Database database, Sealer sealer) {
    return database
        .query(FIND, Tuple.tuple())
        .compose(
            rows ->
                rows.size() > 0
                    ? Future.succeededFuture(opened(rows.iterator().next(), sealer))
                    : make(database, sealer));
  }

  private static Future<Installation> make(Database database, Sealer sealer) {
    UUID id = UUID.randomUUID();
    byte[] sealed = sealer.seal(Fingerprints.newKey(), context(id));
    return database
        .query(FOUND, Tuple.of(id, Buffer.buffer(sealed)))
        .compose(made -> database.query(FIND, Tuple.tuple()))
        .map(rows -> opened(rows.iterator().next(), sealer));
  }

  private static Installation opened(Row row, Sealer sealer) {
    UUID id = row.getUUID(0);
    return new Installation(
        id, row.getUUID(2), sealer, sealer.open(row.getBuffer(1).getBytes(), context(id)));
  }

  private static String context(UUID id) {
    return id + "|fingerprint";
  }

  public UUID id() {
    return id;
  }

  /**
   * The name of what is cached of this database: another one after a backup was brought back, for
   * what the cache holds then is of rows that no longer are.
   */
  public String cacheName() {
    return epoch == null ? id.toString() : id + "." + epoch;
  }

  String fingerprintContext() {
    return context(id);
  }

  SealedColumns columns() {
    return columns;
  }

  Fingerprints fingerprints() {
    return fingerprints;
  }

  /** By which a refresh token is known to be unique and unspent. */
  Buffer macOf(String platform, Secret refreshToken) {
    return Buffer.buffer(fingerprints.of("refresh_token|" + platform, refreshToken));
  }

  /** By which the settings of a client are known: token URL, client id and all its secrets. */
  Buffer macOf(Platform platform) {
    JsonArray what = new JsonArray().add(platform.tokenUrl().toString()).add(platform.clientId());
    platform.clientSecrets().forEach(secret -> what.add(secret.reveal()));
    return Buffer.buffer(fingerprints.of("client|" + platform.name(), Secret.of(what.encode())));
  }

  /** The fingerprint of a proxy: where it is and who may use it, whatever its name. */
  Buffer macOf(NewProxy proxy) {
    JsonArray what =
        new JsonArray()
            .add(WireName.of(proxy.kind()))
            .add(proxy.host())
            .add(proxy.port())
            .add(proxy.user())
            .add(proxy.password() == null ? null : proxy.password().reveal());
    return Buffer.buffer(fingerprints.of("proxy", Secret.of(what.encode())));
  }
}
