package dev.evertoken.app;

import dev.evertoken.domain.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of each proxy and account of a file, in the order of the file. */
public record ImportReport(List<ProxyResult> proxies, List<Result> results) {

  public ImportReport {
    proxies = List.copyOf(proxies);
    results = List.copyOf(results);
  }

  public enum Outcome {
    CREATED,
    UPDATED,
    SKIPPED,
    FAILED
  }

  public enum ProxyOutcome {
    CREATED,
    FOUND,
    FAILED
  }

  /**
   * One account.
   *
   * @param account its id, where it has one and the caller may know it
   * @param changed the fields that an update changed; none where all was as the file says
   * @param note why it was skipped
   */
  public record Result(
      int place,
      Outcome outcome,
      @Nullable Long account,
      List<String> changed,
      List<String> ignored,
      @Nullable String note,
      @Nullable Problem problem) {

    public Result {
      changed = List.copyOf(changed);
      ignored = List.copyOf(ignored);
    }
  }

  /** One proxy; its id is null where it failed, and in a rehearsal that would create it. */
  public record ProxyResult(ProxyOutcome outcome, @Nullable Long id, @Nullable Problem problem) {}

  /** How many accounts had that outcome. */
  public long count(Outcome outcome) {
    return results.stream().filter(result -> result.outcome() == outcome).count();
  }
}
