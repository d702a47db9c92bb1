package dev.evertoken.rig;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Files of YAML, read as JSON. */
public final class Yaml {
  private Yaml() {}

  /** Every document of the file. */
  public static List<JsonObject> documents(Path file) {
    Load load = new Load(LoadSettings.builder().setLabel(file.toString()).build());
    List<JsonObject> documents = new ArrayList<>();
    try {
      for (Object document : load.loadAllFromString(Files.readString(file))) {
        documents.add(merged(new JsonObject(strings(document))));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return documents;
  }

  private static Map<String, Object> strings(Object mapping) {
    Map<String, Object> strings = new HashMap<>();
    ((Map<?, ?>) mapping).forEach((key, value) -> strings.put(key.toString(), value));
    return strings;
  }

  /** The merge key of YAML 1.1, which compose knows and YAML 1.2 does not. */
  private static JsonObject merged(JsonObject object) {
    JsonObject merged = new JsonObject();
    if (object.containsKey("<<")) {
      merged.mergeIn(merged(object.getJsonObject("<<")));
    }
    for (String name : object.fieldNames()) {
      Object value = object.getValue(name);
      if (!name.equals("<<")) {
        merged.put(name, value instanceof JsonObject inner ? merged(inner) : value);
      }
    }
    return merged;
  }
}
