package dev.evertoken.dev;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Discovery of the project of an account: {@code loadCodeAssist} and {@code onboardUser}. */
final class ProjectEndpoints {
  private static final String PROJECT = "cloudaicompanionProject";

  private final Ledger ledger;
  private final Switches switches;

  ProjectEndpoints(Ledger ledger, Switches switches) {
    this.ledger = ledger;
    this.switches = switches;
  }

  Optional<String> family(HttpServerRequest request) {
    return bearer(request).flatMap(ledger::familyOf);
  }

  private static Optional<String> bearer(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
        .filter(value -> value.startsWith("Bearer "))
        .map(value -> value.substring(7));
  }

  Operation load(HttpServerRequest request) {
    return () -> authorized(request).map(this::loaded).orElseGet(ProjectEndpoints::unauthorized);
  }

  Operation onboard(HttpServerRequest request) {
    return () -> authorized(request).map(this::onboarded).orElseGet(ProjectEndpoints::unauthorized);
  }

  private Optional<String> authorized(HttpServerRequest request) {
    return bearer(request).filter(ledger::isAccessTokenValid).flatMap(ledger::familyOf);
  }

  private static Answer unauthorized() {
    var error = new JsonObject().put("code", 401).put("status", "UNAUTHENTICATED");
    return Answer.json(401, new JsonObject().put("error", error));
  }

  private Answer loaded(String family) {
    ProjectAnswers answers = switches.behaviour(family).project();
    var free = new JsonObject().put("id", "free-tier");
    if (answers.defaultTier()) {
      free.put("isDefault", true);
    }
    var legacy = new JsonObject().put("id", "legacy-tier");
    var body = new JsonObject().put("allowedTiers", new JsonArray().add(legacy).add(free));
    if (ledger.isOnboarded(family, answers)) {
      putProject(body, family, answers.form());
    }
    return Answer.json(200, body);
  }

  private Answer onboarded(String family) {
    ProjectAnswers answers = switches.behaviour(family).project();
    boolean done = ledger.onboard(family, answers.rounds());
    var body = new JsonObject().put("name", "operations/" + family).put("done", done);
    if (done) {
      var response = new JsonObject();
      putProject(response, family, answers.form());
      body.put("response", response);
    }
    return Answer.json(200, body);
  }

  private static void putProject(JsonObject body, String family, ProjectAnswers.Form form) {
    String project = SimulatedProvider.projectOf(family);
    switch (form) {
      case STRING -> body.put(PROJECT, project);
      case OBJECT -> body.put(PROJECT, new JsonObject().put("id", project));
      case MISSING -> {}
    }
  }
}
