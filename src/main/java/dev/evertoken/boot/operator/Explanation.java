package dev.evertoken.boot.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why an account is or is not picked, in plain words.
 *
 * @param reasons what keeps it from being picked; empty: nothing does
 * @param notes what is worth knowing all the same
 */
record Explanation(List<Reason> reasons, List<String> notes) {

  Explanation {
    reasons = List.copyOf(reasons);
    notes = List.copyOf(notes);
  }

  /** One thing in the way: its kind, what it is, and what to do about it. */
  record Reason(String kind, String text, String next) {}

  /**
   * Explains an account as the service shows it.
   *
   * @param proxy as the service shows it; null: it has none, or this key may not see it
   * @param provider the same of its platform
   */
  static Explanation of(
      JsonNode account, @Nullable JsonNode proxy, @Nullable JsonNode provider, Instant now) {
    List<Reason> reasons = new ArrayList<>();
    for (JsonNode blocker : account.path("blocked_by")) {
      reasons.add(
          blocker.path("kind").asText().equals("proxy")
              ? way(account, blocker, proxy, now)
              : reason(account, blocker, now));
    }
    if (proxy != null && !kinds(reasons).contains("proxy") && !works(proxy)) {
      reasons.add(way(account, Json.object(), proxy, now));
    }
    if (provider != null && provider.path("configured").isBoolean()) {
      addProvider(account, provider, reasons);
    }
    return new Explanation(reasons, notes(account, now));
  }

  private static List<String> kinds(List<Reason> reasons) {
    return reasons.stream().map(Reason::kind).toList();
  }

  private static Reason reason(JsonNode account, JsonNode blocker, Instant now) {
    String kind = blocker.path("kind").asText();
    String id = account.path("id").asText();
    String until = until(blocker, now);
    return switch (kind) {
      case "error" ->
          new Reason(
              kind,
              "its refresh was given up: " + said(account.path("error"), "detail", "code"),
              "Authorise it again at the provider, then give it the new refresh token: evertoken"
                  + " accounts edit %s --credentials. Was it the provider's fault: evertoken"
                      .formatted(id)
                  + " accounts clear-error "
                  + id);
      case "disabled" ->
          new Reason(kind, "it is disabled", "evertoken accounts edit " + id + " --status active");
      case "paused" -> new Reason(kind, "it is paused", "evertoken accounts resume " + id);
      case "bench" -> bench(account, blocker.path("why").asText(), until);
      case "provider" ->
          new Reason(
              kind,
              "its provider does not answer on this route" + because(blocker) + until,
              "The service tries it again by itself. evertoken providers show "
                  + Json.text(account.path("platform")));
      default -> new Reason(kind, kind + because(blocker) + until, "evertoken accounts show " + id);
    };
  }

  private static Reason bench(JsonNode account, String cause, String until) {
    String reason = "";
    for (JsonNode bench : account.path("temp_unschedulable").path("benches")) {
      if (bench.path("cause").asText().equals(cause) && bench.hasNonNull("reason")) {
        reason = " (" + Json.text(bench.path("reason")) + ")";
      }
    }
    String id = account.path("id").asText();
    String text = "it is benched" + until + ": " + Json.printable(cause) + reason;
    if (cause.equals("outcome_unknown") && account.hasNonNull("unreadable_since")) {
      return unreadable(account, text, id);
    }
    return switch (cause) {
      case "outcome_unknown" ->
          new Reason(
              "bench",
              text,
              "It comes back with the next refresh that succeeds; the service tries again by"
                  + " itself. Now, at the risk of ending the grant: evertoken accounts refresh --force "
                  + id);
      case "refresh_failed" ->
          new Reason(
              "bench",
              text,
              "It comes back with the next refresh that succeeds. Now: evertoken accounts refresh "
                  + id);
      default ->
          new Reason(
              "bench",
              text,
              "It comes back by itself then. At once: evertoken accounts unbench "
                  + id
                  + " --cause "
                  + Json.printable(cause));
    };
  }

  /** Only a person or a new version or template helps. */
  private static Reason unreadable(JsonNode account, String text, String id) {
    return new Reason(
        "bench",
        "an answer of its provider is kept since "
            + Json.text(account.path("unreadable_since"))
            + " that cannot be read; "
            + text,
        "Mend the platform's template (answer: …) and start the service again: it reads the answer"
            + " anew. Or authorise the account again. Or, at the risk of ending the grant:"
            + " evertoken accounts refresh --force "
            + id);
  }

  private static boolean works(JsonNode proxy) {
    return !proxy.isMissingNode() && !proxy.path("state").asText().equals("disabled");
  }

  /** Of a proxy: deleted, disabled, or out of order. */
  private static Reason way(
      JsonNode account, JsonNode blocker, @Nullable JsonNode proxy, Instant now) {
    String id = Json.text(account.path("proxy_id"));
    if (proxy != null && proxy.isMissingNode()) {
      return new Reason(
          "proxy",
          "its proxy " + id + " has been deleted, and it never goes direct",
          "evertoken accounts edit %s --proxy ID (or none)".formatted(account.path("id").asText()));
    }
    if (proxy != null && !works(proxy)) {
      return new Reason(
          "proxy",
          "its proxy " + id + " is disabled",
          "evertoken proxies edit " + id + " --no-disabled");
    }
    return new Reason(
        "proxy",
        "its proxy " + id + " does not work" + because(blocker) + until(blocker, now),
        "The service tries it again by itself, and all its accounts come back with it. Now:"
            + " evertoken proxies test "
            + id);
  }

  private static void addProvider(JsonNode account, JsonNode provider, List<Reason> reasons) {
    if (!provider.path("configured").booleanValue()) {
      reasons.add(
          new Reason(
              "provider",
              "its platform is not configured; unset: "
                  + Json.text(provider.path("missing_variables")),
              "Set them and start the service again. evertoken providers show "
                  + Json.text(account.path("platform"))));
    }
  }

  private static List<String> notes(JsonNode account, Instant now) {
    List<String> notes = new ArrayList<>();
    if (account.path("type").asText().equals("upstream")) {
      notes.add("Its static key does not end.");
      return notes;
    }
    Instant expiry = time(account.path("expires_at"));
    if (expiry == null) {
      notes.add("It has no token with an end; without a token the first caller waits for one.");
    } else if (expiry.isAfter(now)) {
      notes.add(
          "Its token is valid for another " + Times.text(Duration.between(now, expiry)) + ".");
    } else {
      notes.add("Its token has ended; the next caller waits for a refresh.");
    }
    Instant due = time(account.path("refresh_due_at"));
    if (due != null) {
      notes.add(
          due.isAfter(now)
              ? "Its next refresh is due in " + Times.text(Duration.between(now, due)) + "."
              : "Its refresh has been due for " + Times.text(Duration.between(due, now)) + ".");
    }
    addRefresh(account, notes);
    addEnd(account, notes, now);
    return notes;
  }

  private static void addRefresh(JsonNode account, List<String> notes) {
    JsonNode last = account.path("last_refresh");
    if (last.hasNonNull("outcome") && !last.path("outcome").asText().equals("succeeded")) {
      notes.add(
          "Its last refresh, at %s, ended with: %s%s"
              .formatted(
                  Json.text(last.path("at")),
                  Json.text(last.path("class")),
                  last.hasNonNull("detail") ? " (" + Json.text(last.path("detail")) + ")" : ""));
    }
    if (account.hasNonNull("unreadable_since")) {
      notes.add(
          "An answer of its provider is kept since %s that cannot be read; no refresh starts by itself."
              .formatted(Json.text(account.path("unreadable_since"))));
    } else if (account.hasNonNull("outcome_unknown_since")) {
      notes.add(
          "Nobody knows since %s whether its refresh token is spent; the service finds out."
              .formatted(Json.text(account.path("outcome_unknown_since"))));
    }
    if (account.path("temp_unschedulable").path("active").asBoolean()
        && account.path("schedulable").asBoolean()) {
      notes.add("It is benched, but its token is valid: pools pick it last.");
    }
  }

  private static void addEnd(JsonNode account, List<String> notes, Instant now) {
    Instant end = time(account.path("refresh_token_expires_at"));
    if (end != null) {
      notes.add(
          end.isAfter(now)
              ? "Its refresh token ends by itself at %s (in %s); authorise it again before."
                  .formatted(end, Times.text(Duration.between(now, end)))
              : "Its refresh token has ended by itself at %s; authorise it again.".formatted(end));
    }
  }

  private static String because(JsonNode blocker) {
    return blocker.hasNonNull("why") ? ": " + Json.text(blocker.path("why")) : "";
  }

  private static String said(JsonNode thing, String... fields) {
    for (String field : fields) {
      if (thing.hasNonNull(field)) {
        return Json.text(thing.path(field));
      }
    }
    return "no reason is kept";
  }

  private static String until(JsonNode blocker, Instant now) {
    Instant until = time(blocker.path("until"));
    return until == null
        ? ""
        : " until %s (in %s)".formatted(until, Times.text(Duration.between(now, until)));
  }

  private static @Nullable Instant time(JsonNode node) {
    return node.isTextual() ? Instant.parse(node.asText()) : null;
  }
}
