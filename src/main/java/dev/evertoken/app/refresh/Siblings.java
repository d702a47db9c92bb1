package dev.evertoken.app.refresh;

import dev.evertoken.domain.Judge;
import dev.evertoken.domain.Judgement;
import dev.evertoken.port.Escrow;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Answers that lost the race for the row: where a provider lets a refresh token be presented twice,
 * it may count on the successor that was not stored (semantics, section 3, step 7).
 */
final class Siblings {

  private final Claimed claimed;
  private final Engine engine;

  Siblings(Claimed claimed) {
    this.claimed = claimed;
    this.engine = claimed.engine();
  }

  /** An answer of this node's escrow to the refresh token before the present one. */
  record Sibling(Escrow.Entry entry, Judgement judgement) {}

  /** The newest that holds a refresh token, if any. Never fails. */
  Future<Optional<Sibling>> find() {
    if (!engine.stores().left().any(claimed.account().id())) {
      return Future.succeededFuture(Optional.empty());
    }
    return engine
        .stores()
        .escrow()
        .pending()
        .map(
            entries ->
                entries.stream().filter(this::isSibling).flatMap(this::read).reduce((a, b) -> b))
        .otherwise(Optional.empty());
  }

  private boolean isSibling(Escrow.Entry entry) {
    return entry.account() == claimed.account().id()
        && entry.holder().incarnation().equals(claimed.account().incarnation())
        && entry.presented().sequence()
            == claimed.account().credentials().refreshTokenSequence() - 1;
  }

  private Stream<Sibling> read(Escrow.Entry entry) {
    Judgement judgement =
        Judge.judge(
            engine.upstream().provider().read(entry.answer(), claimed.platform()),
            claimed.platform(),
            entry.requestedAt());
    boolean successor =
        judgement instanceof Judgement.Successor
            || (judgement instanceof Judgement.Tokens tokens && tokens.next() != null);
    return successor ? Stream.of(new Sibling(entry, judgement)) : Stream.empty();
  }
}
