package dev.evertoken.port;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Notice;
import io.vertx.core.Future;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The notices of the last hour, in one order for the whole cluster. */
public interface EventLog {

  /**
   * Adds a notice behind the change that it tells of, never failing that.
   *
   * @param pools that its account is in, the one of its platform included; empty without account
   */
  void add(Notice notice, Set<String> pools);

  /** The id of the newest event; empty while there is none. */
  Future<Optional<Long>> newest();

  /** Whether all that came after that event is still there. */
  Future<Boolean> reaches(long id);

  /** What came after that event, oldest first. */
  Future<List<Event>> after(long id, int limit);

  /**
   * A notice with its place.
   *
   * @param id grows with every event; a reader who has seen one has seen all before it
   * @param type which may be one of a later version
   * @param pools that the account was in when it happened
   * @param notice as JSON, in one line
   */
  record Event(long id, String type, @Nullable Long account, Set<String> pools, String notice) {

    /** Whether the caller may hear of it: a limited one only of its own accounts. */
    public boolean visibleTo(Caller caller) {
      return !caller.limited()
          || (account != null
              && (caller.accounts().contains(account)
                  || !Collections.disjoint(caller.pools(), pools)));
    }
  }
}
