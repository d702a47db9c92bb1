package dev.evertoken.sim;

import dev.evertoken.domain.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the provider knows: every grant, every token of it, and who presented it when. */
final class Ledger {

  /** What becomes of a refresh token that was used. */
  enum Rule {
    NONE,
    STRICT,
    /** The spent one is good for a while. */
    GRACE,
    /** The spent one is good until its successor was used. */
    UNTIL_USED
  }

  /** What the provider did. */
  enum Done {
    /** A new refresh token was made. */
    ROTATED,
    /** An access token was made, and the refresh token stays. */
    KEPT,
    REFUSED,
    /** A fault came before it: nothing was done. */
    NOTHING
  }

  /** What became of the answer. */
  enum Fate {
    OPEN,
    /** The process that asked has it. */
    DELIVERED,
    LOST
  }

  static final Duration GRACE = Duration.ofSeconds(30);

  private final Map<Long, Grant> grants = new LinkedHashMap<>();
  private final Map<String, Token> tokens = new HashMap<>();
  private final Map<String, Access> access = new HashMap<>();
  private final List<Presentation> presentations = new ArrayList<>();
  private final Duration life;

  Ledger(Duration life) {
    this.life = life;
  }

  /** A person authorises: the first refresh token of the account. */
  Secret authorise(long account, Rule rule) {
    Grant grant = new Grant(account, rule);
    grants.put(account, grant);
    return token(grant, null).value;
  }

  Collection<Grant> grants() {
    return grants.values();
  }

  Grant grant(long account) {
    Grant grant = grants.get(account);
    if (grant == null) {
      throw new AssertionError("no grant of account " + account);
    }
    return grant;
  }

  Optional<Token> find(Secret token) {
    return Optional.ofNullable(tokens.get(token.reveal()));
  }

  Optional<Access> findAccess(Secret token) {
    return Optional.ofNullable(access.get(token.reveal()));
  }

  List<Presentation> presentations() {
    return presentations;
  }

  /** A request with that token has left a node. */
  Presentation sent(Token token, SimNode.Running process, Instant now) {
    Presentation made = new Presentation(presentations.size(), token, process, now);
    presentations.add(made);
    return made;
  }

  /** The provider does what it is asked for. */
  void present(Presentation made, Instant now) {
    Token token = made.token;
    Grant grant = token.grant;
    made.repeated = token.spentAt != null;
    if (grant.rule == Rule.NONE) {
      made.done = Done.KEPT;
    } else if (accepts(token, now)) {
      token.spentAt = token.spentAt == null ? now : token.spentAt;
      made.done = Done.ROTATED;
      made.next = token(grant, token);
    } else {
      grant.revoked = true;
      made.done = Done.REFUSED;
      return;
    }
    made.access = new Access(grant, "at-" + grant.account + "-" + access.size(), now.plus(life));
    access.put(made.access.value, made.access);
  }

  /** Whether the token would be good now. */
  boolean accepts(Token token, Instant now) {
    if (token.grant.revoked) {
      return false;
    }
    if (token.spentAt == null) {
      return token.parent == null
          || token.parent.children.stream().allMatch(sibling -> sibling.spentAt == null);
    }
    return switch (token.grant.rule) {
      case NONE -> true;
      case STRICT -> false;
      case GRACE -> now.isBefore(token.spentAt.plus(GRACE));
      case UNTIL_USED -> token.children.stream().allMatch(child -> child.spentAt == null);
    };
  }

  private Token token(Grant grant, @Nullable Token parent) {
    Token token = new Token(grant, parent, tokens.size());
    tokens.put(token.value.reveal(), token);
    if (parent != null) {
      parent.children.add(token);
    }
    return token;
  }

  /** What a person once allowed for one account. */
  static final class Grant {
    final long account;
    final Rule rule;
    boolean revoked;

    /** A fault of the provider that a client cannot tell from the end of the grant. */
    @Nullable String misjudged;

    private Grant(long account, Rule rule) {
      this.account = account;
      this.rule = rule;
    }
  }

  /** One refresh token. */
  static final class Token {
    final Grant grant;
    final @Nullable Token parent;
    final Secret value;
    final List<Token> children = new ArrayList<>();
    @Nullable Instant spentAt;

    private Token(Grant grant, @Nullable Token parent, int number) {
      this.grant = grant;
      this.parent = parent;
      this.value = Secret.of("rt-" + grant.account + "-" + number);
    }

    @Override
    public String toString() {
      return value.reveal();
    }
  }

  /** One access token. */
  record Access(Grant grant, String value, Instant expiresAt) {}

  /** One request that reached, or should have reached, the provider. */
  static final class Presentation {
    final int number;
    final Token token;
    final SimNode.Running process;
    final Instant at;
    boolean repeated;
    Done done = Done.NOTHING;
    Fate fate = Fate.OPEN;
    @Nullable Instant ended;
    @Nullable Token next;
    @Nullable Access access;

    /** The fault that struck it, or null. */
    Weather.@Nullable Kind fault;

    private Presentation(int number, Token token, SimNode.Running process, Instant at) {
      this.number = number;
      this.token = token;
      this.process = process;
      this.at = at;
    }

    void end(Fate how, Instant now) {
      if (fate == Fate.OPEN) {
        fate = how;
        ended = now;
      }
    }

    @Override
    public String toString() {
      return "#%d %s by %s at %s: %s%s, answer %s"
          .formatted(
              number,
              token,
              process,
              at,
              done,
              fault == null ? "" : " under " + fault,
              fate == Fate.OPEN ? "under way" : fate + " at " + ended);
    }
  }
}
