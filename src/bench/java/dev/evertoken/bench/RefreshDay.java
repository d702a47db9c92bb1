package dev.evertoken.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Locale;
import java.util.Queue;

/**
 * The refreshes a second of 10 million accounts over one day, worked out second by second, with and
 * without jitter: {@code RefreshDay FILE.svg}.
 *
 * <p>Tokens live an hour. All accounts are imported between 0:00 and 0:10, which is as uneven as it
 * gets, and from 12:00 to 12:20 the provider answers nobody.
 */
public final class RefreshDay {

  private static final int ACCOUNTS = 10_000_000;
  private static final int DAY = 86_400;
  private static final int IMPORT = 600;
  private static final int OUTAGE_FROM = 12 * 3600;
  private static final int OUTAGE_TO = OUTAGE_FROM + 1200;

  /** A lifetime of 60 min less the safety margin of 5 and the window of 15. */
  private static final int PERIOD = 40 * 60;

  private final int jitter;
  private final int limit;

  /** Due accounts by second and jitter. */
  private final int[][] due = new int[DAY][];

  private final double[] rate = new double[DAY];

  /**
   * Sets up one course of the day.
   *
   * @param jitter the most that an account is refreshed early, in seconds
   * @param limit refreshes a second that all platforms and nodes together allow
   */
  private RefreshDay(int jitter, int limit) {
    this.jitter = jitter;
    this.limit = limit;
    for (int second = 0; second < IMPORT; second++) {
      add(second, second % (jitter + 1), ACCOUNTS / IMPORT);
    }
    if (jitter > 0) {
      spreadImport();
    }
  }

  /** Every second's import holds accounts of every jitter. */
  private void spreadImport() {
    Arrays.fill(due, null);
    for (int second = 0; second < IMPORT; second++) {
      for (int early = 0; early <= jitter; early++) {
        add(second, early, ACCOUNTS / IMPORT / (jitter + 1));
      }
    }
  }

  private void add(int second, int early, int accounts) {
    if (second < DAY) {
      int[] slots = due[second];
      if (slots == null) {
        slots = new int[jitter + 1];
        due[second] = slots;
      }
      slots[early] += accounts;
    }
  }

  private RefreshDay run() {
    Queue<int[]> waiting = new ArrayDeque<>();
    for (int now = 0; now < DAY; now++) {
      int[] slots = due[now];
      for (int early = 0; slots != null && early <= jitter; early++) {
        if (slots[early] > 0) {
          waiting.add(new int[] {early, slots[early]});
        }
      }
      boolean away = now >= OUTAGE_FROM && now < OUTAGE_TO;
      rate[now] = away ? 0 : refresh(waiting, now);
    }
    return this;
  }

  private int refresh(Queue<int[]> waiting, int now) {
    int left = limit;
    while (left > 0 && !waiting.isEmpty()) {
      int[] first = waiting.element();
      int some = Math.min(left, first[1]);
      add(now + PERIOD - first[0], first[0], some);
      left -= some;
      first[1] -= some;
      if (first[1] == 0) {
        waiting.remove();
      }
    }
    return limit - left;
  }

  /** The highest mean of a minute between two hours of the day. */
  private double peak(int fromHour, int toHour) {
    double most = 0;
    for (int minute = fromHour * 60; minute < toHour * 60; minute++) {
      most = Math.max(most, ofMinute(minute));
    }
    return most;
  }

  private double ofMinute(int minute) {
    return Arrays.stream(rate, minute * 60, minute * 60 + 60).average().orElse(0);
  }

  public static void main(String[] arguments) throws IOException {
    double mean = (double) ACCOUNTS / PERIOD;
    RefreshDay lockstep = new RefreshDay(0, Integer.MAX_VALUE).run();
    RefreshDay jittered = new RefreshDay(90, Integer.MAX_VALUE).run();
    RefreshDay limited = new RefreshDay(90, (int) (1.5 * mean)).run();
    System.out.printf(Locale.ROOT, "mean %.0f/s%n", mean);
    report("no jitter, no limit", lockstep);
    report("jitter of 90 s, no limit", jittered);
    report("jitter of 90 s, limit 1.5 × mean", limited);
    Files.writeString(Path.of(arguments[0]), svg(lockstep, jittered, limited));
  }

  private static void report(String name, RefreshDay day) {
    System.out.printf(
        Locale.ROOT,
        "%s: peak of a minute 1-4 h %.0f/s, 8-12 h %.0f/s, after the outage %.0f/s, 20-24 h"
            + " %.0f/s%n",
        name,
        day.peak(1, 4),
        day.peak(8, 12),
        day.peak(12, 14),
        day.peak(20, 24));
  }

  private static String svg(RefreshDay... days) {
    String[] colours = {"#c0392b", "#2980b9", "#27ae60"};
    String[] names = {"no jitter", "jitter of 90 s", "jitter of 90 s, at most 1.5 × the mean"};
    StringBuilder svg =
        new StringBuilder(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 660\""
                + " font-family=\"sans-serif\" font-size=\"13\">\n"
                + "<rect width=\"1000\" height=\"660\" fill=\"white\"/>\n");
    double top = 20_000;
    for (int i = 0; i < days.length; i++) {
      int base = 200 + i * 210;
      svg.append(
          "<text x=\"60\" y=\"%d\" fill=\"%s\">%s: refreshes a second</text>\n"
              .formatted(base - 168, colours[i], names[i]));
      for (int mark : new int[] {0, 5_000, 10_000, 15_000, 20_000}) {
        double y = base - mark / top * 160;
        svg.append(
            "<line x1=\"60\" x2=\"980\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/><text x=\"52\" y=\"%.1f\" text-anchor=\"end\" font-size=\"10\">%d</text>\n"
                .formatted(y, y, y + 3, mark));
      }
      svg.append("<polyline fill=\"none\" stroke=\"%s\" points=\"".formatted(colours[i]));
      for (int minute = 0; minute < 1440; minute++) {
        double y = base - Math.min(top, days[i].ofMinute(minute)) / top * 160;
        svg.append("%.1f,%.1f ".formatted(60 + minute * 920.0 / 1440, y));
      }
      svg.append("\"/>\n");
      for (int hour = 0; hour <= 24; hour += 3) {
        svg.append(
            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" font-size=\"10\">%d:00</text>\n"
                .formatted(60 + hour * 920.0 / 24, base + 14, hour));
      }
    }
    return svg.append("</svg>\n").toString();
  }
}
