package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CONNECT to an HTTP proxy (RFC 9110, section 9.3.6). */
final class HttpConnect extends Handshake {

  private static final int LONGEST_HEAD = 64 * 1024;
  private static final Pattern STATUS = Pattern.compile("HTTP/\\d\\.\\d +(\\d{3})(?:\\s.*)?");

  private final Proxy proxy;
  private final Target target;

  /** How far the head is known not to end. */
  private int searched;

  private boolean works;

  HttpConnect(Proxy proxy, Target target, Promise<Channel> tunnel) {
    super(tunnel);
    this.proxy = proxy;
    this.target = target;
    // A proxy that has done its TLS handshake is there; a TCP connection a dead one's kernel makes.
    this.works = proxy.kind() == ProxyKind.HTTPS;
  }

  @Override
  boolean proxyWorks() {
    return works;
  }

  @Override
  ByteBuf opening() {
    String head =
        "CONNECT %1$s HTTP/1.1\r\nHost: %1$s\r\n%2$s\r\n".formatted(target.authority(), login());
    return Unpooled.copiedBuffer(head, StandardCharsets.US_ASCII);
  }

  private String login() {
    String user = user(proxy);
    if (user == null) {
      return "";
    }
    byte[] pair = (user + ":" + password(proxy)).getBytes(StandardCharsets.UTF_8);
    return "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(pair) + "\r\n";
  }

  /** Reads one head; any 2xx opens the tunnel, and its headers tell nothing of what follows. */
  @Override
  Step next(ByteBuf in) {
    int end = endOfHead(in);
    if (end < 0) {
      if (in.readableBytes() > LONGEST_HEAD) {
        throw ConnectFault.proxy("no tunnel was given");
      }
      return new Step.Wait();
    }
    String head = in.readCharSequence(end, StandardCharsets.ISO_8859_1).toString();
    Matcher status = STATUS.matcher(head.lines().findFirst().orElse(""));
    if (!status.matches()) {
      throw ConnectFault.proxy("no tunnel was given");
    }
    works = true;
    searched = 0;
    int code = Integer.parseInt(status.group(1));
    return switch (code / 100) {
      case 1 -> new Step.Wait();
      case 2 -> new Step.Through();
      default ->
          throw code == 407 || code == 401
              ? ConnectFault.proxy("refused with " + code)
              : ConnectFault.behindProxy(Integer.toString(code));
    };
  }

  /** How many bytes the head has, with the empty line at its end; negative: it has no end yet. */
  private int endOfHead(ByteBuf in) {
    int start = in.readerIndex();
    for (int at = start + searched; at < in.writerIndex(); at++) {
      if (in.getByte(at) == '\n' && endsLine(in, start, at)) {
        return at + 1 - start;
      }
    }
    searched = in.readableBytes();
    return -1;
  }

  /** Whether the line that ends there is empty, be it by LF alone. */
  private static boolean endsLine(ByteBuf in, int start, int at) {
    int before = at > start && in.getByte(at - 1) == '\r' ? at - 1 : at;
    return before > start && in.getByte(before - 1) == '\n';
  }
}
