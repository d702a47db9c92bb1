package dev.evertoken.rig;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The proxy's side of SOCKS5 (RFC 1928, 1929). */
final class Socks5Protocol implements FakeProxy.Protocol {
  private static final int VERSION = 5;
  private static final int NO_LOGIN = 0;
  private static final int LOGIN = 2;
  private static final int NOTHING_ACCEPTABLE = 0xff;

  @Override
  public void serve(Socket client, FakeProxy proxy) throws IOException {
    var in = new DataInputStream(client.getInputStream());
    OutputStream out = client.getOutputStream();
    if (!greet(in, out, proxy)) {
      client.close();
      return;
    }
    String target = target(in);
    proxy.asked(target);
    switch (proxy.mode()) {
      case SILENT, UNANSWERED -> {}
      case DENIED, DROPPED -> client.close();
      case FAILING -> {
        reply(out, proxy.refusalCode());
        client.close();
      }
      case GARBAGE -> out.write("no such protocol".getBytes(StandardCharsets.US_ASCII));
      case FINE -> {
        int colon = target.lastIndexOf(':');
        var server =
            new Socket(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
        reply(out, 0);
        proxy.join(client, server);
      }
    }
  }

  private static boolean greet(DataInputStream in, OutputStream out, FakeProxy proxy)
      throws IOException {
    in.readUnsignedByte();
    byte[] methods = in.readNBytes(in.readUnsignedByte());
    int wanted = proxy.wantsLogin() || proxy.mode() == FakeProxy.Mode.DENIED ? LOGIN : NO_LOGIN;
    if (!offers(methods, wanted)) {
      out.write(new byte[] {VERSION, (byte) NOTHING_ACCEPTABLE});
      return false;
    }
    out.write(new byte[] {VERSION, (byte) wanted});
    if (wanted == NO_LOGIN) {
      return true;
    }
    boolean admitted = proxy.admits(login(in));
    out.write(new byte[] {(byte) proxy.loginVersion(), (byte) (admitted ? 0 : 1)});
    return admitted;
  }

  private static boolean offers(byte[] methods, int wanted) {
    for (byte method : methods) {
      if (method == wanted) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Login login(DataInputStream in) throws IOException {
    in.readUnsignedByte();
    String user = text(in);
    return new Login(user, text(in));
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
  }

  private static String target(DataInputStream in) throws IOException {
    in.readNBytes(3);
    String host =
        switch (in.readUnsignedByte()) {
          case 1 -> InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
          case 3 -> text(in);
          case 4 -> InetAddress.getByAddress(in.readNBytes(16)).getHostAddress();
          default -> throw new IOException("Not an address");
        };
    return host + ":" + in.readUnsignedShort();
  }

  private static void reply(OutputStream out, int code) throws IOException {
    byte[] reply = HexFormat.of().parseHex("05000001000000000000");
    reply[1] = (byte) code;
    out.write(reply);
    out.flush();
  }
}
