package dev.evertoken.boot;

import com.hazelcast.config.Config;
import com.hazelcast.config.InvalidConfigurationException;
import com.hazelcast.config.YamlConfigBuilder;
import dev.evertoken.boot.settings.BadSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code cluster.hazelcast_config}: how nodes find each other. {@code ${NAME}} in a value is the
 * environment variable of that name, as in the node's own settings.
 */
final class HazelcastFile {

  private static final Pattern COMMENT = Pattern.compile("(?m)(^|\\s)#.*$");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");

  private HazelcastFile() {}

  /**
   * Reads it, or the one in the jar where there is no such file; fails with {@code BadSettings}.
   */
  static Config read(Path file, Map<String, String> environment) {
    String text = text(file);
    Matcher variable = VARIABLE.matcher(COMMENT.matcher(text).replaceAll(""));
    while (variable.find()) {
      if (!environment.containsKey(variable.group(1))) {
        throw bad(file, "needs the environment variable " + variable.group(1));
      }
    }
    Properties variables = new Properties();
    variables.putAll(environment);
    try (InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))) {
      return new YamlConfigBuilder(in).setProperties(variables).build();
    } catch (IOException | InvalidConfigurationException e) {
      throw bad(file, "cannot be read");
    }
  }

  private static String text(Path file) {
    try (InputStream in =
        Files.exists(file)
            ? Files.newInputStream(file)
            : HazelcastFile.class.getResourceAsStream("/conf/hazelcast.yaml")) {
      if (in == null) {
        throw bad(file, "does not exist");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw bad(file, "cannot be read");
    }
  }

  private static BadSettings bad(Path file, String why) {
    return new BadSettings(List.of("cluster.hazelcast_config: \"%s\" %s".formatted(file, why)));
  }
}
