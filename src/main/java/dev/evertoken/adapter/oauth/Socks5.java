package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.Proxy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** SOCKS5 (RFC 1928), with a login where there is one (RFC 1929). */
final class Socks5 extends Handshake {

  private static final int VERSION = 5;
  private static final int LOGIN_VERSION = 1;
  private static final int NO_LOGIN = 0;
  private static final int LOGIN = 2;
  private static final int CONNECT = 1;
  private static final int IPV4 = 1;
  private static final int NAME = 3;
  private static final int IPV6 = 4;
  private static final int LONGEST_TEXT = 255;

  /** The names of RFC 1928 for the codes from 1 on. */
  private static final List<String> REFUSALS =
      List.of(
          "FAILURE",
          "FORBIDDEN",
          "NETWORK_UNREACHABLE",
          "HOST_UNREACHABLE",
          "CONNECTION_REFUSED",
          "TTL_EXPIRED",
          "COMMAND_UNSUPPORTED",
          "ADDRESS_UNSUPPORTED");

  private static final int COMMAND_UNSUPPORTED = 7;

  private enum Awaiting {
    METHOD,
    LOGIN,
    REPLY
  }

  private final Proxy proxy;
  private final Target target;
  private Awaiting awaiting = Awaiting.METHOD;

  Socks5(Proxy proxy, Target target, Promise<Channel> tunnel) {
    super(tunnel);
    this.proxy = proxy;
    this.target = target;
  }

  @Override
  boolean proxyWorks() {
    return awaiting == Awaiting.REPLY;
  }

  @Override
  ByteBuf opening() {
    return user(proxy) == null ? bytes(VERSION, 1, NO_LOGIN) : bytes(VERSION, 2, NO_LOGIN, LOGIN);
  }

  @Override
  Step next(ByteBuf in) {
    return switch (awaiting) {
      case METHOD -> in.readableBytes() < 2 ? new Step.Wait() : method(in);
      case LOGIN -> in.readableBytes() < 2 ? new Step.Wait() : loggedIn(in);
      case REPLY -> reply(in);
    };
  }

  private Step method(ByteBuf in) {
    version(in.readUnsignedByte());
    int method = in.readUnsignedByte();
    if (method == NO_LOGIN) {
      return connect();
    }
    if (method != LOGIN || user(proxy) == null) {
      throw ConnectFault.proxy("the login was refused");
    }
    awaiting = Awaiting.LOGIN;
    return new Step.Say(login());
  }

  private ByteBuf login() {
    byte[] user = text(String.valueOf(user(proxy)));
    byte[] password = text(password(proxy));
    return Unpooled.wrappedBuffer(
        bytes(LOGIN_VERSION, user.length),
        Unpooled.wrappedBuffer(user),
        bytes(password.length),
        Unpooled.wrappedBuffer(password));
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > LONGEST_TEXT) {
      throw ConnectFault.proxy("SOCKS5 has no place for a login of more than 255 bytes");
    }
    return bytes;
  }

  /** Some answer with the version of SOCKS instead of that of the login; the status decides. */
  private Step loggedIn(ByteBuf in) {
    in.skipBytes(1);
    if (in.readUnsignedByte() != 0) {
      throw ConnectFault.proxy("the login was refused");
    }
    return connect();
  }

  private Step connect() {
    awaiting = Awaiting.REPLY;
    ByteBuf port = Unpooled.buffer(2).writeShort(target.port());
    return new Step.Say(Unpooled.wrappedBuffer(bytes(VERSION, CONNECT, 0), host(), port));
  }

  private ByteBuf host() {
    if (target.isAddress()) {
      byte[] address = target.address().getAddress();
      return Unpooled.wrappedBuffer(
          bytes(address.length == 4 ? IPV4 : IPV6), Unpooled.wrappedBuffer(address));
    }
    byte[] name = target.host().getBytes(StandardCharsets.UTF_8);
    if (name.length > LONGEST_TEXT) {
      throw ConnectFault.behindProxy("nothing: the name has more than 255 bytes");
    }
    return Unpooled.wrappedBuffer(bytes(NAME, name.length), Unpooled.wrappedBuffer(name));
  }

  private Step reply(ByteBuf in) {
    if (in.isReadable()) {
      version(in.getUnsignedByte(in.readerIndex()));
    }
    if (in.readableBytes() < 2) {
      return new Step.Wait();
    }
    int code = in.getUnsignedByte(in.readerIndex() + 1);
    if (code != 0) {
      throw refusal(code);
    }
    int length = lengthOfReply(in);
    if (length > in.readableBytes()) {
      return new Step.Wait();
    }
    in.skipBytes(length);
    return new Step.Through();
  }

  /** As far as it is known: the address in it, which says where the proxy dials from, is unused. */
  private static int lengthOfReply(ByteBuf in) {
    if (in.readableBytes() < 5) {
      return 5;
    }
    int at = in.readerIndex();
    return switch (in.getUnsignedByte(at + 3)) {
      case IPV4 -> 10;
      case IPV6 -> 22;
      case NAME -> 7 + in.getUnsignedByte(at + 4);
      default -> throw ConnectFault.proxy("no tunnel was given");
    };
  }

  /** A proxy that cannot connect at all is broken; every other refusal is about this target. */
  private static RuntimeException refusal(int code) {
    String name = code <= REFUSALS.size() ? REFUSALS.get(code - 1) : "code " + code;
    return code == COMMAND_UNSUPPORTED || code > REFUSALS.size()
        ? ConnectFault.proxy("refused with " + name)
        : ConnectFault.behindProxy(name);
  }

  private static void version(int given) {
    if (given != VERSION) {
      throw ConnectFault.proxy("no tunnel was given");
    }
  }

  private static ByteBuf bytes(int... values) {
    ByteBuf buffer = Unpooled.buffer(values.length);
    for (int value : values) {
      buffer.writeByte(value);
    }
    return buffer;
  }
}
