package dev.evertoken.rig;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A token endpoint on a plain socket that answers with any bytes, and keeps a strict ledger.
 *
 * <p>At each answer that carries a token the refresh token that was presented is spent. Presented
 * again it ends the grant. Safe for use by several threads.
 */
public final class OddProvider implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");
  private static final AnswerFile REFUSAL = AnswerFile.json(400, "{\"error\":\"invalid_grant\"}");

  /** A call: whose grant it was for, and whether its refresh token was spent by then. */
  public record Call(String grant, Instant at, boolean repeated) {}

  private static final class Ledger {
    private int number = 1;
    private boolean ended;
    private boolean keeps;
    private @Nullable AnswerFile answer;
  }

  private final Listener listener;
  private final AtomicInteger grants = new AtomicInteger();
  private final Map<String, Ledger> ledgers = new HashMap<>();
  private final List<Call> calls = new ArrayList<>();
  private Function<String, AnswerFile> common = grant -> AnswerFile.PLAIN;
  private volatile Runnable beforeAnswer = () -> {};

  public OddProvider() {
    try {
      listener = new Listener(ServerSocket::new, this::serve);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + listener.port() + "/token";
  }

  /** A new grant; its first refresh token is {@link #live}. */
  public synchronized String grant() {
    String grant = "g" + grants.incrementAndGet();
    ledgers.put(grant, new Ledger());
    return grant;
  }

  /** The refresh token that this grant's next call must present. */
  public synchronized String live(String grant) {
    return refreshToken(grant, ledger(grant).number);
  }

  /** The access token of its last answer. */
  public synchronized String accessToken(String grant) {
    return accessToken(grant, ledger(grant).number);
  }

  /** How many of its refresh tokens were spent. */
  public synchronized int spent(String grant) {
    return ledger(grant).number - 1;
  }

  /** Whether it was ended because a spent refresh token came again. */
  public synchronized boolean ended(String grant) {
    return ledger(grant).ended;
  }

  /** From now on this grant's refresh token is not spent, and each answer carries it again. */
  public synchronized void keeps(String grant) {
    ledger(grant).keeps = true;
  }

  /** From now on this grant gets that answer. */
  public synchronized void answer(String grant, AnswerFile answer) {
    ledger(grant).answer = answer;
  }

  /** From now on each grant without an answer of its own gets that one. */
  public synchronized void answer(AnswerFile answer) {
    common = grant -> answer;
  }

  /** Each grant gets the common answer again. */
  public synchronized void sameForAll() {
    ledgers.values().forEach(ledger -> ledger.answer = null);
  }

  /** Runs between the decision and the first byte of an answer. */
  public void beforeAnswer(Runnable action) {
    beforeAnswer = action;
  }

  /** Refuses connections until {@link #up}. */
  public void down() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void up() {
    try {
      listener.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  public synchronized List<Call> calls(String grant) {
    return calls.stream().filter(call -> call.grant().equals(grant)).toList();
  }

  /** The calls that presented a spent refresh token. */
  public synchronized List<Call> repeats() {
    return calls.stream().filter(Call::repeated).toList();
  }

  private Ledger ledger(String grant) {
    return Optional.ofNullable(ledgers.get(grant)).orElseThrow();
  }

  private static String refreshToken(String grant, int number) {
    return "rt-" + grant + "-" + number + "-" + "r".repeat(40);
  }

  private static String accessToken(String grant, int number) {
    return "at-" + grant + "-" + number + "-" + "a".repeat(40);
  }

  private synchronized byte[] decide(String presented) {
    Matcher parts = Pattern.compile("rt-(g\\d+)-(\\d+)-r+").matcher(presented);
    if (!parts.matches()) {
      return bytes(REFUSAL, "g0", 0, 0);
    }
    String grant = parts.group(1);
    Ledger ledger = ledger(grant);
    boolean repeated = Integer.parseInt(parts.group(2)) != ledger.number;
    calls.add(new Call(grant, Instant.now(), repeated));
    ledger.ended |= repeated;
    if (ledger.ended) {
      return bytes(REFUSAL, grant, 0, 0);
    }
    AnswerFile answer = ledger.answer == null ? common.apply(grant) : ledger.answer;
    int before = ledger.number;
    if (answer.spends() && !ledger.keeps) {
      ledger.number++;
    }
    return bytes(answer, grant, ledger.number, ledger.keeps ? before : ledger.number);
  }

  private static byte[] bytes(AnswerFile answer, String grant, int access, int refresh) {
    return answer.bytes(accessToken(grant, access), refreshToken(grant, refresh), Instant.now());
  }

  private void serve(Socket socket) {
    try (socket) {
      byte[] answer = decide(presented(request(socket.getInputStream())));
      beforeAnswer.run();
      socket.getOutputStream().write(answer);
      socket.shutdownOutput();
      // Until the caller has closed: else what it has not read yet could be lost.
      socket.setSoTimeout(60_000);
      socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      // The caller went away.
    }
  }

  private static String request(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    int gap = -1;
    int length = 0;
    while (gap < 0 || text.length() < gap + 4 + length) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("The request ended early");
      }
      text.append((char) next);
      if (gap < 0 && text.indexOf("\r\n\r\n") >= 0) {
        gap = text.indexOf("\r\n\r\n");
        Matcher found = LENGTH.matcher(text);
        length = found.find() ? Integer.parseInt(found.group(1)) : 0;
      }
    }
    return text.substring(gap + 4);
  }

  private static String presented(String body) {
    for (String pair : body.split("&", -1)) {
      if (pair.startsWith("refresh_token=")) {
        return URLDecoder.decode(pair.substring(14), StandardCharsets.UTF_8);
      }
    }
    return "";
  }

  @Override
  public void close() {
    down();
  }
}
