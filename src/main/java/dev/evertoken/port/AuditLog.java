package dev.evertoken.port;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the audit holds, newest first. */
public interface AuditLog {

  /** The action of the entries that count token reads. */
  String TOKEN_READ = "token.read";

  Future<List<Entry>> list(Filter filter, int limit, @Nullable Place before);

  /**
   * Which entries; a null component does not matter.
   *
   * @param since the first moment that counts
   * @param until the first one that does no more
   */
  record Filter(
      @Nullable Long account,
      @Nullable String actor,
      @Nullable String action,
      @Nullable Instant since,
      @Nullable Instant until) {}

  /**
   * Where an entry stands.
   *
   * @param read whether it counts token reads; those stand behind the changes of the same moment
   */
  record Place(Instant at, boolean read, long id) {}

  /**
   * A change, or the token reads of one caller and account in one minute.
   *
   * @param actorName of the key, while it is there
   * @param reads null: a change
   */
  record Entry(
      Place place,
      String actor,
      @Nullable String actorName,
      String action,
      @Nullable Long account,
      Map<String, String> facts,
      @Nullable Long reads) {}
}
