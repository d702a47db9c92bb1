package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.dev.ProjectAnswers;
import dev.evertoken.dev.SimulatedProvider;
import dev.evertoken.rig.Await;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProjectTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @RegisterExtension
  private final Service service =
      new Service()
          .acme(
              "project",
              "{load_urls: [\"{provider}/v1internal:loadCodeAssist\","
                  + " \"{provider}/daily/v1internal:loadCodeAssist\"],"
                  + " onboard_urls: [\"{provider}/v1internal:onboardUser\","
                  + " \"{provider}/daily/v1internal:onboardUser\"], cooldown: 5m}");

  private long account(NewFamily family) {
    return service.account(family, Duration.ofMinutes(40));
  }

  private void awaitProject(long id, NewFamily family) {
    Await.until(
        "the project is answered",
        () -> SimulatedProvider.projectOf(family.id()).equals(project(service.talk().token(id))),
        SOON);
  }

  private static String project(Answer answer) {
    return answer.json().getJsonObject("account").getString("project_id");
  }

  private void answers(ProjectAnswers answers) {
    service.provider().switches().change(draft -> draft.project(answers));
  }

  private long loads() {
    return service.provider().ledger().calls(Endpoint.LOAD);
  }

  private long onboards() {
    return service.provider().ledger().calls(Endpoint.ONBOARD);
  }

  @ParameterizedTest
  @EnumSource(names = {"STRING", "OBJECT"})
  @DisplayName("69 a project is found and stored, as a string and as an object with an id")
  void found(ProjectAnswers.Form form) {
    answers(ProjectAnswers.READY.as(form));
    NewFamily family = service.provider().newFamily();
    long id = account(family);

    awaitProject(id, family);

    assertThat(service.talk().account(id).getString("project_id"))
        .isEqualTo(SimulatedProvider.projectOf(family.id()));
    assertThat(onboards()).isZero();
    assertThat(service.calls()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"STRING", "OBJECT"})
  @DisplayName("69 an account without a project is onboarded, asked again until that is done")
  void onboarded(ProjectAnswers.Form form) {
    answers(ProjectAnswers.READY.as(form).onboardedAfter(1));
    NewFamily family = service.provider().newFamily();
    long id = account(family);

    awaitProject(id, family);

    assertThat(onboards()).isEqualTo(2);
    assertThat(loads()).isOne();
  }

  @Test
  @DisplayName(
      "70 without a default tier the token is answered in its time, the project stays missing and"
          + " is looked up once in a cooldown")
  void noDefaultTier() {
    answers(ProjectAnswers.READY.onboardedAfter(1).withoutDefaultTier());
    long id = service.account(service.provider().newFamily());

    Answer first = service.talk().token(id);

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.warnings()).contains("project_missing");
    Await.until("the lookup was made", () -> loads() == 1, SOON);
    for (int i = 0; i < 20; i++) {
      Answer again = service.talk().token(id);
      assertThat(again.warnings()).contains("project_missing");
      assertThat(project(again)).isNull();
    }
    assertThat(loads()).isOne();
    assertThat(onboards()).isZero();
    assertThat(service.calls()).isOne();
  }

  @Test
  @DisplayName("70 onboarding that ends without a project leaves it missing, and the token served")
  void doneWithoutProject() {
    answers(ProjectAnswers.READY.as(ProjectAnswers.Form.MISSING).onboardedAfter(0));
    long id = account(service.provider().newFamily());

    assertThat(service.talk().token(id).warnings()).contains("project_missing");
    Await.until("the onboarding was asked for", () -> onboards() == 1, SOON);
    Answer after = service.talk().token(id);
    assertThat(after.status()).isEqualTo(200);
    assertThat(after.warnings()).contains("project_missing");
    assertThat(loads()).isOne();
  }

  @Test
  @DisplayName(
      "70, 71 a lookup that hangs delays no token; the first answer after it has all of one"
          + " revision")
  void neverDelays() {
    service
        .provider()
        .switches()
        .fault(Endpoint.LOAD, Fault.delayed(Duration.ofSeconds(2)).times(1));
    NewFamily family = service.provider().newFamily();
    long id = service.account(family);

    Answer first = service.talk().token(id);
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.warnings()).contains("project_missing");
    Await.until("the lookup is made", () -> loads() == 1, SOON);
    Answer meanwhile = service.talk().token(id);
    assertThat(meanwhile.warnings()).contains("project_missing");
    assertThat(meanwhile.took()).isLessThan(Duration.ofSeconds(2));

    awaitProject(id, family);
    Answer complete = service.talk().token(id);
    assertThat(complete.warnings()).doesNotContain("project_missing");
    assertThat(complete.token()).isEqualTo(first.token());
    assertThat(complete.json().getLong("generation")).isEqualTo(first.json().getLong("generation"));
  }

  @Test
  @DisplayName("72 where the lookup fails, the project that is known stays")
  void oldProjectStays() {
    NewFamily family = service.provider().newFamily();
    service.provider().switches().fault(Endpoint.LOAD, Fault.error(500, "broken"));
    service.provider().switches().fault(Endpoint.LOAD_DAILY, Fault.error(500, "broken"));
    long id =
        service.account(
            family, body -> body.getJsonObject("credentials").put("project_id", "old-project"));

    Answer refreshed = service.talk().token(id);

    assertThat(project(refreshed)).isEqualTo("old-project");
    service.talk().post("/v1/accounts/" + id + "/refresh", new JsonObject());
    Answer after = service.talk().token(id);
    assertThat(project(after)).isEqualTo("old-project");
    assertThat(after.warnings()).doesNotContain("project_missing");
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 408, 429, 500, 503})
  @DisplayName("73 where the first address fails, the second one is asked")
  void secondAddress(int status) {
    service.provider().switches().fault(Endpoint.LOAD, Fault.error(status, "broken"));
    NewFamily family = service.provider().newFamily();
    long id = account(family);

    awaitProject(id, family);

    assertThat(loads()).isOne();
    assertThat(service.provider().ledger().calls(Endpoint.LOAD_DAILY)).isOne();
  }

  @Test
  @DisplayName("73 a 403 is not tried at another address, nor again within the cooldown")
  void forbidden() {
    service.provider().switches().fault(Endpoint.LOAD, Fault.error(403, "forbidden"));
    long id = account(service.provider().newFamily());

    service.talk().token(id);
    Await.until("the lookup was made", () -> loads() == 1, SOON);
    for (int i = 0; i < 10; i++) {
      assertThat(service.talk().token(id).warnings()).contains("project_missing");
    }

    assertThat(loads()).isOne();
    assertThat(service.provider().ledger().calls(Endpoint.LOAD_DAILY)).isZero();
    assertThat(service.talk().account(id).getJsonObject("temp_unschedulable").getBoolean("active"))
        .isFalse();
  }
}
