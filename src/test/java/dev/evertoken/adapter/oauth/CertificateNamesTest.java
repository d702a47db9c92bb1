package dev.evertoken.adapter.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CertificateNamesTest {

  @ParameterizedTest
  @CsvSource({
    "my_idp.test,     my_idp.test,      true",
    "MY_IDP.test,     my_idp.TEST,      true",
    "*.cluster.test,  my_idp.cluster.test, true",
    "*.cluster.test,  my_idp.b.cluster.test, false",
    "*.cluster.test,  cluster.test,     false",
    "*.test,          my_idp.cluster.test, false",
    "*,               my_idp,           false",
    "my_*.test,       my_idp.test,      false",
    "other_idp.test,  my_idp.test,      false"
  })
  void aStarStandsForTheFirstLabelAlone(String name, String host, boolean matches) {
    assertThat(CertificateNames.matches(name, host)).isEqualTo(matches);
  }
}
