package dev.evertoken.rig;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The proxy's side of HTTP: CONNECT, and requests in absolute form for plain HTTP. */
final class HttpProxyProtocol implements FakeProxy.Protocol {
  @Override
  public void serve(Socket client, FakeProxy proxy) throws IOException {
    List<String> head = head(client.getInputStream());
    String[] request = head.getFirst().split(" ", -1);
    boolean tunnel = "CONNECT".equals(request[0]);
    String target = tunnel ? request[1] : authority(request[1]);
    proxy.asked(target);
    if (!proxy.admits(login(head))) {
      answer(client, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"");
      client.close();
      return;
    }
    switch (proxy.mode()) {
      case SILENT, UNANSWERED -> {}
      case DENIED, DROPPED -> client.close();
      case FAILING -> answer(client, proxy.refusal());
      case GARBAGE -> write(client, "\u0001\u0002 no such protocol \r\n\r\n");
      case FINE -> forward(client, proxy, target, tunnel ? null : originForm(head, request));
    }
  }

  private static void forward(
      Socket client, FakeProxy proxy, String target, @Nullable String request) throws IOException {
    Socket server;
    try {
      server = connect(target);
    } catch (IOException unreachable) {
      answer(client, proxy.refusal());
      client.close();
      return;
    }
    if (request == null) {
      write(client, proxy.welcome());
    } else {
      write(server, request);
    }
    proxy.join(client, server);
  }

  private static Socket connect(String target) throws IOException {
    int colon = target.lastIndexOf(':');
    return new Socket(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
  }

  private static String authority(String absolute) {
    URI uri = URI.create(absolute);
    return uri.getHost() + ":" + (uri.getPort() < 0 ? 80 : uri.getPort());
  }

  private static String originForm(List<String> head, String[] request) {
    var text = new StringBuilder();
    String path = URI.create(request[1]).getRawPath();
    text.append(request[0]).append(' ').append(path).append(" HTTP/1.1\r\n");
    for (String line : head.subList(1, head.size())) {
      if (!line.regionMatches(true, 0, "proxy-", 0, 6)) {
        text.append(line).append("\r\n");
      }
    }
    return text.append("\r\n").toString();
  }

  private static List<String> head(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      bytes.write(next);
      text = bytes.toString(StandardCharsets.ISO_8859_1);
    }
    return text.strip().lines().toList();
  }

  private static @Nullable Login login(List<String> head) {
    for (String line : head) {
      if (line.regionMatches(true, 0, "proxy-authorization: basic ", 0, 27)) {
        byte[] pair = Base64.getDecoder().decode(line.substring(27).strip());
        String[] parts = new String(pair, StandardCharsets.UTF_8).split(":", 2);
        return new Login(parts[0], parts[1]);
      }
    }
    return null;
  }

  private static void answer(Socket client, String status) throws IOException {
    write(client, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
  }

  private static void write(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    to.getOutputStream().flush();
  }
}
