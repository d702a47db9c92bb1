package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Secret;
import dev.evertoken.port.Sealer;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The sealed columns: a ciphertext opens only in the installation, the row and the column that it
 * was sealed for.
 */
final class SealedColumns {

  static final String ACCESS = "access_sealed";
  static final String REFRESH = "refresh_sealed";
  static final String API_KEY = "api_key_sealed";
  static final String PASSWORD = "password_sealed";

  private final UUID installation;
  private final Sealer sealer;

  SealedColumns(UUID installation, Sealer sealer) {
    this.installation = installation;
    this.sealer = sealer;
  }

  @Nullable Buffer seal(UUID owner, String column, @Nullable Secret plain) {
    return plain == null ? null : Buffer.buffer(sealer.seal(plain, context(owner, column)));
  }

  /** Fails with {@link Sealer.CannotOpen}. */
  @Nullable Secret open(UUID owner, String column, @Nullable Buffer sealed) {
    return sealed == null ? null : sealer.open(sealed.getBytes(), context(owner, column));
  }

  /** What a ciphertext of that row and column belongs to. */
  String context(UUID owner, String column) {
    return installation + "|" + owner + "|" + column;
  }
}
