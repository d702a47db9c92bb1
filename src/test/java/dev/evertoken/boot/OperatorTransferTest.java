package dev.evertoken.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.boot.Operator.Said;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.scenario.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The operator's import and export, against a running service. */
final class OperatorTransferTest {

  @RegisterExtension final Service service = new Service();

  @TempDir private Path folder;

  private Operator operator;

  @BeforeEach
  void talkToIt() {
    operator = Operator.of("http://127.0.0.1:" + service.node(0).httpPort(), Service.ADMIN_KEY);
  }

  @Test
  void accountsGoOutToAFileAndComeInAgain() throws IOException {
    NewFamily family = family();
    String id = Long.toString(service.account(family));
    Path file = folder.resolve("accounts.json");

    assertThat(operator.says("accounts", "export").out()).doesNotContain(family.refreshToken());
    assertThat(operator.says("accounts", "export", "--secrets", "-o", file.toString()).code())
        .isZero();
    assertThat(operator.says("accounts", "export", "-o", file.toString()).code()).isEqualTo(2);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(file).content().contains(family.refreshToken());

    operator.says("accounts", "edit", id, "--name", "another");
    Said rehearsed = operator.says("accounts", "import", "--dry-run", file.toString());
    assertThat(rehearsed.err()).contains("Would be: 0 created, 1 updated");
    assertThat(operator.says("accounts", "show", id).field("name")).isEqualTo("another");
    Said imported = operator.saysWith(Files.readString(file), "accounts", "import");
    assertThat(imported.code()).isZero();
    assertThat(imported.lines().getLast()).contains("updated", id);
    assertThat(operator.says("accounts", "show", id).field("name"))
        .isEqualTo("account-" + family.id());
  }

  @Test
  void aLineThatFailsIsTheExitCodeAndTheOthersAreIn() {
    String lines =
        """
        {"name":"one","platform":"acme","credentials":{"refresh_token":"%s"}}
        {"name":"two","platform":"nowhere","credentials":{"refresh_token":"x"}}
        """
            .formatted(family().refreshToken());

    Said imported = operator.saysWith(lines, "accounts", "import", "--pool", "fast");

    assertThat(imported.code()).isEqualTo(1);
    assertThat(imported.err()).contains("1 created", "1 failed");
    assertThat(imported.lines().get(1)).startsWith("1 ").contains("created");
    assertThat(imported.lines().get(2)).startsWith("2 ").contains("failed");
    assertThat(operator.says("accounts", "list", "--pool", "fast").lines()).hasSize(2);
  }

  @Test
  void aFolderIsTakenInFileByFile() throws IOException {
    String one =
        "{\"name\":\"%s\",\"platform\":\"acme\",\"credentials\":{\"refresh_token\":\"%s\"}}";
    Files.writeString(folder.resolve("b.json"), one.formatted("b", family().refreshToken()));
    Files.writeString(folder.resolve("a.JSONL"), one.formatted("a", family().refreshToken()));
    Files.writeString(folder.resolve("notes.txt"), "not for us");

    Said imported = operator.says("accounts", "import", folder.toString());

    assertThat(imported.code()).isZero();
    assertThat(imported.err()).containsSubsequence("a.JSONL:", "1 created", "b.json:", "1 created");
    assertThat(imported.err()).doesNotContain("notes.txt");

    Files.writeString(folder.resolve("a.json"), "{\n}");
    Said again = operator.says("accounts", "import", folder.toString());
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).containsSubsequence("a.json:", "accounts", "b.json:", "1 updated");
  }

  @Test
  void aFolderWithoutFilesOfAccountsIsAWrongCommand() {
    assertThat(operator.says("accounts", "import", folder.toString()).code()).isEqualTo(2);
  }

  private NewFamily family() {
    return service.provider().newFamily();
  }
}
