package dev.evertoken.dev;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A word with a Redis in its inline protocol: one command, one simple answer. */
record RedisTalk(URI address) {
  static RedisTalk to(String uri) throws IOException {
    var talk = new RedisTalk(URI.create(uri));
    String answer = talk.say("PING");
    if (!"+PONG".equals(answer)) {
      throw new IOException(answer);
    }
    return talk;
  }

  String say(String... words) throws IOException {
    try (var socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout(10_000);
      String password = address.getUserInfo().substring(1);
      String lines = "AUTH " + password + "\r\n" + String.join(" ", words) + "\r\n";
      socket.getOutputStream().write(lines.getBytes(StandardCharsets.UTF_8));
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String login = in.readLine();
      if (login == null || !login.equals("+OK")) {
        return String.valueOf(login);
      }
      String answer = String.valueOf(in.readLine());
      return answer.startsWith("$") ? String.valueOf(in.readLine()) : answer;
    }
  }
}
