package dev.evertoken.domain;

/** How a pool picks among accounts of one priority that are as good as each other. */
public enum PoolStrategy {
  /** The one with the lowest id, as long as it is good. */
  PRIORITY,
  /** One after the other, each node for itself. */
  ROUND_ROBIN
}
