package dev.evertoken.boot;

import dev.evertoken.boot.settings.Settings;
import dev.evertoken.port.Escrow;
import io.vertx.core.Future;
import java.nio.file.Path;

/** Delivers what a lost node's disk still holds, without serving anybody. */
final class LostEscrow {

  private LostEscrow() {}

  record Result(int delivered, int remaining) {}

  /** Delivers the escrow of a data folder (or of its {@code escrow} folder). */
  static Future<Result> deliver(Path folder, Settings settings) {
    Ending ending = new Ending();
    Path absolute = folder.toAbsolutePath().normalize();
    Path dataDir =
        absolute.endsWith("escrow") ? absolute.resolveSibling(".").normalize() : absolute;
    // A node with servers of its own may run beside; an embedded one must not.
    boolean owned = settings.embedsServers();
    return Ground.open(settings, NodeId.fresh(), owned, ending)
        .compose(ground -> Wiring.of(ground, dataDir, ending))
        .compose(LostEscrow::replay)
        .eventually(ending::close);
  }

  private static Future<Result> replay(Wiring wiring) {
    Escrow escrow = wiring.ports().escrow();
    return wiring
        .core()
        .replay()
        .run()
        // Asked after the marks of what was delivered, it is answered after them.
        .compose(delivered -> escrow.pending().map(left -> new Result(delivered, escrow.size())));
  }
}
