package dev.evertoken.adapter.journal;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.domain.Secret;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/** Keeps answers until it is killed, and tells each one that a kill cannot take back. */
final class EscrowChild {

  private EscrowChild() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Keyset keys = Keyset.parse(Secret.of(Files.readString(folder.resolve("keys"))));
    JournalEscrow escrow =
        JournalEscrow.open(Vertx.vertx(), folder, new TinkSealer(keys), InstantSource.system());
    for (long n = 1; true; n++) {
      long number = n;
      escrow.keep(EscrowSamples.entry(n)).written().onSuccess(kept -> tell(number)).await();
    }
  }

  private static void tell(long number) {
    System.out.println(number);
    System.out.flush();
  }
}
