package dev.evertoken.adapter.oauth;

import static dev.evertoken.adapter.oauth.Outside.NEVER;
import static dev.evertoken.adapter.oauth.Outside.await;
import static dev.evertoken.adapter.oauth.Outside.failure;
import static dev.evertoken.adapter.oauth.Outside.patient;
import static dev.evertoken.adapter.oauth.Outside.proxy;
import static dev.evertoken.adapter.oauth.Outside.tokenUrl;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.dev.ProjectAnswers;
import dev.evertoken.dev.SimulatedProvider;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.ProjectLookup.LookupFailure;
import dev.evertoken.rig.FakeProxy;
import dev.evertoken.rig.PlatformDraft;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Finding the project of an account, at endpoints that answer in every form, late or not at all.
 */
final class HttpProjectLookupTest {

  @RegisterExtension static final Outside OUTSIDE = new Outside();

  @AfterEach
  void endFaults() {
    OUTSIDE.secure().switches().clearFaults();
  }

  @ParameterizedTest
  @EnumSource(
      value = ProjectAnswers.Form.class,
      names = {"STRING", "OBJECT"})
  @DisplayName("69: a loaded project is known in both forms")
  void aLoadedProjectIsKnownInBothForms(ProjectAnswers.Form form) {
    NewFamily family = family(ProjectAnswers.READY.as(form));
    Calls calls = new Calls();

    assertThat(await(find(family))).contains(SimulatedProvider.projectOf(family.id()));
    assertThat(calls.since()).containsExactly(1L, 0L, 0L, 0L);
  }

  @ParameterizedTest
  @EnumSource(
      value = ProjectAnswers.Form.class,
      names = {"STRING", "OBJECT"})
  @DisplayName("69: an account without a project is onboarded, and polled until done")
  void anAccountIsOnboardedUntilDone(ProjectAnswers.Form form) {
    NewFamily family = family(ProjectAnswers.READY.as(form).onboardedAfter(3));
    Calls calls = new Calls();

    assertThat(await(find(family))).contains(SimulatedProvider.projectOf(family.id()));
    assertThat(calls.since()).containsExactly(1L, 4L, 0L, 0L);
  }

  @Test
  @DisplayName("70: polling has an end")
  void onboardingThatNeverEndsIsGivenUp() {
    NewFamily family = family(ProjectAnswers.READY.onboardedAfter(99));
    Calls calls = new Calls();

    assertThat(failure(LookupFailure.class, find(family))).hasMessage("onboarding has not ended");
    assertThat(calls.since()).containsExactly(1L, 5L, 0L, 0L);
  }

  @Test
  @DisplayName("70: no default tier, or done without a project: there is none")
  void anAccountMayHaveNoProject() {
    NewFamily noTier = family(ProjectAnswers.READY.onboardedAfter(0).withoutDefaultTier());
    NewFamily noProject =
        family(ProjectAnswers.READY.as(ProjectAnswers.Form.MISSING).onboardedAfter(0));

    assertThat(await(find(noTier))).isEmpty();
    assertThat(await(find(noProject))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 408, 429, 500, 503})
  @DisplayName("73: where the first URL cannot answer, the next one is asked")
  void theNextUrlIsAskedWhereTheFirstCannotAnswer(int status) {
    NewFamily family = family(ProjectAnswers.READY.onboardedAfter(0));
    OUTSIDE.secure().switches().fault(Endpoint.LOAD, Fault.error(status, "x"));
    OUTSIDE.secure().switches().fault(Endpoint.ONBOARD, Fault.error(status, "x"));
    Calls calls = new Calls();

    assertThat(await(find(family))).contains(SimulatedProvider.projectOf(family.id()));
    assertThat(calls.since()).containsExactly(1L, 1L, 1L, 1L);
  }

  @Test
  @DisplayName("73: a first URL that hangs or drops is given up for the next")
  void theNextUrlIsAskedWhereTheFirstGivesNoAnswer() {
    NewFamily family = family(ProjectAnswers.READY.onboardedAfter(0));
    OUTSIDE.secure().switches().fault(Endpoint.LOAD, Fault.hang());
    OUTSIDE.secure().switches().fault(Endpoint.ONBOARD, Fault.drop());
    Platform hurried = draft().timeouts(NEVER, NEVER, Duration.ofSeconds(2)).platform();

    assertThat(await(find(hurried, null, family.accessToken().value())))
        .contains(SimulatedProvider.projectOf(family.id()));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403})
  @DisplayName("73: a refusal is not asked again elsewhere")
  void aRefusalIsFinal(int status) {
    OUTSIDE.secure().switches().fault(Endpoint.LOAD, Fault.error(status, "denied"));
    Calls calls = new Calls();

    LookupFailure failure = failure(LookupFailure.class, find(family(ProjectAnswers.READY)));

    assertThat(failure).hasMessage("no usable answer, status " + status);
    assertThat(calls.since()).containsExactly(1L, 0L, 0L, 0L);
  }

  @Test
  void nothingIsFoundWhereNoUrlAnswers() {
    OUTSIDE.secure().switches().fault(Endpoint.LOAD, Fault.error(503, "x"));
    OUTSIDE.secure().switches().fault(Endpoint.LOAD_DAILY, Fault.error(429, "x"));

    assertThat(failure(LookupFailure.class, find(family(ProjectAnswers.READY))))
        .hasMessage("status 429");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"cloudaicompanionProject\":7}",
        "{\"cloudaicompanionProject\":\" \"}",
        "{\"cloudaicompanionProject\":{\"id\":{}}}",
        "{\"allowedTiers\":{\"isDefault\":true}}",
        "{\"allowedTiers\":[7,null,{\"isDefault\":\"yes\",\"id\":\"t\"},{\"isDefault\":true}]}"
      })
  void oddAnswersHoldNoProject(String json) {
    OUTSIDE.secure().switches().fault(Endpoint.LOAD, Fault.json(200, json));

    assertThat(await(find(family(ProjectAnswers.READY)))).isEmpty();
  }

  @Test
  void theAccountsProxyIsUsed() {
    NewFamily family = family(ProjectAnswers.READY.onboardedAfter(0));
    try (FakeProxy fake = FakeProxy.socks5("u", "p")) {
      Proxy ours = proxy(ProxyKind.SOCKS5, fake.port(), "u", "p");

      assertThat(await(find(draft().platform(), ours, family.accessToken().value()))).isPresent();
      assertThat(fake.dials()).isEqualTo(2);
    }
  }

  @Test
  void aTokenThatFitsNoHeaderIsNotRepeated() {
    Future<Optional<String>> found = find(draft().platform(), null, "canary\r\nX-Evil: 1");

    assertThat(failure(LookupFailure.class, found)).hasMessageNotContaining("canary");
  }

  @Test
  void aPlatformWithoutProjectsHasNone() {
    Platform platform = patient(tokenUrl(OUTSIDE.secure())).platform();

    assertThat(await(find(platform, null, "any"))).isEmpty();
  }

  private static NewFamily family(ProjectAnswers answers) {
    NewFamily family = OUTSIDE.secure().newFamily();
    OUTSIDE.secure().switches().change(family.id(), draft -> draft.project(answers));
    return family;
  }

  private static Future<Optional<String>> find(NewFamily family) {
    return find(draft().platform(), null, family.accessToken().value());
  }

  private static Future<Optional<String>> find(
      Platform platform, @Nullable Proxy proxy, String accessToken) {
    return new HttpProjectLookup(OUTSIDE.vertx(), OUTSIDE.egress(), Duration.ofMillis(1))
        .find(platform, proxy, Secret.of(accessToken));
  }

  private static PlatformDraft draft() {
    return patient(tokenUrl(OUTSIDE.secure()))
        .project(
            List.of(url(Endpoint.LOAD), url(Endpoint.LOAD_DAILY)),
            List.of(url(Endpoint.ONBOARD), url(Endpoint.ONBOARD_DAILY)));
  }

  private static URI url(Endpoint endpoint) {
    return URI.create(OUTSIDE.secure().url(endpoint));
  }

  /** How often load, onboard and their second addresses were called since it was made. */
  private static final class Calls {

    private final List<Long> before = now();

    List<Long> since() {
      List<Long> now = now();
      return List.of(
          now.get(0) - before.get(0),
          now.get(1) - before.get(1),
          now.get(2) - before.get(2),
          now.get(3) - before.get(3));
    }

    private static List<Long> now() {
      var ledger = OUTSIDE.secure().ledger();
      return List.of(
          ledger.calls(Endpoint.LOAD),
          ledger.calls(Endpoint.ONBOARD),
          ledger.calls(Endpoint.LOAD_DAILY),
          ledger.calls(Endpoint.ONBOARD_DAILY));
    }
  }
}
