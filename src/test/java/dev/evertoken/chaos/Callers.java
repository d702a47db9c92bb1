package dev.evertoken.chaos;

import dev.evertoken.rig.Await;
import dev.evertoken.scenario.Answer;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Callers and operators that go on all the time, whatever fails. */
final class Callers implements AutoCloseable {

  private static final int COUNT = 8;
  private static final Duration BETWEEN = Duration.ofMillis(20);

  private final Nodes nodes;
  private final Accounts accounts;
  private final Oracle oracle;
  private final AtomicBoolean done = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();

  Callers(Nodes nodes, Accounts accounts, Oracle oracle, long seed) {
    this.nodes = nodes;
    this.accounts = accounts;
    this.oracle = oracle;
    for (int i = 0; i < COUNT; i++) {
      Random random = new Random(seed + i + 1);
      threads.add(Thread.ofPlatform().name("caller-" + i).start(() -> run(random)));
    }
  }

  private void run(Random random) {
    while (!done.get()) {
      try {
        one(random);
      } catch (UncheckedIOException | CompletionException cut) {
        // The node was killed, or is frozen: what a caller does then is to ask another.
        Await.pass(BETWEEN);
      } catch (RuntimeException | Error bug) {
        oracle.accuse("a caller broke: " + bug);
        throw bug;
      }
      Await.pass(BETWEEN);
    }
  }

  private void one(Random random) {
    long id = accounts.ids().get(random.nextInt(accounts.ids().size()));
    int node = random.nextInt(Nodes.COUNT);
    int kind = random.nextInt(100);
    if (kind < 35) {
      token(id, node).join();
    } else if (kind < 75) {
      refresh(id, node).join();
    } else if (kind < 88) {
      together(id);
    } else if (kind < 94) {
      edit(id, node, random.nextInt(100));
    } else {
      authoriseInTheMiddle(id, node);
    }
  }

  private CompletableFuture<Void> token(long id, int node) {
    Instant asked = Instant.now();
    return nodes.talk(node).asking(id).thenAccept(answer -> oracle.checkToken(answer, id, asked));
  }

  private CompletableFuture<Answer> refresh(long id, int node) {
    return nodes.talk(node).posting("/v1/accounts/" + id + "/refresh", new JsonObject());
  }

  /** All nodes at once want the same account fresh. */
  private void together(long id) {
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int node = 0; node < Nodes.COUNT; node++) {
      all.add(refresh(id, node));
      all.add(token(id, node));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
  }

  private void edit(long id, int node, int priority) {
    nodes.talk(node).patch("/v1/accounts/" + id, new JsonObject().put("priority", priority));
  }

  /** A new grant is given on one node while another refreshes with the old one. */
  private void authoriseInTheMiddle(long id, int node) {
    CompletableFuture<Answer> refreshing = refresh(id, (node + 1) % Nodes.COUNT);
    accounts.authoriseAgain(id, node);
    refreshing.join();
  }

  /** What an operator does about accounts that say that their rotation was lost. */
  int authoriseTheLost(int node) {
    int again = 0;
    for (JsonObject account : lost(node)) {
      oracle.checkError(account);
      if (accounts.authoriseAgain(account.getLong("id"), node)) {
        again++;
      }
    }
    return again;
  }

  private List<JsonObject> lost(int node) {
    try {
      Answer listed = nodes.talk(node).get("/v1/accounts?status=error&limit=500");
      return listed.status() == 200
          ? listed.json().getJsonArray("items").stream().map(JsonObject.class::cast).toList()
          : List.of();
    } catch (UncheckedIOException away) {
      return List.of();
    }
  }

  /** Ends the calls; those under way are waited for. */
  @Override
  public void close() {
    done.set(true);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", interrupted);
      }
    }
  }
}
