package dev.evertoken.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The fail points that are armed in a node's next life, as {@code ArmedFailPoints} reads them. */
final class FailPointMix {

  /** Places at which a refresh is held up, and for how long. */
  private static final List<String> DELAYS =
      List.of(
          "before_notice:1500",
          "before_notice:1500",
          "before_notice:1500",
          "before_commit:1000",
          "after_claim:2500",
          "before_send:2500",
          "after_commit:300");

  private static final List<String> PLACES =
      List.of(
          "after_claim",
          "before_send",
          "after_answer",
          "before_commit",
          "after_commit",
          "before_notice");

  private final Random random;

  FailPointMix(Random random) {
    this.random = random;
  }

  /** Now and then a refresh is held up. */
  String delays() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      all.add(DELAYS.get(random.nextInt(DELAYS.size())) + ":" + (1 + random.nextInt(300)));
    }
    return String.join(",", all);
  }

  /** The node dies at some place of one of its first refreshes. */
  String deadly() {
    String place = PLACES.get(random.nextInt(PLACES.size()));
    return delays() + "," + place + ":kill:" + (2 + random.nextInt(6));
  }

  /** The node dies with answers on its disk that PostgreSQL has never seen. */
  String deadlyWithAnswersKept() {
    List<String> all =
        new ArrayList<>(IntStream.range(1, 20).mapToObj(i -> "before_commit:30000:" + i).toList());
    all.add("after_escrow:kill:" + (2 + random.nextInt(3)));
    return String.join(",", all);
  }

  /** The node stops itself at some place of one of its first refreshes. */
  String stopping() {
    String place = PLACES.get(random.nextInt(PLACES.size()));
    return delays() + "," + place + ":stop:" + (2 + random.nextInt(6));
  }
}
