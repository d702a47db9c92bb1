package dev.evertoken.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/** What PostgreSQL commits a second from as many connections as a node has. */
final class Commits {

  private static final int CONNECTIONS = 8;
  private static final int ROWS = 8_000;

  private final Stand stand;

  Commits(Stand stand) throws SQLException {
    this.stand = stand;
    try (Connection connection = stand.sql();
        Statement statement = connection.createStatement()) {
      statement.execute("create table bench_commits (id int primary key, n int)");
      statement.execute(
          "insert into bench_commits select i, 0 from generate_series(1, " + ROWS + ") i");
    }
  }

  double perSecond(Duration time) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        all.add(threads.submit(() -> commit(end)));
      }
      double done = 0;
      for (Future<Integer> one : all) {
        done += one.get();
      }
      return done / time.toSeconds();
    }
  }

  private int commit(long end) throws SQLException {
    try (Connection connection = stand.sql();
        PreparedStatement update =
            connection.prepareStatement("update bench_commits set n = n + 1 where id = ?")) {
      int done = 0;
      while (System.nanoTime() - end < 0) {
        update.setInt(1, ThreadLocalRandom.current().nextInt(ROWS) + 1);
        update.executeUpdate();
        done++;
      }
      return done;
    }
  }
}
