package dev.evertoken.boot;

import dev.evertoken.http.Readiness;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What this node knows of itself and of the servers it depends on. */
record Health(BooleanSupplier postgres, BooleanSupplier redis, BooleanSupplier serves)
    implements Readiness {

  @Override
  public boolean serving() {
    return serves.getAsBoolean();
  }

  @Override
  public List<String> missing() {
    List<String> missing = new ArrayList<>();
    if (!postgres.getAsBoolean()) {
      missing.add("postgres");
    }
    if (!redis.getAsBoolean()) {
      missing.add("redis");
    }
    return missing;
  }
}
