package dev.evertoken.adapter.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.evertoken.domain.Secret;
import dev.evertoken.port.Sealer;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * A sealer over a Tink keyset, which can be exchanged while it is used; the context is the
 * associated data.
 */
public final class TinkSealer implements Sealer {

  private volatile Keys keys;
  private volatile Runnable lookAgain = () -> {};

  public TinkSealer(Keyset keyset) {
    this.keys = new Keys(keyset, keyset.primaryPrefix());
  }

  /** Seals and opens with this keyset from now on. */
  public void use(Keyset keyset) {
    keys = new Keys(keyset, keyset.primaryPrefix());
  }

  /**
   * What is done when a ciphertext of an unknown key is met, before it is refused: another node may
   * have read the changed keyset sooner.
   */
  public void onUnknownKey(Runnable action) {
    lookAgain = action;
  }

  /** The keyset in use. */
  public Keyset keyset() {
    return keys.keyset();
  }

  @Override
  public byte[] seal(Secret plain, String context) {
    try {
      return keys.keyset().aead().encrypt(plain.reveal().getBytes(UTF_8), context.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing failed", e);
    }
  }

  @Override
  public Secret open(byte[] sealed, String context) {
    if (!keys.keyset().sealed(sealed)) {
      lookAgain.run();
    }
    Keyset keyset = keys.keyset();
    if (!keyset.sealed(sealed)) {
      throw new CannotOpen("its key is not in the keyset", Keyset.looksSealed(sealed));
    }
    try {
      byte[] plain = keyset.aead().decrypt(sealed, context.getBytes(UTF_8));
      return Secret.of(new String(plain, UTF_8));
    } catch (GeneralSecurityException e) {
      throw new CannotOpen("tampered with, or of another context");
    }
  }

  @Override
  public String primary() {
    return Integer.toUnsignedString(keys.keyset().primaryId());
  }

  @Override
  public List<String> known() {
    return keys.keyset().ids().stream().map(Integer::toUnsignedString).toList();
  }

  @Override
  public boolean current(byte[] sealed) {
    return Keyset.startsWith(sealed, keys.prefix());
  }

  // One field for both: a reader never sees the keys of one set with the prefix of another.
  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves this class
  private record Keys(Keyset keyset, byte[] prefix) {}
}
