package dev.evertoken.adapter.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.evertoken.domain.Secret;
import dev.evertoken.port.Sealer;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * A sealer over a Tink keyset, which can be exchanged while it is used; the context is the
 * associated data.
 */
public final class TinkSealer implements Sealer {

  private volatile Keys keys;

  public TinkSealer(Keyset keyset) {
    this.keys = new Keys(keyset, keyset.primaryPrefix());
  }

  /** Seals and opens with this keyset from now on. */
  public void use(Keyset keyset) {
    keys = new Keys(keyset, keyset.primaryPrefix());
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
    try {
      byte[] plain = keys.keyset().aead().decrypt(sealed, context.getBytes(UTF_8));
      return Secret.of(new String(plain, UTF_8));
    } catch (GeneralSecurityException e) {
      throw new CannotOpen("tampered with, of another context, or of an unknown key");
    }
  }

  @Override
  public boolean current(byte[] sealed) {
    byte[] prefix = keys.prefix();
    return sealed.length > prefix.length
        && Arrays.equals(sealed, 0, prefix.length, prefix, 0, prefix.length);
  }

  // One field for both: a reader never sees the keys of one set with the prefix of another.
  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves this class
  private record Keys(Keyset keyset, byte[] prefix) {}
}
