package dev.evertoken.bench;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.OAuth2Credentials;
import dev.evertoken.app.TokenService;
import dev.evertoken.boot.Node;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.domain.TokenRequest;
import dev.evertoken.wire.TokenAnswerJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A read of a token that is there: through the token service of a running node, with everything
 * that belongs to it (near cache, decision, count, audit), and from google-auth's credentials,
 * which hold one token of one account.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init")
public class WarmRead {

  private final Caller caller = Caller.trusted("bench");
  private Stand stand;
  private Node node;
  private TokenService tokens;
  private TokenRequest request;
  private TokenAnswer answer;
  private OAuth2Credentials google;
  private MessageDigest sha256;
  private byte[] key;
  private final URI upstream = URI.create("https://upstream.example.com/");

  @Setup
  public void start() throws Exception {
    stand = new Stand(Path.of(System.getProperty("bench.folder")));
    node = stand.node();
    tokens = node.core().tokens();
    long account = stand.account("http://127.0.0.1:" + node.httpPort());
    request = new TokenRequest.OfAccount(account, TokenOptions.NONE);
    answer = Stand.within(tokens.token(caller, request));
    google =
        OAuth2Credentials.create(
            new AccessToken(
                answer.accessToken().reveal(), Date.from(Instant.now().plusSeconds(36_000))));
    sha256 = MessageDigest.getInstance("SHA-256");
    key = ("evt_7_" + "k".repeat(43)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  @Benchmark
  public Future<TokenAnswer> evertoken() {
    Future<TokenAnswer> read = tokens.token(caller, request);
    if (!read.succeeded()) {
      return Future.succeededFuture(Future.await(read));
    }
    return read;
  }

  @Benchmark
  public Map<String, List<String>> googleAuth() throws IOException {
    return google.getRequestMetadata(upstream);
  }

  /** What the check of a known key costs: a digest and a comparison. */
  @Benchmark
  public boolean keyCheck() {
    byte[] digest = sha256.digest(key);
    return MessageDigest.isEqual(digest, key);
  }

  @Benchmark
  public Buffer json() {
    return TokenAnswerJson.of(answer, Instant.now()).toBuffer();
  }

  @TearDown
  public void stop() throws Exception {
    Stand.within(node.stop());
    stand.close();
  }
}
