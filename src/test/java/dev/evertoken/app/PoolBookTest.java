package dev.evertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Pool;
import dev.evertoken.domain.PoolStrategy;
import dev.evertoken.port.PoolStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class PoolBookTest {

  private final Stored store = new Stored();
  private final PoolBook book = new PoolBook(store, 3);

  private static Pool pool(String name, long revision) {
    return new Pool(name, PoolStrategy.ROUND_ROBIN, OptionalInt.empty(), revision);
  }

  /** Reads of the store end when the test says so. */
  private static final class Stored implements PoolStore {

    private Promise<List<Pool>> reading = Promise.promise();

    @Override
    public Future<List<Pool>> all() {
      reading = Promise.promise();
      return reading.future();
    }

    @Override
    public Future<Pool> save(Pool wanted, OptionalLong ifRevision) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> remove(String pool, OptionalLong ifRevision) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Members> members(String pool, Whose whose) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<List<Members>> list(Whose whose, int limit, String afterName) {
      throw new UnsupportedOperationException();
    }
  }

  private void reads(Pool... pools) {
    var done = book.reconcile();
    store.reading.complete(List.of(pools));
    assertThat(done.succeeded()).isTrue();
  }

  @Test
  void whatAnotherNodeDeletedIsForgottenAndMayComeBackWithAnyRevision() {
    reads(pool("a", 7), pool("b", 2));

    reads(pool("b", 2));
    assertThat(book.names()).containsExactly("b");

    reads(pool("a", 2), pool("b", 2));
    assertThat(book.of("a").revision()).isEqualTo(2);
  }

  @Test
  void aReadThatBeganBeforeAChangeDoesNotUndoIt() {
    reads(pool("kept", 2), pool("deleted", 2));
    var old = book.reconcile();

    book.learn(List.of(pool("new", 2), pool("kept", 3)));
    book.forget("deleted");
    store.reading.complete(List.of(pool("kept", 2), pool("deleted", 2)));

    assertThat(old.succeeded()).isTrue();
    assertThat(book.names()).containsExactlyInAnyOrder("new", "kept");
    assertThat(book.of("kept").revision()).isEqualTo(3);
  }
}
