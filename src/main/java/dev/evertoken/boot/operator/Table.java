package dev.evertoken.boot.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Answers as a person reads them: a list as rows under titles, one thing as a line per field. */
final class Table {

  private Table() {}

  /** One column: its title, and what stands in it for one item. */
  record Column(String title, Function<JsonNode, String> value) {

    /** A field of the item, under its own name. */
    static Column of(String field) {
      return new Column(field.toUpperCase(Locale.ROOT), item -> Json.text(item.path(field)));
    }

    static List<Column> of(String... fields) {
      return Arrays.stream(fields).map(Column::of).toList();
    }
  }

  static List<String> rows(Iterable<JsonNode> items, List<Column> columns) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(columns.stream().map(Column::title).toList());
    for (JsonNode item : items) {
      cells.add(columns.stream().map(column -> column.value().apply(item)).toList());
    }
    return aligned(cells);
  }

  static List<String> fields(JsonNode thing) {
    List<List<String>> cells = new ArrayList<>();
    flatten("", thing, cells);
    return aligned(cells);
  }

  private static void flatten(String prefix, JsonNode thing, List<List<String>> cells) {
    for (Map.Entry<String, JsonNode> field : thing.properties()) {
      String name = prefix + field.getKey();
      if (field.getValue().isObject() && !field.getValue().isEmpty()) {
        flatten(name + ".", field.getValue(), cells);
      } else {
        cells.add(List.of(name, Json.text(field.getValue())));
      }
    }
  }

  static List<String> aligned(List<List<String>> cells) {
    int columns = cells.stream().mapToInt(List::size).max().orElse(0);
    int[] widths =
        IntStream.range(0, columns)
            .map(i -> cells.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .toArray();
    return cells.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    return IntStream.range(0, row.size())
        .mapToObj(i -> row.get(i) + " ".repeat(widths[i] - row.get(i).length()))
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }
}
