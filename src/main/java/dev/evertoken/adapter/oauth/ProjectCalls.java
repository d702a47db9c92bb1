package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.ProjectLookup.LookupFailure;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls of one account's project endpoints, each at the first URL of a list that can answer. */
final class ProjectCalls {

  private final Egress egress;
  private final @Nullable Proxy proxy;
  private final Patience patience;
  private final Secret authorization;

  ProjectCalls(Egress egress, Platform platform, @Nullable Proxy proxy, Secret accessToken) {
    this.egress = egress;
    this.proxy = proxy;
    this.patience = Patience.of(platform.refresh());
    this.authorization = Secret.of("Bearer " + accessToken.reveal());
  }

  /** The first answer; fails with {@link LookupFailure} when no URL gives one. */
  Future<JsonObject> ask(List<URI> urls, JsonObject body) {
    return ask(urls, body.encode(), "no URL is configured");
  }

  private Future<JsonObject> ask(List<URI> urls, String body, String lastFailure) {
    if (urls.isEmpty()) {
      return Future.failedFuture(new LookupFailure(lastFailure));
    }
    List<URI> others = urls.subList(1, urls.size());
    return egress
        .send(Post.json(urls.getFirst(), authorization, body), proxy, patience)
        .transform(
            (answer, failure) ->
                answer == null
                    ? ask(others, body, String.valueOf(failure.getMessage()))
                    : read(answer, others, body));
  }

  private Future<JsonObject> read(Answer answer, List<URI> others, String body) {
    int status = answer.status();
    if (status == 404 || status == 408 || status == 429 || status >= 500) {
      return ask(others, body, "status " + status);
    }
    Map<String, Object> json = answer.json();
    return status / 100 == 2 && json != null
        ? Future.succeededFuture(new JsonObject(json))
        : Future.failedFuture(new LookupFailure("no usable answer, status " + status));
  }
}
