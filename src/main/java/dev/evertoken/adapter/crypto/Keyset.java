package dev.evertoken.adapter.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AeadKey;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.evertoken.domain.Secret;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The keys that seal what is stored: every one of them opens, the primary one seals.
 *
 * <p>Immutable. Written as Tink's cleartext JSON; new keys are AES256-GCM with Tink's key id
 * prefix.
 */
public final class Keyset {

  static {
    try {
      AeadConfig.register();
    } catch (GeneralSecurityException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int PREFIX = 5;

  private final KeysetHandle handle;
  private final Aead aead;

  private Keyset(KeysetHandle handle) throws GeneralSecurityException {
    this.handle = handle;
    this.aead = handle.getPrimitive(RegistryConfiguration.get(), Aead.class);
    for (int i = 0; i < handle.size(); i++) {
      if (handle.getAt(i).getKey() instanceof AeadKey key && key.getOutputPrefix().size() == 0) {
        throw new GeneralSecurityException("a key without an id prefix");
      }
    }
  }

  /** A keyset with one fresh key. */
  public static Keyset generate() {
    try {
      return new Keyset(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM lacks AES256-GCM", e);
    }
  }

  /** Reads the JSON form; fails with {@link BadKeyset}, whose text never holds key material. */
  public static Keyset parse(Secret json) {
    try {
      return new Keyset(
          TinkJsonProtoKeysetFormat.parseKeyset(json.reveal(), InsecureSecretKeyAccess.get()));
    } catch (GeneralSecurityException | RuntimeException e) {
      // No cause: a parser's message quotes what it could not read.
      throw new BadKeyset("not a Tink AEAD keyset in JSON whose keys carry an id prefix");
    }
  }

  /** With a fresh key added, which opens but does not seal yet. */
  public Keyset rotated() {
    return rebuilt(
        KeysetHandle.newBuilder(handle)
            .addEntry(
                KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                    .withRandomId()));
  }

  /** With its newest key as the primary one. */
  public Keyset promoted() {
    int newest =
        IntStream.range(0, handle.size())
            .filter(i -> handle.getAt(i).getStatus().equals(KeyStatus.ENABLED))
            .max()
            .orElseThrow(() -> new BadKeyset("no enabled key"));
    KeysetHandle.Builder builder = KeysetHandle.newBuilder(handle);
    builder.getAt(newest).makePrimary();
    return rebuilt(builder);
  }

  /** With its primary key alone: what the others have sealed opens no more. */
  public Keyset pruned() {
    return rebuilt(
        KeysetHandle.newBuilder()
            .addEntry(
                KeysetHandle.importKey(handle.getPrimary().getKey())
                    .withFixedId(primaryId())
                    .makePrimary()));
  }

  /** The JSON form, key material included. */
  public Secret json() {
    try {
      return Secret.of(
          TinkJsonProtoKeysetFormat.serializeKeyset(handle, InsecureSecretKeyAccess.get()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a keyset that was read cannot be written", e);
    }
  }

  public int size() {
    return handle.size();
  }

  /** The id of the key that seals. */
  public int primaryId() {
    return handle.getPrimary().getId();
  }

  /** The ids of all keys. */
  List<Integer> ids() {
    return IntStream.range(0, handle.size()).mapToObj(i -> handle.getAt(i).getId()).toList();
  }

  boolean holds(int id) {
    return ids().contains(id);
  }

  /** Whether one of its keys has sealed that, by the key id in front. */
  boolean sealed(byte[] ciphertext) {
    return IntStream.range(0, handle.size())
        .mapToObj(i -> ((AeadKey) handle.getAt(i).getKey()).getOutputPrefix().toByteArray())
        .anyMatch(prefix -> startsWith(ciphertext, prefix));
  }

  /** Whether that may be a ciphertext of some keyset: Tink's version byte, and a key id. */
  static boolean looksSealed(byte[] ciphertext) {
    return ciphertext.length > PREFIX && ciphertext[0] == 1;
  }

  static boolean startsWith(byte[] ciphertext, byte[] prefix) {
    return ciphertext.length > prefix.length
        && Arrays.equals(ciphertext, 0, prefix.length, prefix, 0, prefix.length);
  }

  Aead aead() {
    return aead;
  }

  /** What each ciphertext of the primary key begins with. */
  byte[] primaryPrefix() {
    return ((AeadKey) handle.getPrimary().getKey()).getOutputPrefix().toByteArray();
  }

  @Override
  public String toString() {
    return "Keyset[%d keys, primary %s]".formatted(size(), Integer.toUnsignedString(primaryId()));
  }

  private static Keyset rebuilt(KeysetHandle.Builder builder) {
    try {
      return new Keyset(builder.build());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a keyset that was read cannot be changed", e);
    }
  }

  /** The keyset cannot be used. */
  public static final class BadKeyset extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    BadKeyset(String why) {
      super(why);
    }
  }
}
