import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Vert.x server that does nothing but answer: the bytes of a file as body, with the headers of
 * another. What it reaches is the most that any service on Vert.x can.
 *
 * <p>{@code java -cp evertoken.jar Bare.java PORT HEADERS BODY}
 */
public final class Bare extends AbstractVerticle {

  private final int port;
  private final List<Map.Entry<CharSequence, CharSequence>> headers;
  private final Buffer body;

  private Bare(int port, List<Map.Entry<CharSequence, CharSequence>> headers, Buffer body) {
    this.port = port;
    this.headers = headers;
    this.body = body;
  }

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    List<Map.Entry<CharSequence, CharSequence>> headers = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(args[1]))) {
      int colon = line.indexOf(':');
      if (colon > 0 && !line.regionMatches(true, 0, "content-length", 0, colon)) {
        headers.add(
            Map.entry(
                HttpHeaders.createOptimized(line.substring(0, colon).strip()),
                HttpHeaders.createOptimized(line.substring(colon + 1).strip())));
      }
    }
    Buffer body = Buffer.buffer(Files.readAllBytes(Path.of(args[2])));
    // As many servers as the service has: one for each core.
    DeploymentOptions onEveryCore =
        new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
    Vertx.vertx().deployVerticle(() -> new Bare(port, headers, body), onEveryCore).await();
  }

  @Override
  public void start(Promise<Void> started) {
    vertx
        .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(port))
        .requestHandler(
            request -> {
              var response = request.response();
              headers.forEach(header -> response.putHeader(header.getKey(), header.getValue()));
              response.end(body);
            })
        .listen()
        .<Void>mapEmpty()
        .onComplete(started);
  }
}
