package dev.evertoken.adapter.postgres;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What PostgreSQL did to carry out a statement. */
final class Plan {

  private Plan() {}

  /** Rows that scans of that table produced or threw away, but for those fetched by their id. */
  static long rowsRead(StoreRig rig, String table, String sql) {
    return rowsRead(rig, table, sql, false);
  }

  /** The same with those fetched by their id. */
  static long allRowsRead(StoreRig rig, String table, String sql) {
    return rowsRead(rig, table, sql, true);
  }

  private static long rowsRead(StoreRig rig, String table, String sql, boolean byIdToo) {
    String plan = rig.value("explain (analyze, format json) " + sql).orElseThrow();
    return read(table, new JsonArray(plan).getJsonObject(0).getJsonObject("Plan"), byIdToo);
  }

  private static long read(String table, JsonObject node, boolean byIdToo) {
    long rows = 0;
    boolean scan = table.equals(node.getString("Relation Name"));
    boolean left = !byIdToo && "accounts_pkey".equals(node.getString("Index Name"));
    if (scan && !left && !"ModifyTable".equals(node.getString("Node Type"))) {
      double each =
          node.getDouble("Actual Rows")
              + node.getDouble("Rows Removed by Filter", 0.0)
              + node.getDouble("Rows Removed by Index Recheck", 0.0);
      rows = Math.round(each * node.getDouble("Actual Loops"));
    }
    for (Object child : node.getJsonArray("Plans", new JsonArray())) {
      rows += read(table, (JsonObject) child, byIdToo);
    }
    return rows;
  }
}
