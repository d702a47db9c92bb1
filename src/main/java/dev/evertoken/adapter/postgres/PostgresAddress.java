package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Secret;
import dev.evertoken.domain.UrlAuthority;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where PostgreSQL is and how it is spoken to, as {@code postgres.uri} says: {@code
 * postgresql://user:password@host:port/database?sslmode=verify-full&sslrootcert=ca.pem}.
 *
 * <p>User, password and database are percent-encoded where they need it. Parameters: {@code
 * sslmode} ({@code disable}, {@code require}, {@code verify-ca}, {@code verify-full}), {@code
 * sslrootcert} (a PEM file), {@code user}, {@code password}, {@code dbname}, {@code
 * application_name}, {@code search_path}, {@code options}, and {@code pgbouncer} ({@code true}: a
 * pooler in transaction mode is in between).
 */
public final class PostgresAddress {

  private static final Set<String> PARAMETERS =
      Set.of(
          "sslmode",
          "sslrootcert",
          "user",
          "password",
          "dbname",
          "application_name",
          "search_path",
          "options",
          "pgbouncer");
  private static final Set<String> SSL_MODES =
      Set.of("disable", "require", "verify-ca", "verify-full");

  private final String host;
  private final int port;
  private final String database;
  private final String user;
  private final Secret password;
  private final Map<String, String> parameters;

  private PostgresAddress(URI uri, UrlAuthority server, Map<String, String> parameters) {
    String info = server.rawUserInfo();
    String[] login = info == null ? new String[0] : info.split(":", 2);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    this.host = server.host();
    this.port = server.port() < 0 ? 5432 : server.port();
    this.user = parameters.getOrDefault("user", login.length > 0 ? decoded(login[0]) : "postgres");
    this.password =
        Secret.of(parameters.getOrDefault("password", login.length > 1 ? decoded(login[1]) : ""));
    this.database =
        parameters.getOrDefault("dbname", path.length() > 1 ? decoded(path.substring(1)) : user);
    this.parameters = parameters;
  }

  /**
   * Reads the address.
   *
   * @throws IllegalArgumentException with a text that says what is allowed, and never the address
   */
  public static PostgresAddress parse(Secret uri) {
    URI parsed = uri(uri.reveal());
    if (!Set.of("postgres", "postgresql").contains(parsed.getScheme())) {
      throw new IllegalArgumentException("must begin with postgresql://");
    }
    UrlAuthority server =
        UrlAuthority.of(parsed)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "must name one host: postgresql://user:password@host:port/database"));
    return new PostgresAddress(parsed, server, parameters(parsed.getRawQuery()));
  }

  @SuppressWarnings("UnusedException") // its text holds the address, and so the password
  private static URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "cannot be read as postgresql://user:password@host:port/database (percent-encode what is"
              + " special)");
    }
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String pair : query == null ? new String[0] : query.split("&")) {
      String[] parts = pair.split("=", 2);
      if (!PARAMETERS.contains(parts[0])) {
        throw new IllegalArgumentException(
            "has the parameter "
                + parts[0]
                + "; known are "
                + String.join(", ", PARAMETERS.stream().sorted().toList()));
      }
      found.put(parts[0], parts.length > 1 ? decoded(parts[1]) : "");
    }
    if (!SSL_MODES.contains(found.getOrDefault("sslmode", "disable"))) {
      throw new IllegalArgumentException(
          "sslmode is one of " + String.join(", ", SSL_MODES.stream().sorted().toList()));
    }
    return found;
  }

  /** Percent-decoding; a plus sign stays one, as it is common in passwords. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  String host() {
    return host;
  }

  String user() {
    return user;
  }

  Secret password() {
    return password;
  }

  /** Whether passwords and tokens' ciphertexts would cross a network in the clear. */
  public boolean plaintextOffLoopback() {
    if (!sslMode().equals("disable")) {
      return false;
    }
    try {
      return !InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return true;
    }
  }

  private String sslMode() {
    return parameters.getOrDefault("sslmode", "disable");
  }

  /** A pooler takes no server settings at the start of a connection. */
  private boolean pooled() {
    return "true".equals(parameters.get("pgbouncer"));
  }

  /** The connect options; the server itself ends a statement after that long. */
  PgConnectOptions connectOptions(long statementTimeoutMillis) {
    Map<String, String> properties = new LinkedHashMap<>(PgConnectOptions.DEFAULT_PROPERTIES);
    properties.put("application_name", "evertoken");
    for (String name : new String[] {"application_name", "search_path", "options"}) {
      String value = parameters.get(name);
      if (value != null) {
        properties.put(name, value);
      }
    }
    if (!pooled()) {
      properties.put("statement_timeout", Long.toString(statementTimeoutMillis));
      // The statements are made for it; a stricter default of the database would fail some of them.
      properties.put("default_transaction_isolation", "read committed");
    }
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(host)
            .setPort(port)
            .setDatabase(database)
            .setUser(user)
            .setPassword(password.reveal())
            .setPipeliningLimit(1)
            .setUseLayer7Proxy(pooled())
            .setProperties(properties);
    // A pooler in transaction mode gives each statement another connection: it would find none
    // there.
    options
        .setCachePreparedStatements(!pooled())
        .setPreparedStatementCacheMaxSize(HotStatements.count())
        .setPreparedStatementCacheSqlFilter(HotStatements::contains);
    options.setSslMode(SslMode.of(sslMode()));
    options.setSslOptions(sslOptions());
    return options;
  }

  private ClientSSLOptions sslOptions() {
    ClientSSLOptions ssl =
        new ClientSSLOptions()
            .setHostnameVerificationAlgorithm(sslMode().equals("verify-full") ? "HTTPS" : "");
    String roots = parameters.get("sslrootcert");
    if (roots != null) {
      return ssl.setTrustOptions(new PemTrustOptions().addCertPath(roots));
    }
    return ssl.setTrustAll(sslMode().equals("require"));
  }

  /** The same server for JDBC, without user and password. */
  String jdbcUrl() {
    String at = host.contains(":") ? "[" + host + "]" : host;
    String tls =
        parameters.containsKey("sslrootcert")
            ? "&sslrootcert=" + parameters.get("sslrootcert")
            : "";
    String schema =
        parameters.containsKey("search_path")
            ? "&currentSchema=" + parameters.get("search_path")
            : "";
    return "jdbc:postgresql://"
        + at
        + ":"
        + port
        + "/"
        + database
        + "?connectTimeout=10&socketTimeout=120&sslmode="
        + sslMode()
        + tls
        + schema;
  }

  @Override
  public String toString() {
    return host + ":" + port + "/" + database;
  }
}
