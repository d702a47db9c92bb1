package dev.evertoken.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.boot.settings.BadSettings;
import dev.evertoken.boot.settings.Settings;
import dev.evertoken.boot.settings.SettingsLoader;
import dev.evertoken.domain.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StartFilesTest {

  @TempDir private Path folder;

  @Nested
  final class DataFolders {

    @Test
    void areMadeForTheirOwnerAlone() throws IOException {
      try (DataFolder data = DataFolder.open(folder.resolve("a/b"))) {
        assertThat(mode(data.path())).isEqualTo("rwx------");
        assertThat(mode(data.resolve("lock"))).isEqualTo("rw-------");
        assertThat(data.openToOthers()).isFalse();
      }
    }

    @Test
    void belongToOneProcessUntilItLetsGo() throws IOException {
      Path path = folder.resolve("data");
      try (DataFolder held = DataFolder.open(path)) {
        assertThatThrownBy(() -> DataFolder.open(path))
            .isInstanceOf(BadSettings.class)
            .hasMessageStartingWith("data.dir: \"" + held.path() + "\" belongs to another running")
            .hasMessageContaining("(pid " + ProcessHandle.current().pid() + ")");
      }
      DataFolder.open(path).close();
    }

    @Test
    void thatCannotBeMadeAreAProblem() throws IOException {
      Path file = Files.createFile(folder.resolve("file"));

      assertThatThrownBy(() -> DataFolder.open(file.resolve("data")))
          .isInstanceOf(BadSettings.class)
          .hasMessageStartingWith("data.dir: ");
    }
  }

  @Nested
  final class AdminKeys {

    @Test
    void areMadeOnceAndKeptForTheirOwnerAlone() throws IOException {
      AdminKey first = AdminKey.of(null, folder);
      AdminKey second = AdminKey.of(null, folder);

      assertThat(first.fresh()).isTrue();
      assertThat(first.key().reveal()).hasSize(43);
      assertThat(second).isEqualTo(new AdminKey(first.key(), false));
      assertThat(mode(folder.resolve("admin.key"))).isEqualTo("rw-------");
    }

    @Test
    void areDifferentEverywhere() throws IOException {
      Path other = Files.createDirectory(folder.resolve("other"));

      assertThat(AdminKey.of(null, folder).key()).isNotEqualTo(AdminKey.of(null, other).key());
    }

    @Test
    void ofTheEnvironmentComeFirstAndAreNotWritten() throws IOException {
      Secret given = Secret.of("k".repeat(32));

      assertThat(AdminKey.of(given, folder)).isEqualTo(new AdminKey(given, false));
      assertThat(folder).isEmptyDirectory();
    }

    @Test
    void thatAreTooShortAreAProblemWithoutBeingQuoted() throws IOException {
      Files.writeString(folder.resolve("admin.key"), "canary\n");

      assertThatThrownBy(() -> AdminKey.of(null, folder))
          .isInstanceOf(BadSettings.class)
          .hasMessageContaining("32 characters")
          .hasMessageNotContaining("canary");
    }
  }

  @Nested
  final class Keysets {

    @Test
    void areMadeBesideAnEmbeddedPostgres() throws IOException {
      SealingKeys first = SealingKeys.of(settings(Map.of()), folder);
      byte[] sealed = first.sealer().seal(Secret.of("x"), "c");

      assertThat(SealingKeys.of(settings(Map.of()), folder).sealer().open(sealed, "c"))
          .isEqualTo(Secret.of("x"));
      assertThat(mode(folder.resolve("keyset.json"))).isEqualTo("rw-------");
    }

    @Test
    void areNotMadeAnewWhereDataNeedTheOldOne() throws IOException {
      Files.createDirectory(folder.resolve("postgres"));

      assertThatThrownBy(() -> SealingKeys.of(settings(Map.of()), folder))
          .isInstanceOf(BadSettings.class)
          .hasMessageContaining("bring the file back");
    }

    @Test
    void thatAreMissingBesideAnExternalPostgresSayHowToMakeOne() {
      assertThatThrownBy(
              () -> SealingKeys.of(settings(Map.of("postgres.uri", "postgresql://db/e")), folder))
          .isInstanceOf(BadSettings.class)
          .hasMessageStartingWith("encryption.keyset_file: is missing")
          .hasMessageContaining("java -jar evertoken.jar keyset new > keyset.json");
    }

    @Test
    void thatAreNamedAndMissingAreNeverMade() {
      Path file = folder.resolve("k.json");

      assertThatThrownBy(
              () -> SealingKeys.of(settings(Map.of("encryption.keyset_file", "" + file)), folder))
          .isInstanceOf(BadSettings.class)
          .hasMessageContaining("does not exist");
      assertThat(file).doesNotExist();
    }

    @Test
    void ofTheEnvironmentAreUsedAndNotQuotedWhereTheyAreBad() throws IOException {
      Keyset keyset = Keyset.generate();
      Settings good =
          SettingsLoader.of(Map.of(), Map.of("EVERTOKEN_ENCRYPTION_KEYSET", keyset.json().reveal()))
              .settings();
      Settings bad =
          SettingsLoader.of(Map.of(), Map.of("EVERTOKEN_ENCRYPTION_KEYSET", "canary")).settings();

      assertThat(SealingKeys.of(good, folder).sealer().keyset().primaryId())
          .isEqualTo(keyset.primaryId());
      assertThatThrownBy(() -> SealingKeys.of(bad, folder))
          .isInstanceOf(BadSettings.class)
          .hasMessageContaining("EVERTOKEN_ENCRYPTION_KEYSET")
          .hasMessageNotContaining("canary");
    }
  }

  private static Settings settings(Map<String, String> values) {
    return SettingsLoader.of(values, Map.of()).settings();
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
