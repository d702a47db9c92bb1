package dev.evertoken.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives commands of the command line in this JVM, with an environment and an input of its own. */
final class Operator {

  private final Map<String, String> environment;

  private Operator(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  static Operator of(String url, String key) {
    return new Operator(Map.of("EVERTOKEN_URL", url, "EVERTOKEN_API_KEY", key));
  }

  Operator with(String name, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(name, value);
    return new Operator(more);
  }

  /** How a command ended, and what it has written. */
  record Said(int code, String out, String err) {

    JsonObject json() {
      return new JsonObject(out);
    }

    /** The value beside that name, in the lines of one thing. */
    String field(String name) {
      return out.lines()
          .filter(line -> line.startsWith(name + " "))
          .map(line -> line.substring(name.length()).strip())
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + name + " in\n" + out + err));
    }

    List<String> lines() {
      return out.lines().toList();
    }
  }

  Said says(String... words) {
    return saysWith("", words);
  }

  /** The same with something on its standard input. */
  Said saysWith(String input, String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    EvertokenCommand root =
        new EvertokenCommand(environment, new ByteArrayInputStream(input.getBytes(UTF_8)));
    int code = EvertokenCommand.run(root, new PrintWriter(out), new PrintWriter(err), words);
    return new Said(code, out.toString(), err.toString());
  }
}
