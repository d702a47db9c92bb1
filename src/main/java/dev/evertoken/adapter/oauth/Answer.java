package dev.evertoken.adapter.oauth;

import dev.evertoken.adapter.oauth.answer.AnswerBody;
import dev.evertoken.domain.ProviderAnswer;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came back over HTTP. */
record Answer(RawAnswer raw) {

  int status() {
    return raw.status();
  }

  /** The body as a JSON object whatever its content type says; null when it is none. */
  @Nullable Map<String, Object> json() {
    ProviderAnswer read = AnswerBody.read(raw, Instant.EPOCH);
    return read.whole() ? read.json() : null;
  }

  /** The body as text. */
  Secret body() {
    return AnswerBody.read(raw, Instant.EPOCH).body();
  }
}
