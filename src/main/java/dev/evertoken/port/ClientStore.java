package dev.evertoken.port;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.WayRecord;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/**
 * What is known of the client settings of a platform, under a keyed digest of token URL, client id
 * and secrets: nodes with old and with new settings do not mix.
 */
public interface ClientStore {

  /** Adds a refusal of these settings; answers the record after it. */
  Future<Client> refused(Platform platform, Refusal refusal);

  /**
   * An account succeeded with these settings: the refusals before it are cleared. Written at most
   * now and then where there is nothing to clear.
   */
  Future<Void> worked(Platform platform, long account, Instant at);

  /**
   * Takes back what a spell of refusals marked: the {@code error} and the {@code refresh_failed}
   * benches that these refusals set since then. Answers the accounts changed.
   */
  Future<List<Account>> takeBack(Platform platform, Instant since);

  /**
   * Whether nobody has told today (UTC) that the provider differs from its template in that way;
   * from now on somebody has.
   */
  Future<Boolean> firstToday(String platform, String kind);

  /**
   * What is known of one client.
   *
   * @param refusals since the last success, of the last 20, oldest first
   * @param successes the latest success of each of the two accounts that succeeded last
   */
  record Client(List<Refusal> refusals, List<WayRecord.Success> successes) {
    public Client {
      refusals = List.copyOf(refusals);
      successes = List.copyOf(successes);
    }
  }

  /** One refusal with a code that sounds like the platform. */
  record Refusal(long account, Instant at, String code) {}
}
