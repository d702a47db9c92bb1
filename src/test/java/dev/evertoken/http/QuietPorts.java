package dev.evertoken.http;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.KeyRefusal;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.TokenSource;
import dev.evertoken.domain.TokenState;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.Audit;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.Metrics;
import dev.evertoken.port.Nodes;
import dev.evertoken.port.Notices;
import dev.evertoken.port.TokenCache;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The ports of one node that has no Redis, no peers and nothing in escrow. */
final class QuietPorts implements TokenCache, Escrow, Notices, Nodes, Audit, Metrics {

  final List<Notice> notices = new CopyOnWriteArrayList<>();
  final List<String> audited = new CopyOnWriteArrayList<>();

  @Override
  public Future<Optional<Account>> get(long account) {
    return Future.succeededFuture(Optional.empty());
  }

  @Override
  public Future<Void> put(Account account, Duration ttl) {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> remove(long account, long revision) {
    return Future.succeededFuture();
  }

  @Override
  public Future<Integer> reseal(List<Long> accounts) {
    return Future.succeededFuture(0);
  }

  @Override
  public Future<Integer> reseal() {
    return Future.succeededFuture(0);
  }

  @Override
  public Future<Void> sealsWith(String primaryKey, List<String> knownKeys, int escrowLeft) {
    return Future.succeededFuture();
  }

  @Override
  public Future<List<Keys>> keys() {
    return Future.succeededFuture(List.of());
  }

  @Override
  public boolean up() {
    return false;
  }

  @Override
  public Kept keep(Entry entry) {
    return new Kept(Future.succeededFuture(), Future.succeededFuture());
  }

  @Override
  public Future<Void> committed(UUID attempt) {
    return Future.succeededFuture();
  }

  @Override
  public Future<List<Entry>> committedLately() {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<Void> discard(UUID attempt) {
    return Future.succeededFuture();
  }

  @Override
  public Future<List<Entry>> pending() {
    return Future.succeededFuture(List.of());
  }

  @Override
  public int size() {
    return 0;
  }

  @Override
  public void publish(Notice notice) {
    notices.add(notice);
  }

  @Override
  public void subscribe(Consumer<Notice> reader) {}

  @Override
  public String id() {
    return "node-1";
  }

  @Override
  public Future<Void> known() {
    return Future.succeededFuture();
  }

  @Override
  public Set<String> others() {
    return Set.of();
  }

  @Override
  public void changed(
      Caller caller, String action, @Nullable Long account, Map<String, String> facts) {
    audited.add(caller.actor() + " " + action + " " + account + " " + facts);
  }

  @Override
  public void tokenRead(Caller caller, long account) {}

  @Override
  public void tokenAnswered(String platform, TokenSource source, TokenState state) {}

  @Override
  public void tokenFailed(ProblemCode code) {}

  @Override
  public void keyRefused(KeyRefusal why) {}

  @Override
  public void refreshed(String platform, RefreshClass result, Trigger trigger, Duration took) {}

  @Override
  public void backgroundCycle(int taken, int putOff, Duration took) {}

  @Override
  public void tidied(String kind, int rows) {}

  @Override
  public void answerUnreadable(String platform) {}

  @Override
  public void unlikeTemplate(String platform, String kind) {}
}
