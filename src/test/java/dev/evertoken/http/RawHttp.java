package dev.evertoken.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Speaks to a server byte by byte, as no HTTP client would. */
final class RawHttp {

  private static final int PATIENCE_MILLIS = 10_000;

  private final int port;

  RawHttp(int port) {
    this.port = port;
  }

  /** One answer: its head in lower case, its body, and whether the server closed afterwards. */
  record Answer(int status, String head, String body) {

    boolean says(String header) {
      return head.contains("\r\n" + header.toLowerCase(Locale.ROOT) + "\r\n");
    }
  }

  Answer get(String path, String headers) {
    return send("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
  }

  Answer post(String path, String headers, String body) {
    return send(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
            + body.getBytes(StandardCharsets.UTF_8).length
            + "\r\n"
            + headers
            + "\r\n"
            + body);
  }

  Answer send(String request) {
    try (Conversation conversation = open()) {
      conversation.write(request);
      return conversation.answer();
    }
  }

  Conversation open() {
    return new Conversation(port);
  }

  /** One connection. */
  static final class Conversation implements AutoCloseable {

    private final Socket socket;

    Conversation(int port) {
      try {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void write(String bytes) {
      try {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The head of an answer that has no body, in lower case. */
    String head() {
      return until("\r\n\r\n").toLowerCase(Locale.ROOT);
    }

    Answer answer() {
      String head = head();
      if (head.isEmpty()) {
        throw new IllegalStateException("closed without an answer");
      }
      int status = Integer.parseInt(head.substring(9, 12));
      return new Answer(status, head, body(head));
    }

    /** Whether the server closes the connection, with nothing more to say. */
    boolean closed() {
      try {
        return socket.getInputStream().read() < 0;
      } catch (SocketTimeoutException e) {
        return false;
      } catch (IOException e) {
        return true;
      }
    }

    private String body(String head) {
      int at = head.indexOf("content-length: ");
      int length =
          at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)).strip());
      try {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private String until(String end) {
      try {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
          read.write(b);
          if (read.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
            return read.toString(StandardCharsets.ISO_8859_1);
          }
        }
        return "";
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
