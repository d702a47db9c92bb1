package dev.evertoken.http;

import dev.evertoken.port.Time;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open connections of one server, and what each waits for, so that a slow sender does not hold
 * one for ever while a caller that waits for a token may.
 *
 * <p>An idle timeout cannot tell the two apart: both are silent.
 */
final class Connections {

  /** How long a first request, or the rest of one that has begun, may take to arrive. */
  static final Duration ARRIVAL = Duration.ofSeconds(10);

  /** How long a kept-alive connection may be without a request. */
  static final Duration IDLE = Duration.ofSeconds(60);

  enum Phase {
    OPENED,
    READING,
    WORKING,
    IDLE
  }

  private final Time time;
  private final Map<HttpConnection, Track> tracks = new ConcurrentHashMap<>();

  Connections(Time time) {
    this.time = time;
  }

  void opened(HttpConnection connection) {
    tracks.put(connection, new Track(time.nanos()));
    connection.closeHandler(closed -> tracks.remove(connection));
  }

  /** What one of them waits for; of one that has closed it is of no consequence. */
  Track track(HttpConnection connection) {
    Track track = tracks.get(connection);
    return track == null ? new Track(time.nanos()) : track;
  }

  /** Closes those that took too long; call it every second or so. */
  void sweep() {
    long now = time.nanos();
    tracks.forEach(
        (connection, track) -> {
          if (track.overdue(now)) {
            connection.close();
          }
        });
  }

  int open() {
    return tracks.size();
  }

  /**
   * What one connection waits for, and since when. Requests begin on its event loop; what they wait
   * for may be told by any thread.
   */
  static final class Track {

    private volatile Phase phase = Phase.OPENED;
    private volatile int turn;
    private long since;

    private Track(long now) {
      since = now;
    }

    /** A request is worked on; the number by which it is known. */
    int begin(long now) {
      int mine = turn + 1;
      turn = mine;
      enter(mine, Phase.WORKING, now);
      return mine;
    }

    /** A later request may have begun when the end of one is told: then that counts. */
    void enter(int request, Phase next, long now) {
      if (request == turn) {
        since = now;
        phase = next;
      }
    }

    private boolean overdue(long now) {
      return switch (phase) {
        case OPENED, READING -> now - since >= ARRIVAL.toNanos();
        case IDLE -> now - since >= IDLE.toNanos();
        case WORKING -> false;
      };
    }
  }
}
