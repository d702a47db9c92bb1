package dev.evertoken.boot.operator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.evertoken.boot.operator.Table.Column;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code proxies}: the proxies that accounts go through. */
@Command(name = "proxies", description = "The proxies that accounts go through.")
public final class ProxiesCommand {

  private static final String ALL = "/v1/proxies";
  private static final String ID = "ID";
  private static final String PASSWORD = "Read its password by standard input.";
  private static final List<Column> COLUMNS = Column.of("id", "name", "url", "state", "updated_at");

  @Mixin private Connection service = new Connection();

  @Command(name = "list", description = "Lists proxies, a page at a time.")
  int list(@Mixin Pages pages) {
    return pages.print(service, ALL, new Query(), COLUMNS);
  }

  @Command(name = "show", description = "Shows a proxy, without its password.")
  int show(@Parameters(paramLabel = ID) long id) {
    return service.show(service.api().get(one(id)));
  }

  @Command(name = "create", description = "Makes a proxy.")
  int create(
      @Parameters(paramLabel = "NAME") String name,
      @Parameters(paramLabel = "URL", description = "http|https|socks5://user@host:port")
          String url,
      @Option(names = "--password", description = PASSWORD) boolean password) {
    ObjectNode body = Json.object().put("name", name).put("url", address(url, password));
    return service.show(service.api().send("POST", ALL, body));
  }

  @Command(name = "edit", description = "Changes what is given and leaves the rest.")
  int edit(
      @Parameters(paramLabel = ID) long id,
      @Option(names = "--name") @Nullable String name,
      @Option(
              names = "--url",
              paramLabel = "URL",
              description = "http|https|socks5://user@host:port")
          @Nullable String url,
      @Option(names = "--password", description = PASSWORD) boolean password,
      @Option(
              names = "--disabled",
              negatable = true,
              description = "Its accounts are refused from now on; --no-disabled: no longer.")
          @Nullable Boolean disabled) {
    ObjectNode body = Json.object();
    Json.put(body, "name", name);
    Json.put(body, "disabled", disabled);
    if (url != null) {
      body.put("url", address(url, password));
    } else if (password) {
      throw service.misused("--password goes with --url");
    }
    if (body.isEmpty()) {
      throw service.misused("Nothing to change was given");
    }
    return service.show(service.api().send("PATCH", one(id), body));
  }

  @Command(name = "delete", description = "Deletes a proxy that no account goes through.")
  int delete(
      @Parameters(paramLabel = ID) long id,
      @Option(
              names = "--force",
              description = "Also one in use: its accounts are refused, and never go direct.")
          boolean force) {
    service.api().delete(one(id) + new Query().with("force", force ? true : null));
    return service.done("Proxy " + id + " is deleted.");
  }

  @Command(name = "test", description = "Tries a proxy now; 1 where it does not work.")
  int test(@Parameters(paramLabel = ID) long id) {
    Answer result = service.api().send("POST", one(id) + "/test", null);
    service.show(result);
    return (result.json().path("success").asBoolean() ? Exit.DONE : Exit.FAILED).code();
  }

  /** The URL with the password that has come by standard input. */
  private String address(String url, boolean password) {
    String user = user(url);
    if (user != null && user.contains(":")) {
      throw service.misused("Every process sees this command line: use --password");
    }
    if (!password) {
      return url;
    }
    if (user == null) {
      throw service.misused("--password wants a URL with a user: http://user@host:port");
    }
    String secret = service.secret("Password of " + user).reveal();
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20");
    int at = url.indexOf('@');
    return url.substring(0, at) + ":" + encoded + url.substring(at);
  }

  private static @Nullable String user(String url) {
    try {
      return new URI(url).getRawUserInfo();
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static String one(long id) {
    return ALL + "/" + id;
  }
}
