package dev.evertoken.http;

import dev.evertoken.app.AccountFile.ProxyEntry;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.ProxyStore.NewProxy;
import dev.evertoken.wire.RequestFields;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the proxies of a file: those of a list, which accounts name by key, and those that stand in
 * the accounts. A key holds a password: it is compared and never told.
 */
final class ImportedProxyList {

  private static final int LONGEST = 200;
  private static final int LONGEST_URL = 1000;
  private static final int LONGEST_KEY = 2000;
  private static final int LAST_PORT = 65535;

  private final List<ProxyEntry> entries = new ArrayList<>();
  private final Map<Secret, Integer> byKey = new HashMap<>();
  private final Map<ProxyEntry, Integer> inAccounts = new HashMap<>();

  List<ProxyEntry> all() {
    return entries;
  }

  void addAll(JsonArray proxies) {
    for (Object proxy : proxies) {
      add(proxy);
    }
  }

  private void add(@Nullable Object json) {
    if (!(json instanceof JsonObject object)) {
      unusable(Problem.field(ProblemCode.MALFORMED_REQUEST, "", "a JSON object is expected"));
      return;
    }
    RequestFields fields = RequestFields.body(object);
    String key = fields.text("proxy_key", LONGEST_KEY);
    if (key != null) {
      byKey.putIfAbsent(Secret.of(key), entries.size());
    }
    try {
      entries.add(listed(fields));
    } catch (ProblemException refusal) {
      unusable(refusal.problem());
    }
  }

  private void unusable(Problem problem) {
    entries.add(new ProxyEntry(null, false, problem));
  }

  private static ProxyEntry listed(RequestFields fields) {
    String kind = fields.text("protocol", LONGEST);
    String host = fields.text("host", LONGEST);
    Long port = fields.whole("port", 1, LAST_PORT);
    String user = text(fields, "username");
    String password = text(fields, "password");
    String name = text(fields, "name") == null ? null : PlainText.of(fields, "name", LONGEST);
    String status = text(fields, "status");
    fields.rest();
    fields.end();
    Optional<NewProxy> address =
        kind == null || host == null || port == null
            ? Optional.empty()
            : ProxyRequests.address(
                ProxyUrl.of(kind, user, password == null ? null : Secret.of(password), host, port));
    return address
        .map(found -> entry(found, name, status == null || status.equals("active")))
        .orElseThrow(ImportedProxyList::impossible);
  }

  /** A field that is blank is not given: others write it so. */
  private static @Nullable String text(RequestFields fields, String name) {
    return fields.any(name) instanceof String text && text.isBlank()
        ? null
        : fields.text(name, LONGEST_URL);
  }

  private static ProxyEntry entry(NewProxy address, @Nullable String name, boolean enabled) {
    return new ProxyEntry(
        new NewProxy(
            name == null ? address.host() + ":" + address.port() : name,
            address.kind(),
            address.host(),
            address.port(),
            address.user(),
            address.password()),
        !enabled,
        null);
  }

  private static ProblemException impossible() {
    return Problem.field(
            ProblemCode.INVALID,
            "/protocol",
            "protocol http, https or socks5, a host and a port are expected")
        .exception();
  }

  /** The place of the proxy that an account names or holds; null: none. */
  @Nullable Integer of(RequestFields account) {
    String key = text(account, "proxy_key");
    RequestFields own = account.object("proxy");
    if (key != null) {
      Integer place = byKey.get(Secret.of(key));
      if (place == null) {
        account.invalid("proxy_key", "names no proxy of this file");
      }
      return place;
    }
    return own == null ? null : held(own);
  }

  private @Nullable Integer held(RequestFields proxy) {
    String name = PlainText.of(proxy, "name", LONGEST);
    String url = proxy.text("url", LONGEST_URL);
    Boolean disabled = proxy.flag("disabled");
    Optional<NewProxy> address = url == null ? Optional.empty() : ProxyRequests.address(url);
    if (address.isEmpty()) {
      proxy.invalid("url", "http|https|socks5://user:password@host:port is expected");
      return null;
    }
    ProxyEntry entry = entry(address.get(), name, !Boolean.TRUE.equals(disabled));
    return inAccounts.computeIfAbsent(entry, this::added);
  }

  private int added(ProxyEntry entry) {
    entries.add(entry);
    return entries.size() - 1;
  }
}
