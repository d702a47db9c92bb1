package dev.evertoken.adapter.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.evertoken.domain.Secret;
import dev.evertoken.port.Sealer;
import org.junit.jupiter.api.Test;

final class TinkSealerTest {

  private static final String CONTEXT = "i-1|inc-1|refresh_token";
  private static final Secret PLAIN = Secret.of("1//refresh-é");

  @Test
  void opensWhatItSealedForTheSameContext() {
    TinkSealer sealer = new TinkSealer(Keyset.generate());

    byte[] sealed = sealer.seal(PLAIN, CONTEXT);

    assertThat(sealer.open(sealed, CONTEXT)).isEqualTo(PLAIN);
    assertThat(new String(sealed, java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("refresh");
  }

  @Test
  void doesNotOpenForAnotherContext() {
    TinkSealer sealer = new TinkSealer(Keyset.generate());
    byte[] sealed = sealer.seal(PLAIN, CONTEXT);

    assertThatThrownBy(() -> sealer.open(sealed, "i-1|inc-2|refresh_token"))
        .isInstanceOf(Sealer.CannotOpen.class);
  }

  @Test
  void doesNotOpenWhatWasTamperedWithAnywhere() {
    TinkSealer sealer = new TinkSealer(Keyset.generate());
    byte[] sealed = sealer.seal(PLAIN, CONTEXT);

    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> sealer.open(changed, CONTEXT)).isInstanceOf(Sealer.CannotOpen.class);
    }
    assertThatThrownBy(() -> sealer.open(new byte[0], CONTEXT))
        .isInstanceOf(Sealer.CannotOpen.class);
  }

  @Test
  void doesNotOpenWithAForeignKeyset() {
    byte[] sealed = new TinkSealer(Keyset.generate()).seal(PLAIN, CONTEXT);

    assertThatThrownBy(() -> new TinkSealer(Keyset.generate()).open(sealed, CONTEXT))
        .isInstanceOf(Sealer.CannotOpen.class);
  }

  @Test
  void opensOldCiphertextsThroughARotationAndTellsThemFromCurrentOnes() {
    Keyset first = Keyset.generate();
    TinkSealer sealer = new TinkSealer(first);
    byte[] old = sealer.seal(PLAIN, CONTEXT);

    sealer.use(first.rotated());
    assertThat(sealer.current(old)).isTrue();
    assertThat(sealer.current(sealer.seal(PLAIN, CONTEXT))).isTrue();

    sealer.use(sealer.keyset().promoted());
    byte[] fresh = sealer.seal(PLAIN, CONTEXT);
    assertThat(sealer.open(old, CONTEXT)).isEqualTo(PLAIN);
    assertThat(sealer.open(fresh, CONTEXT)).isEqualTo(PLAIN);
    assertThat(sealer.current(old)).isFalse();
    assertThat(sealer.current(fresh)).isTrue();
  }

  @Test
  void aNodeThatStillSealsWithTheOldKeyReadsWhatAPromotedOneSealed() {
    Keyset rotated = Keyset.generate().rotated();
    byte[] sealed = new TinkSealer(rotated.promoted()).seal(PLAIN, CONTEXT);

    assertThat(new TinkSealer(rotated).open(sealed, CONTEXT)).isEqualTo(PLAIN);
  }

  @Test
  void refusesAKeysetThatIsNoneWithoutQuotingIt() {
    for (String json : new String[] {"", "{}", "null", "canary-key-material", "{\"key\":[]}"}) {
      assertThatThrownBy(() -> Keyset.parse(Secret.of(json)))
          .isInstanceOf(Keyset.BadKeyset.class)
          .hasNoCause()
          .hasMessageNotContaining("canary");
    }
  }

  @Test
  void printsNoKeyMaterial() {
    Keyset keyset = Keyset.generate();
    String value = keyset.json().reveal().replaceAll("(?s).*\"value\":\\s*\"([^\"]+)\".*", "$1");

    assertThat(value).hasSizeGreaterThan(40);
    assertThat(keyset.toString()).doesNotContain(value);
  }
}
