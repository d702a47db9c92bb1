package dev.evertoken.port;

import dev.evertoken.domain.Notice;
import java.util.function.Consumer;

/** The notices of the cluster. Publishing never fails the change that it tells of. */
public interface Notices {

  void publish(Notice notice);

  /** Calls for every notice of any node, this one included, on no particular thread. */
  void subscribe(Consumer<Notice> reader);
}
