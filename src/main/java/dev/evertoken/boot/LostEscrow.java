package dev.evertoken.boot;

import dev.evertoken.boot.settings.Settings;
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
        .compose(
            wiring ->
                wiring
                    .core()
                    .replay()
                    .run()
                    .map(count -> new Result(count, wiring.ports().escrow().size())))
        .eventually(ending::close);
  }
}
