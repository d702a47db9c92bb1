package dev.evertoken.rig;

import dev.evertoken.domain.Secret;
import dev.evertoken.port.Sealer;
import java.util.List;

/** A sealer that lets something else happen between the reading of a ciphertext and its rewrite. */
public final class Interfering implements Sealer {

  private final Sealer sealer;
  private final Runnable meanwhile;

  public Interfering(Sealer sealer, Runnable meanwhile) {
    this.sealer = sealer;
    this.meanwhile = meanwhile;
  }

  @Override
  public byte[] reseal(byte[] sealed, String context) {
    byte[] fresh = sealer.reseal(sealed, context);
    meanwhile.run();
    return fresh;
  }

  @Override
  public byte[] seal(Secret plain, String context) {
    return sealer.seal(plain, context);
  }

  @Override
  public Secret open(byte[] sealed, String context) {
    return sealer.open(sealed, context);
  }

  @Override
  public boolean current(byte[] sealed) {
    return sealer.current(sealed);
  }

  @Override
  public String primary() {
    return sealer.primary();
  }

  @Override
  public List<String> known() {
    return sealer.known();
  }
}
