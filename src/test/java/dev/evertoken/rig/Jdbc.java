package dev.evertoken.rig;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A plain blocking connection of a test to PostgreSQL, beside the service's own. */
public final class Jdbc {
  private Jdbc() {}

  /** Connects to an address {@code postgresql://user:password@host:port/database}. */
  public static Connection connect(String uri) throws SQLException {
    URI address = URI.create(uri);
    String[] user = address.getUserInfo().split(":", 2);
    String url =
        "jdbc:postgresql://" + address.getHost() + ":" + address.getPort() + address.getPath();
    return DriverManager.getConnection(url, user[0], user[1]);
  }
}
