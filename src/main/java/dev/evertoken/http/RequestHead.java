package dev.evertoken.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What every call is asked for in the head of its request, read in one pass over the headers. */
final class RequestHead implements BiConsumer<String, String> {

  private int headers;
  private int hosts;
  private boolean body;
  private boolean sized;
  private @Nullable String transferCoding;
  private boolean expectsContinue;
  private @Nullable String accept;
  private @Nullable String authorization;
  private boolean authorizedTwice;

  private RequestHead() {}

  static RequestHead of(HttpServerRequest request) {
    RequestHead head = new RequestHead();
    request.headers().forEach(head);
    return head;
  }

  /** Takes the next header; the length of a name tells nearly all others apart. */
  @Override
  public void accept(String name, String value) {
    headers++;
    switch (name.length()) {
      case 4 -> hosts += name.equalsIgnoreCase("host") ? 1 : 0;
      case 6 -> acceptOrExpect(name, value);
      case 13 -> authorization(name, value);
      case 14 -> length(name, value);
      case 17 -> transferCoding(name, value);
      default -> {
        // Of no interest to every call.
      }
    }
  }

  private void acceptOrExpect(String name, String value) {
    if (accept == null && name.equalsIgnoreCase("accept")) {
      accept = value;
    }
    expectsContinue |= name.equalsIgnoreCase("expect") && value.equalsIgnoreCase("100-continue");
  }

  private void length(String name, String value) {
    if (name.equalsIgnoreCase("content-length")) {
      sized = true;
      body |= !value.equals("0");
    }
  }

  private void transferCoding(String name, String value) {
    if (name.equalsIgnoreCase("transfer-encoding")) {
      body = true;
      transferCoding = transferCoding == null ? value.strip() : transferCoding + "," + value;
    }
  }

  private void authorization(String name, String value) {
    if (name.equalsIgnoreCase("authorization")) {
      authorizedTwice |= authorization != null;
      authorization = value;
    }
  }

  int headers() {
    return headers;
  }

  int hosts() {
    return hosts;
  }

  /** Whether a body is announced. */
  boolean body() {
    return body;
  }

  /**
   * Whether the end of the body is where everybody on the way sees it: with another coding than
   * {@code chunked}, or with a length as well, two readers may see two requests (RFC 9112, section
   * 6.1).
   */
  boolean bodyEndsPlainly() {
    return transferCoding == null || (transferCoding.equalsIgnoreCase("chunked") && !sized);
  }

  /** Whether its sender waits to be told to go on (RFC 9110, section 10.1.1). */
  boolean expectsContinue() {
    return expectsContinue;
  }

  /** The first {@code Accept}. */
  @Nullable String accept() {
    return accept;
  }

  /** The {@code Authorization}, or the last of several. */
  @Nullable String authorization() {
    return authorization;
  }

  boolean authorizedTwice() {
    return authorizedTwice;
  }
}
