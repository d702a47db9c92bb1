package dev.evertoken.adapter.journal;

import dev.evertoken.port.Escrow.Entry;
import io.vertx.core.Promise;
import java.util.List;
import java.util.UUID;

/** Something asked of the journal's thread. */
sealed interface Work {

  record Keep(Entry entry, Promise<Void> written, Promise<Void> durable) implements Work {}

  record Commit(UUID attempt, Promise<Void> promise) implements Work {}

  record Discard(UUID attempt, Promise<Void> promise) implements Work {}

  record Pending(Promise<List<Entry>> promise) implements Work {}

  record CommittedLately(Promise<List<Entry>> promise) implements Work {}

  record Reseal(Promise<Integer> promise) implements Work {}

  record Tidy(Promise<Void> promise) implements Work {}

  record Stop(Promise<Void> promise) implements Work {}

  default void fail(Throwable failure) {
    switch (this) {
      case Keep keep -> {
        keep.written().tryFail(failure);
        keep.durable().tryFail(failure);
      }
      case Commit commit -> commit.promise().tryFail(failure);
      case Discard discard -> discard.promise().tryFail(failure);
      case Pending pending -> pending.promise().tryFail(failure);
      case CommittedLately lately -> lately.promise().tryFail(failure);
      case Reseal reseal -> reseal.promise().tryFail(failure);
      case Tidy tidy -> tidy.promise().tryFail(failure);
      case Stop stop -> {}
    }
  }
}
