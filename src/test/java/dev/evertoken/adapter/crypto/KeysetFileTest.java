package dev.evertoken.adapter.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.evertoken.domain.Secret;
import dev.evertoken.port.Sealer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeysetFileTest {

  private static final Secret PLAIN = Secret.of("s");

  @TempDir private Path folder;
  private KeysetFile file;
  private TinkSealer sealer;
  private KeysetWatch watch;

  @BeforeEach
  void aSealerOfTheFile() throws IOException {
    file = new KeysetFile(folder.resolve("keyset.json"));
    file.write(Keyset.generate());
    sealer = new TinkSealer(file.read());
    watch = new KeysetWatch(file, sealer);
  }

  @Test
  void isReadableByItsOwnerOnlyAndLeavesNoOtherFile() throws IOException {
    file.write(file.read().rotated());

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file.path()));
    assertThat(file.openToOthers()).isFalse();
  }

  @Test
  void noticesThatOthersMayReadIt() throws IOException {
    Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r-----"));

    assertThat(file.openToOthers()).isTrue();
  }

  @Test
  void aChangedFileIsUsedAndOldCiphertextsStillOpen() throws IOException {
    byte[] old = sealer.seal(PLAIN, "c");

    file.write(file.read().rotated());
    watch.check();
    file.write(file.read().promoted());
    watch.check();

    assertThat(sealer.current(old)).isFalse();
    assertThat(sealer.open(old, "c")).isEqualTo(PLAIN);
  }

  @Test
  void anUnreadableOrForeignFileLeavesTheFormerKeysInUse() throws IOException {
    byte[] old = sealer.seal(PLAIN, "c");

    Files.writeString(file.path(), "{\"half\":");
    watch.check();
    assertThat(sealer.open(old, "c")).isEqualTo(PLAIN);

    file.write(Keyset.generate());
    watch.check();
    assertThat(sealer.open(old, "c")).isEqualTo(PLAIN);

    Files.delete(file.path());
    watch.check();
    assertThat(sealer.open(old, "c")).isEqualTo(PLAIN);
  }

  @Test
  void aFileThatIsGoodAgainIsUsed() throws IOException {
    Keyset good = file.read();
    Files.writeString(file.path(), "garbage");
    watch.check();

    file.write(good.rotated().promoted());
    watch.check();

    assertThat(sealer.keyset().size()).isEqualTo(2);
  }

  @Test
  void isReadAtOnceWhenACiphertextOfAnUnknownKeyIsMet() throws IOException {
    Keyset changed = file.read().rotated().promoted();
    byte[] ofAnother = new TinkSealer(changed).seal(PLAIN, "c");

    file.write(changed);

    assertThat(sealer.open(ofAnother, "c")).isEqualTo(PLAIN);
    assertThat(sealer.primary()).isEqualTo(new TinkSealer(changed).primary());
  }

  @Test
  void aCiphertextOfAKeyThatTheFileLacksIsToldFromOneThatWasTamperedWith() {
    byte[] ofAnother = new TinkSealer(Keyset.generate()).seal(PLAIN, "c");
    byte[] tampered = sealer.seal(PLAIN, "c");
    tampered[tampered.length - 1] ^= 1;

    assertThat(refused(ofAnother).unknownKey()).isTrue();
    assertThat(refused(tampered).unknownKey()).isFalse();
  }

  private Sealer.CannotOpen refused(byte[] ciphertext) {
    return catchThrowableOfType(Sealer.CannotOpen.class, () -> sealer.open(ciphertext, "c"));
  }

  @Test
  void saysWhetherTheFileIsInUse() throws IOException {
    Keyset good = file.read();
    watch.check();
    assertThat(watch.good()).isTrue();

    Files.writeString(file.path(), "garbage");
    watch.check();
    watch.check();
    assertThat(watch.good()).isFalse();

    Files.delete(file.path());
    watch.check();
    file.write(good);
    watch.check();
    assertThat(watch.good()).isTrue();
  }

  @Test
  void tellsWhoAskedOfEachChangeAndOfNothingElse() throws IOException {
    AtomicInteger told = new AtomicInteger();
    watch.onChange(told::incrementAndGet);

    watch.check();
    file.write(file.read().rotated());
    watch.check();
    watch.check();
    Files.writeString(file.path(), "garbage");
    watch.check();

    assertThat(told).hasValue(1);
  }

  @Test
  void aPrunedKeysetOpensOnlyWhatItsPrimaryKeyHasSealed() throws IOException {
    byte[] old = sealer.seal(PLAIN, "c");
    file.write(file.read().rotated().promoted());
    watch.check();
    byte[] fresh = sealer.seal(PLAIN, "c");

    file.write(file.read().pruned());
    watch.check();

    assertThat(sealer.keyset().size()).isEqualTo(1);
    assertThat(sealer.open(fresh, "c")).isEqualTo(PLAIN);
    assertThat(refused(old).unknownKey()).isTrue();
  }

  @Test
  void saysThatAFileHoldsNoKeyset() throws IOException {
    Files.writeString(file.path(), "garbage");

    assertThatThrownBy(() -> file.read())
        .isInstanceOf(Keyset.BadKeyset.class)
        .hasMessageNotContaining("garbage");
  }
}
