package dev.evertoken.sim;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.RefreshPolicy;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.domain.TokenRequest;
import dev.evertoken.memory.MemoryDatabase;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Those who ask for tokens, now here and now there, and have so much patience. */
final class Callers {

  /** What an answer may take beyond the patience of who asked. */
  private static final Duration BOUND = Duration.ofSeconds(1);

  /** The same where PostgreSQL is away or slow: two statements before the wait, and two after. */
  private static final Duration BOUND_IN_TROUBLE = FaultyPorts.DEADLINE.multipliedBy(4).plus(BOUND);

  private static final Duration USUAL = Fleet.REFRESH.requestTimeout();

  /** A pool that is not a platform has the usual patience. */
  private static final Duration USUAL_OF_POOL = RefreshPolicy.DEFAULT.requestTimeout();

  /** With these a node says that it could not look, which is no word about the account. */
  private static final Set<ProblemCode> COULD_NOT_LOOK =
      Set.of(ProblemCode.STORAGE_UNAVAILABLE, ProblemCode.KEY_UNAVAILABLE);

  private final VirtualTime time;
  private final Random random;
  private final Fleet fleet;
  private final List<SimNode> nodes;
  private final Oracle oracle;
  private final MemoryDatabase database;
  private final FaultyPorts faults;
  private final Map<ProblemCode, Integer> refusals = new EnumMap<>(ProblemCode.class);
  private Duration pause = Duration.ofSeconds(3);

  Callers(VirtualTime time, Random random, Fleet fleet, Oracle oracle, Cluster cluster) {
    this.time = time;
    this.random = random;
    this.fleet = fleet;
    this.nodes = cluster.nodes();
    this.oracle = oracle;
    this.database = cluster.database();
    this.faults = cluster.faults();
  }

  /** Begins, and goes on for good. */
  void start() {
    time.after(
        pause.dividedBy(2).plusMillis(random.nextInt((int) pause.toMillis())),
        () -> {
          ask();
          start();
        });
  }

  /** From now on they ask that often. */
  void every(Duration length) {
    pause = length;
  }

  Map<ProblemCode, Integer> refusals() {
    return refusals;
  }

  /** Now and then many ask at once, on all nodes. */
  private void ask() {
    int many = random.nextInt(8) == 0 ? 6 : 1;
    boolean one = random.nextBoolean();
    TokenRequest request = request();
    for (int i = 0; i < many; i++) {
      SimNode.Running process = nodes.get(random.nextInt(nodes.size())).process;
      if (process != null && process.serves()) {
        ask(process, one ? request : request());
      }
    }
  }

  private TokenRequest request() {
    TokenOptions options = TokenOptions.NONE;
    int dice = random.nextInt(10);
    if (dice < 3) {
      options = options.withMaxWait(Duration.ofMillis(dice * 1500L));
    }
    return random.nextInt(4) == 0
        ? new TokenRequest.OfPool(Fleet.POOL, options)
        : new TokenRequest.OfAccount(
            fleet.accounts().get(random.nextInt(fleet.accounts().size())), options);
  }

  private void ask(SimNode.Running process, TokenRequest request) {
    Asked asked = new Asked(process, request, time.instant(), row(request));
    process.time.soon(
        () -> {
          SimEngine engine = process.engine;
          if (engine != null) {
            Future<TokenAnswer> answer = engine.token(request);
            asked.answer = answer;
            answer.onComplete(done -> judge(asked));
          }
        });
    time.after(asked.patience().plus(BOUND), () -> unanswered(asked));
  }

  private @Nullable Account row(TokenRequest request) {
    return request instanceof TokenRequest.OfAccount of
        ? database.account(of.account()).orElse(null)
        : null;
  }

  private void unanswered(Asked asked) {
    if (asked.process.time.crashed() || (asked.answer != null && asked.answer.isComplete())) {
      return;
    }
    if (!asked.again && troubled(asked)) {
      asked.again = true;
      time.after(BOUND_IN_TROUBLE, () -> unanswered(asked));
      return;
    }
    boolean frozen = asked.process.node.frozenWithin(asked.at, time.instant());
    if (asked.thawed || !frozen) {
      oracle.accuse(
          "unanswered after %s: %s on %s"
              .formatted(asked.patience(), asked.request, asked.process));
    } else {
      asked.thawed = true;
      time.after(Duration.ofMinutes(2), () -> unanswered(asked));
    }
  }

  private boolean troubled(Asked asked) {
    return !faults.troubledUntil.isBefore(asked.at)
        || asked.process.node.disturbance(asked.at, time.instant()).isPresent();
  }

  private void judge(Asked asked) {
    Future<TokenAnswer> answer = asked.answer();
    if (answer.succeeded()) {
      oracle.answered(answer.result());
    } else if (answer.cause() instanceof ProblemException refusal
        && refusal.problem().code() != ProblemCode.INTERNAL) {
      refusals.merge(refusal.problem().code(), 1, Integer::sum);
      withheld(asked, refusal);
      waitedInVain(asked, refusal);
    } else {
      oracle.accuse("failed by a bug: " + asked.request + " " + answer.cause());
    }
  }

  /** Law 2: a token that is valid is not withheld because a refresh fails. */
  private void withheld(Asked asked, ProblemException refusal) {
    Account before = asked.row;
    Account now = row(asked.request);
    if (before != null
        && now != null
        && !COULD_NOT_LOOK.contains(refusal.problem().code())
        && before.generation() == now.generation()
        && before.credentials().validAt(time.instant())
        && asked.process.node.disturbance(asked.at.minusSeconds(5), time.instant()).isEmpty()) {
      oracle.accuse("a valid token was withheld: " + asked.request + " " + refusal.problem());
    }
  }

  /** While an unreadable answer lies in an escrow there is no try, so nothing to wait for. */
  private void waitedInVain(Asked asked, ProblemException refusal) {
    Account before = asked.row;
    if (refusal.problem().code() == ProblemCode.REFRESH_TIMEOUT
        && before != null
        && before.credentials().refresh().doubt().unreadableSince() != null
        && !troubled(asked)) {
      oracle.accuse("waited for a refresh that nobody may try: " + asked.request);
    }
  }

  private static final class Asked {
    private final SimNode.Running process;
    private final TokenRequest request;
    private final Instant at;
    private final @Nullable Account row;
    private @Nullable Future<TokenAnswer> answer;
    private boolean again;
    private boolean thawed;

    private Asked(
        SimNode.Running process, TokenRequest request, Instant at, @Nullable Account row) {
      this.process = process;
      this.request = request;
      this.at = at;
      this.row = row;
    }

    private Future<TokenAnswer> answer() {
      if (answer == null) {
        throw new AssertionError("answered on the stack of who asked");
      }
      return answer;
    }

    private Duration patience() {
      Duration said = request.options().maxWait();
      if (said != null) {
        return said;
      }
      return request instanceof TokenRequest.OfPool ? USUAL_OF_POOL : USUAL;
    }
  }
}
