package dev.evertoken.adapter.journal;

import java.io.IOException;
import java.nio.file.Path;

/** Makes segments; a seam for tests. */
interface SegmentFiles {

  SegmentFile create(Path file) throws IOException;
}
