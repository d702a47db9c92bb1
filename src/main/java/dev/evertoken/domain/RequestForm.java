package dev.evertoken.domain;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a provider wants to be asked, where it differs from RFC 6749.
 *
 * @param headers extra request headers; a value may hold a key
 * @param refreshUrl where refreshes go; null: the token URL
 * @param sendScope whether a refresh names the scopes
 */
public record RequestForm(
    BodyFormat bodyFormat,
    Map<String, Secret> headers,
    @Nullable URI refreshUrl,
    boolean sendScope,
    BasicEncoding basicEncoding) {

  public static final RequestForm DEFAULT =
      new RequestForm(BodyFormat.FORM, Map.of(), null, false, BasicEncoding.RFC6749);

  public RequestForm {
    headers = Map.copyOf(headers);
  }

  /** The media type of a request. */
  public enum BodyFormat {
    FORM,
    JSON
  }

  /** Whether id and secret are form-encoded before they are joined (RFC 6749, section 2.3.1). */
  public enum BasicEncoding {
    RFC6749,
    RAW
  }
}
