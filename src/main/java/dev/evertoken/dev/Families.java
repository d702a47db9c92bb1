package dev.evertoken.dev;

import dev.evertoken.dev.Presentation.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All refresh-token families and what became of them. Not safe for several threads: the ledger
 * guards it.
 */
final class Families {
  private record Held(Family family, Family.Link link) {}

  private final Map<String, Family> families = new LinkedHashMap<>();
  private final Map<String, Held> refreshTokens = new HashMap<>();
  private final Map<String, IssuedAccessToken> accessTokens = new LinkedHashMap<>();
  private final List<Presentation> presentations = new ArrayList<>();
  private int accessNumber;

  NewFamily create(String prefix, Behaviour behaviour, Instant now) {
    var family = new Family("f" + (families.size() + 1), prefix);
    families.put(family.id, family);
    return new NewFamily(family.id, append(family, now).value, access(family, behaviour, now));
  }

  Family family(String id) {
    Family family = families.get(id);
    if (family == null) {
      throw new IllegalArgumentException("No such family: " + id);
    }
    return family;
  }

  List<String> ids() {
    return List.copyOf(families.keySet());
  }

  Stream<Presentation> presentations() {
    return presentations.stream();
  }

  Stream<IssuedAccessToken> accessTokens() {
    return accessTokens.values().stream();
  }

  @Nullable IssuedAccessToken accessToken(String value) {
    return accessTokens.get(value);
  }

  /** The family of a token of either kind. */
  Optional<String> familyOf(String token) {
    Held held = refreshTokens.get(token);
    if (held != null) {
      return Optional.of(held.family().id);
    }
    return Optional.ofNullable(accessTokens.get(token)).map(IssuedAccessToken::family);
  }

  private Family.Link append(Family family, Instant now) {
    Family.Link link = family.append(now);
    refreshTokens.put(link.value, new Held(family, link));
    return link;
  }

  IssuedAccessToken access(Family family, Behaviour behaviour, Instant now) {
    String value = RandomTokens.named(family.prefix, "at", family.id, ++accessNumber);
    var token = new IssuedAccessToken(value, family.id, now, now.plus(behaviour.lifetime()), null);
    accessTokens.put(value, token);
    return token;
  }

  /** A refresh-token grant, decided and recorded. */
  Grant refresh(String value, Behaviour behaviour, String source, Instant now) {
    Held held = refreshTokens.get(value);
    if (held == null) {
      record(null, source, false, Outcome.REFUSED_UNKNOWN, now);
      return refused("The refresh token was never issued");
    }
    boolean repeated = held.link().isSpent();
    Outcome outcome = decide(held, behaviour, now);
    record(held, source, repeated, outcome, now);
    return settle(held, behaviour, outcome, now);
  }

  /** A presentation that a fault kept from taking effect. */
  void skip(String value, String source, Instant now) {
    Held held = refreshTokens.get(value);
    record(held, source, held != null && held.link().isSpent(), Outcome.NOT_PROCESSED, now);
  }

  private static Outcome decide(Held held, Behaviour behaviour, Instant now) {
    if (held.family().isRevoked()) {
      return Outcome.REFUSED_REVOKED;
    }
    if (held.link().isSpent()) {
      return forgives(held, behaviour.rotation(), now) ? Outcome.FORGIVEN : Outcome.REFUSED_SPENT;
    }
    if (held.link().isIdle(behaviour.refreshTokenIdle(), now)) {
      return Outcome.REFUSED_IDLE;
    }
    return behaviour.rotation() instanceof ProviderRotation.None ? Outcome.KEPT : Outcome.ROTATED;
  }

  private static boolean forgives(Held held, ProviderRotation rotation, Instant now) {
    return switch (rotation) {
      case ProviderRotation.None() -> false;
      case ProviderRotation.Strict() -> false;
      case ProviderRotation.Grace(var window) -> held.link().wasSpentWithin(window, now);
      case ProviderRotation.PreviousOnly() -> held.family().hasUnusedSuccessor(held.link());
    };
  }

  private Grant settle(Held held, Behaviour behaviour, Outcome outcome, Instant now) {
    Family family = held.family();
    return switch (outcome) {
      case ROTATED -> {
        held.link().spend(now);
        yield new Grant.Granted(access(family, behaviour, now), append(family, now).value);
      }
      case KEPT -> {
        held.link().use(now);
        yield new Grant.Granted(access(family, behaviour, now), null);
      }
      case FORGIVEN -> new Grant.Granted(access(family, behaviour, now), family.leaf().value);
      case REFUSED_SPENT -> {
        if (behaviour.reuseDetection()) {
          family.endByReuse();
          revokeAccess(family.id, now);
        }
        yield refused("The refresh token was used before");
      }
      case REFUSED_REVOKED -> refused("The grant was revoked");
      case REFUSED_IDLE -> refused("The refresh token has expired");
      case REFUSED_UNKNOWN, NOT_PROCESSED -> refused("The refresh token is unknown");
    };
  }

  private static Grant refused(String description) {
    return new Grant.Refused("invalid_grant", description);
  }

  private void record(
      @Nullable Held held, String source, boolean repeated, Outcome outcome, Instant now) {
    String family = held == null ? "" : held.family().id;
    int token = held == null ? 0 : held.link().number;
    long number = presentations.size() + 1L;
    presentations.add(new Presentation(number, now, family, token, source, repeated, outcome));
  }

  /** Ends a family with all its tokens. */
  void revoke(String id, Instant now) {
    family(id).revoke();
    revokeAccess(id, now);
  }

  private void revokeAccess(String family, Instant now) {
    accessTokens.replaceAll(
        (value, token) -> token.family().equals(family) ? token.revoked(now) : token);
  }
}
