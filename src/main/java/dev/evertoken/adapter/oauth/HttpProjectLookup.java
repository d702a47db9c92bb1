package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProjectPolicy;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.ProjectLookup;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Projects as Google's Code Assist tells them: {@code loadCodeAssist}, else {@code onboardUser} to
 * the default tier, asked again until its operation is done.
 */
public final class HttpProjectLookup implements ProjectLookup {

  private static final int MOST_POLLS = 5;
  private static final Duration BETWEEN_POLLS = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Egress egress;
  private final Duration betweenPolls;

  public HttpProjectLookup(Vertx vertx, Egress egress) {
    this(vertx, egress, BETWEEN_POLLS);
  }

  HttpProjectLookup(Vertx vertx, Egress egress, Duration betweenPolls) {
    this.vertx = vertx;
    this.egress = egress;
    this.betweenPolls = betweenPolls;
  }

  @Override
  public Future<Optional<String>> find(
      Platform platform, @Nullable Proxy proxy, Secret accessToken) {
    ProjectPolicy policy = platform.project();
    if (policy == null) {
      return Future.succeededFuture(Optional.empty());
    }
    ProjectCalls calls = new ProjectCalls(egress, platform, proxy, accessToken);
    return calls
        .ask(policy.loadUrls(), new JsonObject().put("metadata", metadata()))
        .compose(loaded -> projectOf(loaded, policy.onboardUrls(), calls));
  }

  private Future<Optional<String>> projectOf(
      JsonObject loaded, List<URI> onboardUrls, ProjectCalls calls) {
    Optional<String> project = ProjectAnswer.project(loaded);
    Optional<String> tier = ProjectAnswer.defaultTier(loaded);
    if (project.isPresent() || tier.isEmpty()) {
      return Future.succeededFuture(project);
    }
    JsonObject request = new JsonObject().put("tierId", tier.get()).put("metadata", metadata());
    return onboard(() -> calls.ask(onboardUrls, request), 1);
  }

  private Future<Optional<String>> onboard(Supplier<Future<JsonObject>> poll, int count) {
    return poll.get().compose(operation -> onboarded(operation, poll, count));
  }

  private Future<Optional<String>> onboarded(
      JsonObject operation, Supplier<Future<JsonObject>> poll, int count) {
    if (ProjectAnswer.done(operation)) {
      return Future.succeededFuture(ProjectAnswer.onboarded(operation));
    }
    if (count == MOST_POLLS) {
      return Future.failedFuture(new LookupFailure("onboarding has not ended"));
    }
    return vertx
        .timer(betweenPolls.toMillis(), TimeUnit.MILLISECONDS)
        .compose(waited -> onboard(poll, count + 1));
  }

  private static JsonObject metadata() {
    return new JsonObject()
        .put("ideType", "ANTIGRAVITY")
        .put("platform", "PLATFORM_UNSPECIFIED")
        .put("pluginType", "GEMINI");
  }
}
