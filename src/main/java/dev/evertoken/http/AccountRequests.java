package dev.evertoken.http;

import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.ReportRule;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.AccountStore.AccountChange;
import dev.evertoken.port.AccountStore.Field;
import dev.evertoken.port.AccountStore.NewAccount;
import dev.evertoken.wire.RequestFields;
import dev.evertoken.wire.RuleJson;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the bodies that create and change accounts (contract, section 3, "Accounts"). */
final class AccountRequests {

  private static final int LONGEST_NAME = 200;
  private static final int LOWEST_PRIORITY = 1_000_000;
  private static final int USUAL_PRIORITY = 50;
  private static final int MOST_POOLS = 50;
  private static final int LONGEST_POOL = 64;

  private AccountRequests() {}

  static NewAccount create(RequestFields fields) {
    return create(fields, fields::end);
  }

  /**
   * The same where more than these fields is read.
   *
   * @param end ends the reading
   */
  static NewAccount create(RequestFields fields, Runnable end) {
    String name = required(fields, "name", PlainText.of(fields, "name", LONGEST_NAME));
    String platform = required(fields, "platform", fields.text("platform", LONGEST_POOL));
    AccountType type = fields.oneOf("type", AccountType.class);
    RequestFields inner = fields.object("credentials");
    CredentialFields given = inner == null ? CredentialFields.NONE : CredentialFields.of(inner);
    Long proxyId = fields.whole("proxy_id", 1, Long.MAX_VALUE);
    Long priority = fields.whole("priority", 0, LOWEST_PRIORITY);
    List<String> pools = pools(fields);
    Boolean paused = fields.flag("paused");
    List<ReportRule> rules = RuleJson.read(fields, "rules");
    end.run();
    Secret accessToken = CredentialFields.value(given.accessToken());
    return new NewAccount(
        Objects.requireNonNull(name),
        Objects.requireNonNull(platform),
        type == null ? AccountType.OAUTH : type,
        CredentialFields.value(given.refreshToken()),
        accessToken,
        CredentialFields.value(given.apiKey()),
        accessToken == null ? null : CredentialFields.value(given.expiresAt()),
        null,
        CredentialFields.value(given.projectId()),
        CredentialFields.value(given.email()),
        proxyId,
        priority(priority),
        pools,
        Boolean.TRUE.equals(paused),
        rules,
        CredentialFields.value(given.refreshTokenExpiresAt()),
        null);
  }

  /** A merge patch (RFC 7396): what is not given stays, null clears or goes back to the default. */
  static AccountChange change(RequestFields fields) {
    String name = PlainText.of(fields, "name", LONGEST_NAME);
    AccountStatus status = fields.oneOf("status", AccountStatus.class);
    Boolean paused = fields.flag("paused");
    Long priority = fields.whole("priority", 0, LOWEST_PRIORITY);
    List<String> pools = fields.given("pools") ? pools(fields) : null;
    Field<Long> proxyId =
        fields.given("proxy_id") ? new Field<>(fields.whole("proxy_id", 1, Long.MAX_VALUE)) : null;
    List<ReportRule> rules = fields.given("rules") ? RuleJson.read(fields, "rules") : null;
    CredentialFields given = credentials(fields);
    refuse(fields, name, status);
    fields.end();
    return new AccountChange(
        name,
        status,
        fields.given("paused") ? Boolean.valueOf(Boolean.TRUE.equals(paused)) : null,
        fields.given("priority") ? Integer.valueOf(priority(priority)) : null,
        pools,
        proxyId,
        given.projectId(),
        given.email(),
        given.refreshToken(),
        given.accessToken(),
        given.apiKey(),
        given.expiresAt(),
        null,
        rules,
        given.refreshTokenExpiresAt(),
        null);
  }

  private static CredentialFields credentials(RequestFields fields) {
    RequestFields inner = fields.object("credentials");
    if (inner != null) {
      return CredentialFields.of(inner);
    }
    return fields.given("credentials") && fields.any("credentials") == null
        ? CredentialFields.CLEARED
        : CredentialFields.NONE;
  }

  private static void refuse(
      RequestFields fields, @Nullable String name, @Nullable AccountStatus status) {
    if (fields.given("name") && name == null && fields.any("name") == null) {
      fields.invalid("name", "an account has a name");
    }
    if (status == AccountStatus.ERROR || (fields.given("status") && fields.any("status") == null)) {
      fields.invalid("status", "active or disabled is expected");
    }
    for (String fixed : List.of("platform", "type")) {
      if (fields.given(fixed)) {
        fields.invalid(fixed, "cannot be changed; create another account");
      }
    }
  }

  static List<String> pools(RequestFields fields) {
    List<String> pools = fields.texts("pools", MOST_POOLS, LONGEST_POOL);
    if (!pools.stream().allMatch(AccountRequests::poolName)) {
      fields.invalid("pools", "names of a-z, 0-9, '.', '_' and '-' are expected");
    }
    return pools;
  }

  /** The one pool that a query names, or null. */
  static @Nullable String pool(RequestFields query) {
    String pool = query.text("pool", LONGEST_POOL);
    if (pool != null && !poolName(pool)) {
      query.invalid("pool", "a name of a-z, 0-9, '.', '_' and '-' is expected");
    }
    return pool;
  }

  static boolean poolName(String name) {
    return name.length() <= LONGEST_POOL && name.matches("[a-z0-9][a-z0-9._-]*");
  }

  private static int priority(@Nullable Long given) {
    return given == null ? USUAL_PRIORITY : given.intValue();
  }

  private static <T> @Nullable T required(RequestFields fields, String name, @Nullable T value) {
    if (value == null && fields.any(name) == null) {
      fields.malformed(name, "is required");
    }
    return value;
  }
}
