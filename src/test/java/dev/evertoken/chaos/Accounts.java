package dev.evertoken.chaos;

import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import dev.evertoken.scenario.Answer;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of a run, and the grants that each was given one after the other. Safe for use by
 * several threads.
 */
final class Accounts {

  /**
   * A grant that was given to an account.
   *
   * @param asked when it was about to be given
   * @param answered when the service said that it has it; null where nobody knows
   */
  record Given(String family, Instant asked, @Nullable Instant answered) {}

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Nodes nodes;
  private final List<Long> ids = new CopyOnWriteArrayList<>();
  private final Map<Long, List<Given>> given = new ConcurrentHashMap<>();
  private final Map<Long, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final Map<String, Long> owners = new ConcurrentHashMap<>();

  Accounts(Nodes nodes, int count) {
    this.nodes = nodes;
    for (int i = 0; i < count; i++) {
      create(i);
    }
  }

  private void create(int number) {
    Await.until("account " + number + " is created", () -> created(number), PATIENCE);
  }

  private boolean created(int number) {
    NewFamily family = nodes.provider().newFamily();
    Instant asked = Instant.now();
    JsonObject body =
        new JsonObject()
            .put("name", "account " + number)
            .put("platform", "acme")
            .put("type", "oauth")
            .put("credentials", refreshToken(family));
    Answer created = nodes.talk(0).within(PATIENCE).post("/v1/accounts", body);
    if (created.status() != 201) {
      return false;
    }
    long id = created.json().getLong("id");
    ids.add(id);
    locks.put(id, new ReentrantLock());
    owners.put(family.id(), id);
    given.put(id, new CopyOnWriteArrayList<>(List.of(new Given(family.id(), asked, asked))));
    return true;
  }

  private static JsonObject refreshToken(NewFamily family) {
    return new JsonObject().put("refresh_token", family.refreshToken());
  }

  List<Long> ids() {
    return ids;
  }

  /** The account that a grant was given to. */
  long owner(String family) {
    return owners.getOrDefault(family, 0L);
  }

  List<Given> given(long id) {
    return given.getOrDefault(id, List.of());
  }

  /** What an operator does by hand: a new grant. False: it did not work, or nobody knows. */
  boolean authoriseAgain(long id, int node) {
    ReentrantLock lock = locks.get(id);
    if (lock == null || !lock.tryLock()) {
      return false;
    }
    try {
      NewFamily family = nodes.provider().newFamily();
      owners.put(family.id(), id);
      Instant asked = Instant.now();
      boolean done = change(id, node, family);
      given(id).add(new Given(family.id(), asked, done ? Instant.now() : null));
      return done;
    } finally {
      lock.unlock();
    }
  }

  private boolean change(long id, int node, NewFamily family) {
    try {
      JsonObject body = new JsonObject().put("credentials", refreshToken(family));
      return nodes.talk(node).patch("/v1/accounts/" + id, body).status() == 200;
    } catch (UncheckedIOException cut) {
      return false;
    }
  }

  /** The grant that took this one's place for sure before that time, if any. */
  Optional<Given> replacement(String family, Instant before) {
    List<Given> all = new ArrayList<>(given(owner(family)));
    Optional<Given> own = all.stream().filter(g -> g.family().equals(family)).findFirst();
    if (own.isEmpty() || own.get().answered() == null) {
      return Optional.empty();
    }
    return all.stream()
        .filter(later -> later.asked().isAfter(own.get().asked()))
        .filter(later -> later.answered() != null && later.answered().isBefore(before))
        .findFirst();
  }
}
