package dev.evertoken.boot.settings;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.evertoken.domain.AnswerShape;
import dev.evertoken.domain.AnswerShape.Field;
import dev.evertoken.domain.Dialect;
import dev.evertoken.domain.RequestForm;
import dev.evertoken.domain.RequestForm.BasicEncoding;
import dev.evertoken.domain.RequestForm.BodyFormat;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.TokenRules;
import dev.evertoken.domain.TokenRules.OldAccessToken;
import dev.evertoken.domain.TokenRules.OnLockHeld;
import dev.evertoken.domain.WireName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the keys of a template that tell how a provider differs from RFC 6749. */
final class DialectReader {

  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+^_`|~-]{1,100}");

  /** What the service sets itself, or what would change how the answer is framed or coded. */
  private static final Set<String> OURS =
      Set.of(
          "host",
          "authorization",
          "content-length",
          "content-type",
          "content-encoding",
          "transfer-encoding",
          "accept-encoding",
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "proxy-authorization",
          "proxy-connection");

  private final Values values;
  private final String path;

  DialectReader(Values values, String path) {
    this.values = values;
    this.path = path;
  }

  Dialect read() {
    return new Dialect(request(), answer(), tokens());
  }

  private RequestForm request() {
    return new RequestForm(
        values.get(at("body_format"), Kinds.oneOf(BodyFormat.class), BodyFormat.FORM),
        headers(),
        values.find(at("refresh_url"), Kinds.endpoint()).orElse(null),
        values.get(at("refresh_scope"), ProviderKinds.REFRESH_SCOPE, false),
        values.get(at("basic_encoding"), Kinds.oneOf(BasicEncoding.class), BasicEncoding.RFC6749));
  }

  private Map<String, Secret> headers() {
    Map<String, Secret> headers = values.texts(at("headers"), ProviderKinds.HEADER_VALUE);
    Set<String> seen = new HashSet<>();
    for (String name : headers.keySet()) {
      String bare = name.toLowerCase(Locale.ROOT);
      if (!HEADER_NAME.matcher(name).matches()) {
        values.problems().value(at("headers"), name, "the name of a header");
      } else if (OURS.contains(bare)) {
        values.problems().rule(at("headers." + name), "is set by the service itself");
      } else if (!seen.add(bare)) {
        values.problems().rule(at("headers." + name), "is there twice, in two spellings");
      }
    }
    return headers;
  }

  private AnswerShape answer() {
    Map<Field, String> places = new EnumMap<>(Field.class);
    for (Field field : Field.values()) {
      values
          .find(at("answer." + WireName.of(field)), ProviderKinds.PLACE)
          .ifPresent(place -> places.put(field, place));
    }
    return new AnswerShape(
        places,
        ok(),
        permanent(),
        values.get(
            at("expires_in_unit"), Kinds.oneOf(AnswerShape.Unit.class), AnswerShape.Unit.AUTO),
        values.get(at("expires_in_zero"), ProviderKinds.ZERO, false),
        !values.isGiven(at("expires_in_default")));
  }

  private AnswerShape.@Nullable Mark ok() {
    String ok = at("answer.ok");
    Optional<String> place = values.find(ok + ".at", ProviderKinds.PLACE);
    Optional<String> equals = values.find(ok + ".equals", Kinds.TEXT);
    if (place.isPresent() && equals.isPresent()) {
      return new AnswerShape.Mark(place.get(), equals.get());
    }
    if (values.has(ok) && (!values.isGiven(ok + ".at") || !values.isGiven(ok + ".equals"))) {
      values.problems().missing(ok, "at and equals, such as {at: ok, equals: true}");
    }
    return null;
  }

  private List<AnswerShape.Refusal> permanent() {
    List<AnswerShape.Refusal> refusals = new ArrayList<>();
    int count = values.count(at("permanent"));
    for (int i = 0; i < count; i++) {
      String entry = at("permanent[" + i + "]");
      Optional<Integer> status = values.find(entry + ".status", ProviderKinds.REFUSING_STATUS);
      Optional<String> place = values.find(entry + ".at", ProviderKinds.PLACE);
      Optional<String> equals = values.find(entry + ".equals", Kinds.TEXT);
      if (status.isPresent() && place.isPresent() && equals.isPresent()) {
        refusals.add(new AnswerShape.Refusal(status.get(), place.get(), equals.get()));
      } else if (!(values.isGiven(entry + ".status")
          && values.isGiven(entry + ".at")
          && values.isGiven(entry + ".equals"))) {
        values.problems().missing(entry, "status, at and equals");
      }
    }
    return refusals;
  }

  private TokenRules tokens() {
    TokenRules usual = TokenRules.DEFAULT;
    return new TokenRules(
        values.get(
            at("old_access_token"), Kinds.oneOf(OldAccessToken.class), usual.oldAccessToken()),
        values.get(
            at("refresh_token_max_age"),
            Kinds.duration(Duration.ZERO, ofDays(36_500)),
            usual.refreshTokenMaxAge()),
        values.get(at("refresh.on_lock_held"), Kinds.oneOf(OnLockHeld.class), usual.onLockHeld()),
        values.get(at("report_max"), Kinds.duration(ofSeconds(1), ofDays(31)), ofMinutes(15)));
  }

  private String at(String key) {
    return path + "." + key;
  }
}
