package dev.evertoken.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What came out: rounds of the measured and, where there is one, of its baseline, in turns. */
record Result(String figure, String unit, List<Double> measured, List<Double> baseline) {

  Result {
    measured = List.copyOf(measured);
    baseline = List.copyOf(baseline);
  }

  String row() {
    return "| %s | %s %s | %s | %s | %s | %s |"
        .formatted(
            figure,
            text(median(measured)),
            unit,
            baseline.isEmpty() ? "" : text(median(baseline)) + " " + unit,
            baseline.isEmpty() ? "" : text(ratio()),
            measured.size() == baseline.size() ? text(ratioOfRounds()) : "",
            rounds());
  }

  /** Of the medians. */
  double ratio() {
    return median(measured) / median(baseline);
  }

  /** The median of what each round by itself came to: both sides of it met the same machine. */
  private double ratioOfRounds() {
    return median(
        IntStream.range(0, measured.size())
            .mapToObj(i -> measured.get(i) / baseline.get(i))
            .toList());
  }

  private String rounds() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < measured.size(); i++) {
      text.append(i == 0 ? "" : ", ").append(text(measured.get(i)));
      if (i < baseline.size()) {
        text.append(" ÷ ").append(text(baseline.get(i)));
      }
    }
    return text.toString();
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static String text(double value) {
    String form = value >= 1000 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
    return form.formatted(value).replace(',', ' ').toLowerCase(Locale.ROOT);
  }
}
