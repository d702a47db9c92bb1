package dev.evertoken.http;

import java.util.List;

/** Whether this node takes requests, and what it has to do without. */
public interface Readiness {

  /** False while the node starts or drains. */
  boolean serving();

  /** The names of what is down, such as {@code redis}; empty when all is well. */
  List<String> missing();
}
