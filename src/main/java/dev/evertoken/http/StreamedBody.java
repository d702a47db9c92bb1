package dev.evertoken.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a body piece by piece, no faster than it is read: one piece is in memory at a time.
 *
 * <p>The status has been sent by then, so a failure can only be told by a connection that breaks
 * off before the last chunk (RFC 9112, section 8).
 */
final class StreamedBody {

  private static final Logger LOG = LoggerFactory.getLogger(StreamedBody.class);

  /** A caller that takes nothing for so long is given up. */
  private static final long PATIENCE_SECONDS = 60;

  private final HttpServerResponse response;
  private final Reply.Pieces pieces;

  StreamedBody(HttpServerResponse response, Reply.Pieces pieces) {
    this.response = response;
    this.pieces = pieces;
  }

  /** Writes it all; then tells once whether it is whole. */
  void write(Consumer<Boolean> ended) {
    pieces
        .next()
        .onSuccess(piece -> written(piece, ended))
        .onFailure(failure -> broken(failure, ended));
  }

  private void written(Optional<Buffer> piece, Consumer<Boolean> ended) {
    if (piece.isEmpty()) {
      response.end();
      ended.accept(true);
      return;
    }
    response
        .write(piece.get())
        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .onSuccess(sent -> write(ended))
        .onFailure(failure -> broken(failure, ended));
  }

  private void broken(Throwable failure, Consumer<Boolean> ended) {
    LOG.atWarn().addKeyValue("cause", failure).log("answer_broken_off");
    response.reset();
    ended.accept(false);
  }
}
