package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.evertoken.rig.Await;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that are written while they are read, on a real socket. */
final class StreamedBodyTest {

  private static final int PIECE = 256 * 1024;
  private static final int MANY = 2000;

  private final HttpRig rig = new HttpRig();
  private final AtomicInteger asked = new AtomicInteger();

  @AfterEach
  void stop() {
    rig.close();
  }

  /** So many pieces, each in a turn of the event loop of its own. */
  private Reply.Pieces pieces(int most) {
    return () -> {
      Promise<Optional<Buffer>> piece = Promise.promise();
      int number = asked.incrementAndGet();
      Objects.requireNonNull(Vertx.currentContext())
          .runOnContext(
              turn ->
                  piece.complete(
                      number > most ? Optional.empty() : Optional.of(Buffer.buffer(filled()))));
      return piece.future();
    };
  }

  private static byte[] filled() {
    byte[] bytes = new byte[PIECE];
    Arrays.fill(bytes, (byte) 'x');
    return bytes;
  }

  private HttpRequest request() {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rig.port + "/v1/pieces"))
        .header("Authorization", "Bearer " + HttpRig.ADMIN_KEY.reveal())
        .build();
  }

  @Test
  void comesWhole() throws Exception {
    rig.pieces = pieces(10);
    try (HttpClient client = HttpClient.newHttpClient()) {
      var answer = client.send(request(), BodyHandlers.ofString());
      assertThat(answer.body()).hasSize(10 * PIECE);
      assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
      assertThat(answer.headers().firstValue("content-type")).contains("application/x-ndjson");
    }
  }

  @Test
  void whatFailsOnTheWayIsNoWholeAnswer() {
    Reply.Pieces good = pieces(10);
    rig.pieces = () -> asked.get() < 3 ? good.next() : Future.failedFuture("canary-of-the-storage");
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThatThrownBy(() -> client.send(request(), BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
    }
    assertThat(rig.http.get("/open", "").status()).isEqualTo(200);
  }

  @Test
  void isWrittenNoFasterThanItIsRead() {
    rig.pieces = pieces(MANY);
    try (RawHttp.Conversation silent = rig.http.open()) {
      silent.write("GET /v1/pieces HTTP/1.1\r\nHost: x\r\n" + HttpRig.AUTHORIZED + "\r\n");
      assertThat(silent.answer().status()).isEqualTo(200);
      for (int i = 0; i < 400; i++) {
        assertThat(rig.http.get("/open", "").status()).isEqualTo(200);
      }
      assertThat(asked.get()).as("pieces beyond what sockets hold").isLessThan(100);
    }
  }

  @Test
  void whoGoesAwayEndsIt() {
    rig.pieces = pieces(MANY);
    try (RawHttp.Conversation leaving = rig.http.open()) {
      leaving.write("GET /v1/pieces HTTP/1.1\r\nHost: x\r\n" + HttpRig.AUTHORIZED + "\r\n");
      assertThat(leaving.answer().status()).isEqualTo(200);
    }
    Future<Void> drained = rig.api.drain();
    Await.until("the answer was given up", drained::isComplete);
    assertThat(asked.get()).isLessThan(MANY);
  }
}
