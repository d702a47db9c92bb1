package dev.evertoken.dev;

import dev.evertoken.dev.Presentation.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A simulated provider for each test, with a caller and a settable clock. */
final class RunningProvider implements BeforeEachCallback, AfterEachCallback {
  private final SettableClock clock = new SettableClock();
  private final Vertx vertx = Vertx.vertx();
  private @Nullable SimulatedProvider provider;
  private @Nullable ProviderTalk talk;

  @Override
  public void beforeEach(ExtensionContext context) {
    provider = SimulatedProvider.start(vertx, ProviderOptions.DEFAULT.by(clock)).await();
    talk = new ProviderTalk(provider());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    talk().close();
    vertx.close().await();
  }

  SimulatedProvider provider() {
    return started(provider);
  }

  ProviderTalk talk() {
    return started(talk);
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("Only inside a test");
    }
    return part;
  }

  SettableClock clock() {
    return clock;
  }

  Ledger ledger() {
    return provider().ledger();
  }

  Switches switches() {
    return provider().switches();
  }

  NewFamily newFamily() {
    return provider().newFamily();
  }

  NewFamily newFamily(String marker) {
    return provider().newFamily(marker);
  }

  JsonObject refreshed(NewFamily family) throws Exception {
    return new JsonObject(talk().refresh(family.refreshToken()).body());
  }

  boolean isValid(String accessToken) {
    return ledger().isAccessTokenValid(accessToken, clock.instant());
  }

  List<Outcome> outcomes(NewFamily family) {
    return ledger().presentations(family.id()).stream().map(Presentation::outcome).toList();
  }
}
