package dev.evertoken.bench;

import java.nio.file.Path;
import java.util.List;

/** One thing that is measured. */
interface Figure {

  /**
   * Measures it, together with what it is compared with.
   *
   * @param folder an own, perhaps missing folder for what it writes
   */
  List<Result> measure(Path folder) throws Exception;
}
