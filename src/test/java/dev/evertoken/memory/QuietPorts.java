package dev.evertoken.memory;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.KeyRefusal;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.TokenSource;
import dev.evertoken.domain.TokenState;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.Audit;
import dev.evertoken.port.Metrics;
import dev.evertoken.port.ProjectLookup;
import dev.evertoken.port.ProxyProbe;
import dev.evertoken.port.SealedRows;
import dev.evertoken.port.Tidying;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ports of which nobody asks more than that they are there. */
public final class QuietPorts
    implements Audit, Metrics, ProjectLookup, ProxyProbe, SealedRows, Tidying {

  @Override
  public void changed(
      Caller caller, String action, @Nullable Long account, Map<String, String> facts) {}

  @Override
  public void tokenRead(Caller caller, long account) {}

  @Override
  public void tokenAnswered(String platform, TokenSource source, TokenState state) {}

  @Override
  public void tokenFailed(ProblemCode code) {}

  @Override
  public void keyRefused(KeyRefusal why) {}

  @Override
  public void refreshed(String platform, RefreshClass result, Trigger trigger, Duration took) {}

  @Override
  public void backgroundCycle(int taken, int putOff, Duration took) {}

  @Override
  public void tidied(String kind, int rows) {}

  @Override
  public Future<Optional<String>> find(
      Platform platform, @Nullable Proxy proxy, Secret accessToken) {
    return Future.succeededFuture(Optional.empty());
  }

  @Override
  public Future<List<Reached>> test(Proxy proxy, List<URI> inUse) {
    return Future.succeededFuture(List.of());
  }

  @Override
  public String primaryKey() {
    return "key-1";
  }

  @Override
  public List<String> knownKeys() {
    return List.of("key-1");
  }

  @Override
  public Future<Resealed> resealShared() {
    return Future.succeededFuture(Resealed.NONE);
  }

  @Override
  public Future<Page> resealAccounts(long afterId, int limit) {
    return Future.succeededFuture(new Page(List.of(), Resealed.NONE));
  }

  @Override
  public Future<Optional<Map<String, Integer>>> tidy(Duration period) {
    return Future.succeededFuture(Optional.empty());
  }

  @Override
  public void answerUnreadable(String platform) {}

  @Override
  public void unlikeTemplate(String platform, String kind) {}
}
