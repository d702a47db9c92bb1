package dev.evertoken.adapter.oauth.answer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Undoes compression: gzip and deflate, stacked or misnamed, up to a bound.
 *
 * <p>What cannot be undone here stays as it is, and then has no structure.
 */
final class ContentCoding {

  static final int LONGEST = 2 * 1024 * 1024;

  private static final int MOST_LAYERS = 5;

  private final byte[] bytes;
  private final boolean whole;

  private ContentCoding(byte[] bytes, boolean whole) {
    this.bytes = bytes;
    this.whole = whole;
  }

  /** What came out; where the end is missing, what came before it. */
  byte[] bytes() {
    return bytes;
  }

  /** Whether all of it came out. */
  boolean whole() {
    return whole;
  }

  /** Undoes what a {@code Content-Encoding} names, and gzip that nobody named. */
  static ContentCoding undone(byte[] body, String codings) {
    ContentCoding undone = new ContentCoding(body, true);
    List<String> named = named(codings);
    for (int i = named.size() - 1; i >= 0; i--) {
      undone = undone.without(named.get(i));
    }
    for (int i = 0; i < MOST_LAYERS && gzip(undone.bytes()); i++) {
      undone = undone.inflated("gzip");
    }
    return undone;
  }

  private static List<String> named(String codings) {
    List<String> named = new ArrayList<>();
    for (String coding : codings.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
      String bare = coding.replaceAll("[\"']|;.*", "").replaceFirst("^x-", "");
      if (!bare.isEmpty() && !bare.equals("identity") && !bare.equals("none")) {
        named.add(bare);
      }
    }
    return named.size() > MOST_LAYERS ? named.subList(0, MOST_LAYERS) : named;
  }

  /** A coding that is named wrongly is taken for what the bytes look like. */
  private ContentCoding without(String coding) {
    boolean deflate = coding.equals("deflate") || coding.equals("zlib");
    if (gzip(bytes)) {
      return inflated("gzip");
    }
    if (zlib(bytes) && (deflate || coding.equals("gzip"))) {
      return inflated("zlib");
    }
    if (deflate) {
      ContentCoding raw = inflated("raw");
      return raw.bytes().length == 0 ? this : raw;
    }
    return this;
  }

  private ContentCoding inflated(String kind) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length * 2);
    Inflater inflater = new Inflater(kind.equals("raw"));
    try (InputStream in = stream(kind, inflater)) {
      byte[] buffer = new byte[8192];
      int count = in.read(buffer);
      while (count >= 0 && out.size() < LONGEST) {
        out.write(buffer, 0, count);
        count = in.read(buffer);
      }
      return new ContentCoding(out.toByteArray(), whole && count < 0);
    } catch (EOFException cut) {
      return new ContentCoding(out.toByteArray(), false);
    } catch (IOException damaged) {
      // The checksum speaks of what came before too: a damaged token must not be kept as a good
      // one.
      return new ContentCoding(new byte[0], false);
    } finally {
      inflater.end();
    }
  }

  private InputStream stream(String kind, Inflater inflater) throws IOException {
    InputStream in = new ByteArrayInputStream(bytes);
    return kind.equals("gzip") ? new GZIPInputStream(in) : new InflaterInputStream(in, inflater);
  }

  private static boolean gzip(byte[] bytes) {
    return bytes.length > 2 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b;
  }

  /** RFC 1950, section 2.2: the method, and a checksum over the first two bytes. */
  private static boolean zlib(byte[] bytes) {
    return bytes.length > 2
        && (bytes[0] & 0x0f) == 8
        && ((bytes[0] & 0xff) * 256 + (bytes[1] & 0xff)) % 31 == 0;
  }
}
