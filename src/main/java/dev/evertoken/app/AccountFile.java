package dev.evertoken.app;

import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Problem;
import dev.evertoken.port.AccountStore.NewAccount;
import dev.evertoken.port.ProxyStore.NewProxy;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a file of accounts holds, as far as it could be read.
 *
 * @param proxies those that its accounts go through, and others that it names
 */
public record AccountFile(List<ProxyEntry> proxies, List<Entry> entries) {

  public AccountFile {
    proxies = List.copyOf(proxies);
    entries = List.copyOf(entries);
  }

  /**
   * One account of the file.
   *
   * @param place its line, or its index in the list of accounts
   * @param ignored pointers to the fields that have no meaning here
   */
  public record Entry(int place, Content content, List<String> ignored) {

    public Entry {
      ignored = List.copyOf(ignored);
    }
  }

  /** What an entry says, or why it says nothing. */
  public sealed interface Content {}

  /** It cannot be read. */
  public record Unreadable(Problem problem) implements Content {}

  /** It is there, and means nothing to do. */
  public record Needless(String why) implements Content {}

  /**
   * An account to create, or to make the one that is there like.
   *
   * @param account without the id of its proxy, which is not known yet
   * @param status active or disabled; null: as it is, or active
   * @param proxy its place among the proxies; null: none is given
   * @param given the fields that the file gives, by name; the others are defaults
   */
  public record Wanted(
      NewAccount account,
      @Nullable AccountStatus status,
      @Nullable Integer proxy,
      Set<String> given)
      implements Content {

    public Wanted {
      given = Set.copyOf(given);
    }
  }

  /**
   * One proxy of the file.
   *
   * @param problem why it cannot be one; null where it can
   */
  public record ProxyEntry(@Nullable NewProxy proxy, boolean disabled, @Nullable Problem problem) {}
}
