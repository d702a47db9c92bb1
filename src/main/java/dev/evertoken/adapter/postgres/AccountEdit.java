package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.AccountStore.AccountChange;
import dev.evertoken.port.AccountStore.Ends;
import dev.evertoken.port.AccountStore.Field;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One edit of an account as a statement, with the assignments that it needs and no others.
 *
 * <p>Credentials that are the same as the row's are no change: they raise no generation. A refresh
 * token that is replaced while it may be on its way to the provider counts as spent.
 */
final class AccountEdit {

  private static final String ROW =
      """
      with old_account as (
        select id as old_id, platform as old_platform, rt_mac as old_mac,
          claim_attempt is not null or unknown_since is not null as maybe_sent
        from accounts
        where id = $1 and incarnation = $2 and deleted_at is null
          and ($3::bigint is null or revision = $3)
        for update
      ),
      """;

  /** The new token is held from now on, and the old one let go; the same one stays as it is. */
  private static final String TOKEN_HELD =
      AccountSql.LET_GO.replace("t.rt_mac = o.old_mac", "t.rt_mac = o.old_mac and %1$s")
          + """
          , held as (
            insert into refresh_tokens (platform, rt_mac, account_id)
            select old_platform, %2$s, old_id from old_account
            where %2$s is not null and %1$s
          ),\
          """;

  private final Account account;
  private final AccountChange change;
  private final Installation installation;
  private final Tuple arguments;
  private final List<String> assignments = new ArrayList<>();
  private final @Nullable Buffer newMac;
  private String tokens = "";

  AccountEdit(
      Account account, AccountChange change, OptionalLong ifRevision, Installation installation) {
    this.account = account;
    this.change = change;
    this.installation = installation;
    this.arguments =
        Tuple.tuple()
            .addLong(account.id())
            .addUUID(account.incarnation())
            .addLong(ifRevision.isPresent() ? ifRevision.getAsLong() : null);
    Secret token = change.refreshToken() == null ? null : change.refreshToken().value();
    this.newMac = token == null ? null : installation.macOf(account.platform(), token);
    description();
    credentials();
    assignments.add(AccountSql.CHANGED);
  }

  String sql() {
    return ROW
        + tokens
        + " changed as (update accounts set "
        + String.join(", ", assignments)
        + " from old_account where id = old_id returning "
        + AccountRows.COLUMNS
        + ") select * from changed";
  }

  Tuple arguments() {
    return arguments;
  }

  String platform() {
    return account.platform();
  }

  /** The fingerprint of the refresh token that the edit brings, or null. */
  @Nullable Buffer newMac() {
    return newMac;
  }

  private void description() {
    if (change.name() != null) {
      set("name", change.name());
    }
    if (change.status() != null) {
      set("status", WireName.of(change.status()));
      if (change.status() != AccountStatus.ERROR) {
        assignments.add("error = null");
      }
    }
    if (change.paused() != null) {
      set("paused", change.paused());
    }
    if (change.priority() != null) {
      set("priority", change.priority());
    }
    if (change.pools() != null) {
      set("pools", change.pools().toArray(String[]::new));
    }
    if (change.rules() != null) {
      assign("rules", "jsonb", AccountJson.rules(change.rules()));
    }
    set("proxy_id", change.proxyId());
    set("project_id", change.projectId());
    set("email", change.email());
  }

  private void credentials() {
    boolean access = differs(change.accessToken(), account.credentials().accessToken());
    boolean apiKey = differs(change.apiKey(), account.credentials().apiKey());
    boolean token = change.refreshToken() != null;
    if (access) {
      seal(SealedColumns.ACCESS, change.accessToken());
      assignments.add("token_type = null");
    }
    if (apiKey) {
      seal(SealedColumns.API_KEY, change.apiKey());
    }
    if (change.expiresAt() != null) {
      assign("expires_at", "timestamptz", Stamps.column(change.expiresAt().value()));
    } else if (access) {
      assignments.add("expires_at = null");
    }
    if (token) {
      refreshToken(access, apiKey);
    } else {
      if (change.refreshExpiresAt() != null) {
        ends(given(change.refreshExpiresAt()), "refresh_idle_at");
      }
      if (access || apiKey) {
        assignments.add("generation = generation + 1");
      }
      if (apiKey && !access) {
        assignments.add(AccountSql.STAYS_REJECTED.formatted("generation + 1"));
      }
      if (change.refreshDueAt() != null) {
        assign("refresh_due_at", "timestamptz", Stamps.column(change.refreshDueAt()));
      }
    }
    if (isGiven(change.accessToken())
        || isGiven(change.apiKey())
        || isGiven(change.refreshToken())) {
      ended(token);
    }
  }

  /** Everything here asks the row whether the token is another, as a refresh may be faster. */
  private void refreshToken(boolean access, boolean apiKey) {
    String mac = argument("bytea", newMac);
    String another = "old_mac is distinct from " + mac;
    tokens = TOKEN_HELD.formatted(another, mac);
    seal(SealedColumns.REFRESH, change.refreshToken());
    assignments.add("rt_mac = " + mac);
    assignments.add("rt_seq = rt_seq + (" + another + ")::int");
    String generation = "generation + " + (access || apiKey ? "1" : "(" + another + ")::int");
    assignments.add("generation = " + generation);
    if (!access) {
      assignments.add(AccountSql.STAYS_REJECTED.formatted(generation));
    }
    for (String column :
        List.of(
            "claim_attempt",
            "claim_node",
            "claim_trigger",
            "claim_rt_seq",
            "claim_at",
            "claim_until",
            "unknown_since",
            "unreadable_since",
            "history",
            "not_before",
            "reserved_until")) {
      assignments.add("%1$s = case when %2$s then null else %1$s end".formatted(column, another));
    }
    endsOfToken(another);
    assignments.add("unknown_tries = case when " + another + " then 0 else unknown_tries end");
    String due = argument("timestamptz", Stamps.column(change.refreshDueAt()));
    assignments.add(
        "refresh_due_at = case when %2$s is null then null when %3$s then coalesce(%1$s, clock_timestamp()) else coalesce(%1$s, refresh_due_at) end"
            .formatted(due, mac, another));
  }

  /** What is known of another token holds for that only. */
  private void endsOfToken(String another) {
    Ends ends = change.anothersEnds() == null ? new Ends(null, null) : change.anothersEnds();
    String ofAnother = argument("timestamptz", Stamps.column(ends.expiresAt()));
    String expires =
        change.refreshExpiresAt() == null
            ? "case when %s then %s else refresh_expires_at end".formatted(another, ofAnother)
            : "least(%s, case when %s then %s end)"
                .formatted(given(change.refreshExpiresAt()), another, ofAnother);
    String idle = argument("timestamptz", Stamps.column(ends.idleAt()));
    ends(expires, "case when %s then %s else refresh_idle_at end".formatted(another, idle));
  }

  private void ends(String expires, String idle) {
    assignments.add("refresh_expires_at = " + expires);
    assignments.add("refresh_idle_at = " + idle);
    assignments.add(RefreshEndSql.told(expires, idle));
  }

  private String given(Field<Instant> end) {
    return argument("timestamptz", Stamps.column(end.value()));
  }

  /** A person gave credentials: what failed refreshes left is over. */
  private void ended(boolean tokenGiven) {
    if (change.status() == null) {
      assignments.add("status = case status when 'error' then 'active' else status end");
      assignments.add("error = null");
    }
    assignments.add(
        tokenGiven
            ? AccountSql.REFRESH_BENCHES_ENDED
            : "benches = benches - 'refresh_failed', bench_cleared = bench_cleared"
                + " || jsonb_build_object('refresh_failed', "
                + AccountSql.NOW_TEXT
                + ")");
  }

  private static boolean differs(@Nullable Field<Secret> field, @Nullable Secret now) {
    return field != null && !Objects.equals(field.value(), now);
  }

  private static boolean isGiven(@Nullable Field<Secret> field) {
    return field != null && field.value() != null;
  }

  private void seal(String column, @Nullable Field<Secret> field) {
    Secret plain = field == null ? null : field.value();
    assign(column, "bytea", installation.columns().seal(account.incarnation(), column, plain));
  }

  private void set(String column, @Nullable Object value) {
    switch (value) {
      case null -> {}
      case Field<?> field -> assignments.add(column + " = " + argument(field.value()));
      default -> assignments.add(column + " = " + argument(value));
    }
  }

  private void assign(String column, String type, @Nullable Object value) {
    assignments.add(column + " = " + argument(type, value));
  }

  private String argument(@Nullable Object value) {
    arguments.addValue(value);
    return "$" + arguments.size();
  }

  private String argument(String type, @Nullable Object value) {
    return argument(value) + "::" + type;
  }
}
