package dev.evertoken.dev;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /_control}; every field is optional, an unknown one is refused.
 *
 * <pre>{@code
 * {"family": "f1",                     for this family only
 *  "rotation": "none|strict|previous_only|grace:30000",
 *  "reuse_detection": true, "refresh_token_idle_ms": 0, "delay_ms": 0, "lifetime_ms": 3600000,
 *  "expires_in": "honest|absent" or {"value": 0},
 *  "omit_refresh_token": false, "omit_access_token": false,
 *  "clear_faults": true, "revoke": true,
 *  "fault": {"endpoint": "token", "kind": "reply|drop|hang|trickle|delayed", "ms": 100,
 *            "status": 503, "headers": {}, "body": "", "processed": false, "times": 2}}
 * }</pre>
 */
record ControlMessage(JsonObject json) {
  void apply(Switches switches, Ledger ledger) {
    String family = json.getString("family");
    if (json.getBoolean("clear_faults", false)) {
      switches.clearFaults();
    }
    if (family == null) {
      switches.change(this::change);
    } else {
      switches.change(family, this::change);
    }
    setFault(switches, family);
    if (family != null && json.getBoolean("revoke", false)) {
      ledger.revoke(family);
    }
  }

  private void change(BehaviourDraft draft) {
    for (String field : json.fieldNames()) {
      switch (field) {
        case "rotation" -> draft.rotation(rotation(json.getString(field)));
        case "reuse_detection" -> draft.reuseDetection(json.getBoolean(field));
        case "refresh_token_idle_ms" -> draft.refreshTokenIdle(millis(json, field));
        case "delay_ms" -> draft.delay(millis(json, field));
        case "lifetime_ms" -> draft.lifetime(millis(json, field));
        case "expires_in" -> draft.expiresIn(expiresIn(json.getValue(field)));
        case "omit_refresh_token" -> draft.omitRefreshToken(json.getBoolean(field));
        case "omit_access_token" -> draft.omitAccessToken(json.getBoolean(field));
        case "family", "fault", "clear_faults", "revoke" -> {}
        default -> throw new IllegalArgumentException("Unknown field: " + field);
      }
    }
  }

  private static Duration millis(JsonObject from, String field) {
    return Duration.ofMillis(from.getLong(field));
  }

  private static ProviderRotation rotation(String text) {
    return switch (text) {
      case "none" -> ProviderRotation.none();
      case "strict" -> ProviderRotation.strict();
      case "previous_only" -> ProviderRotation.previousOnly();
      case String grace when grace.startsWith("grace:") ->
          ProviderRotation.grace(Duration.ofMillis(Long.parseLong(grace.substring(6))));
      default -> throw new IllegalArgumentException("Unknown rotation: " + text);
    };
  }

  private static ExpiresIn expiresIn(@Nullable Object value) {
    return switch (value) {
      case String text when "honest".equals(text) -> ExpiresIn.honest();
      case String text when "absent".equals(text) -> ExpiresIn.absent();
      case JsonObject literal -> ExpiresIn.literal(literal.getValue("value"));
      case null, default -> throw new IllegalArgumentException("Unknown expires_in: " + value);
    };
  }

  private void setFault(Switches switches, @Nullable String family) {
    JsonObject wanted = json.getJsonObject("fault");
    if (wanted == null) {
      return;
    }
    Endpoint endpoint =
        Endpoint.valueOf(wanted.getString("endpoint", "token").toUpperCase(Locale.ROOT));
    Fault fault = fault(wanted).times(wanted.getInteger("times", Integer.MAX_VALUE));
    Fault exact = fault.processed(wanted.getBoolean("processed", fault.processed()));
    if (family == null) {
      switches.fault(endpoint, exact);
    } else {
      switches.fault(family, endpoint, exact);
    }
  }

  private static Fault fault(JsonObject wanted) {
    String kind = wanted.getString("kind", "reply");
    return switch (kind) {
      case "reply" ->
          Fault.reply(
              wanted.getInteger("status", 503), headers(wanted), wanted.getString("body", ""));
      case "drop" -> Fault.drop();
      case "hang" -> Fault.hang();
      case "trickle" -> Fault.trickle(millis(wanted, "ms"));
      case "delayed" -> Fault.delayed(millis(wanted, "ms"));
      default -> throw new IllegalArgumentException("Unknown kind of fault: " + kind);
    };
  }

  private static Map<String, String> headers(JsonObject wanted) {
    Map<String, String> headers = new HashMap<>();
    wanted
        .getJsonObject("headers", new JsonObject())
        .forEach(header -> headers.put(header.getKey(), String.valueOf(header.getValue())));
    return headers;
  }
}
