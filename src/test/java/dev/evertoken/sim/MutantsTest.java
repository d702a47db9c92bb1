package dev.evertoken.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.memory.MemoryDatabase.Broken;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.RefreshClaims.Mark;
import dev.evertoken.port.RefreshClaims.Settlement;
import io.vertx.core.Future;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each law that is broken by hand is missed by the oracle in some of the runs. */
class MutantsTest {

  private static final long MOST = 3000;

  /**
   * With the seed that showed it when it was last looked for; the search begins a little before.
   */
  @ParameterizedTest
  @CsvSource({
    "COMMIT_COMPARES_NOTHING, 51",
    "TAKES_A_CLAIM_THAT_IS_HELD, 3",
    "EXTENDS_A_CLAIM_THAT_IS_LOST, 113",
    "PROBES_WITH_THE_SAME_ACCOUNT, 14"
  })
  void isCaught(Broken law, long seed) {
    caught(Math.max(0, seed - 2), each -> new Simulation(each, CoreEngine::new).broken(law));
  }

  @Test
  void aSecondPresentationAfterAnUnreadableAnswerIsCaught() {
    caught(0, seed -> new Simulation(seed, ports -> new CoreEngine(forgetful(ports))));
  }

  @Test
  void anAnswerThatIsThrownAwayBecauseNobodyUnderstandsItIsCaught() {
    caught(0, seed -> new Simulation(seed, ports -> new CoreEngine(careless(ports))));
  }

  private static void caught(long from, LongFunction<Simulation> run) {
    assertThat(
            LongStream.range(from, from + MOST)
                .parallel()
                .mapToObj(seed -> run.apply(seed).run())
                .anyMatch(outcome -> !outcome.passed()))
        .isTrue();
  }

  /** An answer that cannot be read is taken for one that was lost. */
  private static SimPorts forgetful(SimPorts ports) {
    RefreshClaims claims = ports.stores().claims();
    RefreshClaims broken =
        proxy(
            RefreshClaims.class,
            (proxy, method, arguments) ->
                arguments[0] instanceof Settlement settlement
                    ? claims.settle(unknown(settlement))
                    : method.invoke(claims, arguments));
    return ports.with(broken);
  }

  private static Settlement unknown(Settlement settlement) {
    return settlement.mark() instanceof Mark.Unreadable unreadable
        ? new Settlement(
            settlement.account(),
            settlement.attempt(),
            settlement.generation(),
            settlement.outcome(),
            settlement.next(),
            new Mark.Unknown(unreadable.bench()),
            settlement.history())
        : settlement;
  }

  /** When it is settled that an answer cannot be read, its record goes. */
  private static SimPorts careless(SimPorts ports) {
    RefreshClaims claims = ports.stores().claims();
    Escrow escrow = ports.escrow();
    RefreshClaims broken =
        proxy(
            RefreshClaims.class,
            (proxy, method, arguments) ->
                arguments[0] instanceof Settlement settlement
                        && settlement.mark() instanceof Mark.Unreadable
                    ? settleAndDiscard(claims, escrow, settlement)
                    : method.invoke(claims, arguments));
    return ports.with(broken);
  }

  private static Future<Optional<Account>> settleAndDiscard(
      RefreshClaims claims, Escrow escrow, Settlement settlement) {
    return claims.settle(settlement).compose(row -> escrow.discard(settlement.attempt()).map(row));
  }

  private static <T> T proxy(Class<T> port, InvocationHandler handler) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              try {
                return handler.invoke(proxy, method, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
