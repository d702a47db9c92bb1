package dev.evertoken.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.evertoken.domain.Secret;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PostgresAddressTest {

  @Test
  void readsEveryPart() {
    PostgresAddress address =
        parse("postgresql://me:p%40ss+word@db.example:5433/tokens?application_name=a%20b");
    PgConnectOptions options = address.connectOptions(1500);

    assertThat(options.getHost()).isEqualTo("db.example");
    assertThat(options.getPort()).isEqualTo(5433);
    assertThat(options.getUser()).isEqualTo("me");
    assertThat(options.getPassword()).isEqualTo("p@ss+word");
    assertThat(options.getDatabase()).isEqualTo("tokens");
    assertThat(options.getProperties())
        .containsEntry("application_name", "a b")
        .containsEntry("statement_timeout", "1500");
    assertThat(options.getCachePreparedStatements()).isTrue();
    assertThat(options.getPipeliningLimit()).isEqualTo(1);
    assertThat(address.jdbcUrl()).startsWith("jdbc:postgresql://db.example:5433/tokens?");
    assertThat(address.jdbcUrl() + address).doesNotContain("p@ss");
  }

  @Test
  void verifiesCertificateAndName() {
    PostgresAddress address =
        parse("postgres://u:p@db.example/d?sslmode=verify-full&sslrootcert=/etc/ca.pem");
    PgConnectOptions options = address.connectOptions(1500);

    assertThat(options.getSslMode()).isEqualTo(SslMode.VERIFY_FULL);
    assertThat(options.getSslOptions().getHostnameVerificationAlgorithm()).isEqualTo("HTTPS");
    assertThat(options.getSslOptions().isTrustAll()).isFalse();
    assertThat(options.getSslOptions().getTrustOptions()).isNotNull();
    assertThat(address.jdbcUrl())
        .contains("sslmode=verify-full")
        .contains("sslrootcert=/etc/ca.pem");
    assertThat(address.plaintextOffLoopback()).isFalse();
  }

  @Test
  void leavesServerSettingsOutBeforeAPooler() {
    PgConnectOptions options = parse("postgresql://u@h/d?pgbouncer=true").connectOptions(1500);

    assertThat(options.getProperties()).doesNotContainKey("statement_timeout");
    assertThat(options.getUseLayer7Proxy()).isTrue();
    assertThat(options.getCachePreparedStatements()).isFalse();
  }

  @Test
  void knowsPlaintextThatLeavesTheMachine() {
    assertThat(parse("postgresql://u@127.0.0.1/d").plaintextOffLoopback()).isFalse();
    assertThat(parse("postgresql://u@[::1]:5432/d").plaintextOffLoopback()).isFalse();
    assertThat(parse("postgresql://u@192.0.2.7/d").plaintextOffLoopback()).isTrue();
    assertThat(parse("postgresql://u@192.0.2.7/d?sslmode=require").plaintextOffLoopback())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:hunter2@h/d",
        "postgresql://u:hunter2@h:notaport/d",
        "postgresql://u:hunter2@h1,h2/d",
        "postgresql://u:hunter2 x@h/d",
        "postgresql://u:hunter2@h/d?sslmode=prefer",
        "postgresql://u:hunter2@h/d?sslmod=require"
      })
  void refusesOthersWithoutShowingThem(String uri) {
    assertThatThrownBy(() -> parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.toString()).doesNotContain("hunter2"))
        .hasNoCause();
  }

  private static PostgresAddress parse(String uri) {
    return PostgresAddress.parse(Secret.of(uri));
  }
}
