package dev.evertoken.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The reservation of 1 000 due accounts in pages, among 1 000 000 and among 10 000. */
final class ScanCost implements Figure {

  private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);

  @Override
  public List<Result> measure(Path folder) throws Exception {
    List<Double> many = new ArrayList<>();
    List<Double> few = new ArrayList<>();
    try (Fleet small = new Fleet(folder.resolve("small"), 10_000);
        Fleet large = new Fleet(folder.resolve("large"), 1_000_000)) {
      for (int warmUp = 0; warmUp < 3; warmUp++) {
        small.scan();
        large.scan();
      }
      for (int round = 0; round < ROUNDS; round++) {
        few.add(small.scan());
        many.add(large.scan());
      }
    }
    return List.of(
        new Result("scan with 1 000 due at 1 000 000 accounts ÷ at 10 000", "ms", many, few));
  }
}
