package dev.evertoken.boot.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the settings of a node from its files and its environment. */
public final class SettingsLoader {

  /** Read where no other file is named, if it is there. */
  public static final Path DEFAULT_FILE = Path.of("conf/evertoken.yaml");

  private static final Path DEFAULT_PROVIDERS = Path.of("conf/providers.yaml");

  private final Map<String, String> environment;
  private final Problems problems = new Problems();
  private final List<String> warnings = new ArrayList<>();

  private SettingsLoader(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Reads and checks everything; fails with {@link BadSettings} that names every problem.
   *
   * @param file the YAML file; null: {@link #DEFAULT_FILE} if it is there
   * @param environment the variables of the process
   */
  public static Loaded load(@Nullable Path file, Map<String, String> environment) {
    SettingsLoader loader = new SettingsLoader(environment);
    return loader.load(loader.read(file));
  }

  /** The same from flat keys such as {@code http.port} in place of a file. */
  public static Loaded of(Map<String, String> values, Map<String, String> environment) {
    return new SettingsLoader(environment).load(values);
  }

  /**
   * What was read.
   *
   * @param effective each key as it is in force, redacted
   * @param warnings what is allowed and unwise, each a line for a person
   */
  public record Loaded(Settings settings, List<Effective> effective, List<String> warnings) {

    public Loaded {
      effective = List.copyOf(effective);
      warnings = List.copyOf(warnings);
    }
  }

  private Loaded load(Map<String, String> flat) {
    Values values = new Values(flat, environment, true, problems);
    Platforms platforms = platforms(values);
    Settings settings = new NodeReader(values, environment).read(platforms);
    values.refuseUnknown();
    NodeRules.check(settings, problems);
    problems.throwIfAny();
    warnings.addAll(NodeRules.warnings(settings));
    warnings.addAll(StrayVariables.in(environment, values.known()));
    return new Loaded(settings, values.effective(), warnings);
  }

  private Map<String, String> read(@Nullable Path file) {
    if (file == null && !Files.exists(DEFAULT_FILE)) {
      return Map.of();
    }
    return parsed(file == null ? DEFAULT_FILE : file);
  }

  private Platforms platforms(Values values) {
    Optional<Path> named = values.find("providers_file", Kinds.PATH);
    Path file = values.get("providers_file", Kinds.PATH, DEFAULT_PROVIDERS);
    if (named.isEmpty() && !Files.exists(file)) {
      warnings.add(file + " does not exist: the templates inside the jar are used");
      return platforms(packagedProviders());
    }
    return platforms(parsed(file));
  }

  private Platforms platforms(Map<String, String> flat) {
    Values values = new Values(flat, environment, false, problems);
    Map<String, Platform> platforms = new LinkedHashMap<>();
    for (String name : YamlFile.names(flat, "providers")) {
      Platform platform = new ProviderReader(values, name).read();
      platforms.put(name, platform);
      if (!platform.configured()) {
        warnings.add(
            "platform %s is not configured: set %s"
                .formatted(name, String.join(", ", platform.missingVariables())));
      }
    }
    values.refuseUnknown();
    return new Platforms(platforms);
  }

  private Map<String, String> packagedProviders() {
    try (InputStream in = SettingsLoader.class.getResourceAsStream("/conf/providers.yaml")) {
      return in == null
          ? Map.of()
          : YamlFile.read(
              DEFAULT_PROVIDERS.toString(), new String(in.readAllBytes(), UTF_8), problems);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> parsed(Path file) {
    try {
      return YamlFile.read(file.toString(), Files.readString(file), problems);
    } catch (CharacterCodingException e) {
      problems.rule(file.toString(), "is not UTF-8");
    } catch (IOException e) {
      problems.rule(file.toString(), "cannot be read");
    }
    return Map.of();
  }
}
