package dev.evertoken.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.YamlConfigBuilder;
import dev.evertoken.boot.settings.Effective;
import dev.evertoken.boot.settings.SettingsLoader;
import dev.evertoken.boot.settings.SettingsLoader.Loaded;
import dev.evertoken.rig.Yaml;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a deployment in several files is the same, and is what the program takes. */
final class DeploymentFilesTest {

  private static final Path CONF = Path.of("conf");
  private static final Path KUBERNETES = CONF.resolve("kubernetes");
  private static final Set<String> NO_SETTINGS =
      Set.of("EVERTOKEN_ADMIN_KEY", "ANTIGRAVITY_CLIENT_ID", "ANTIGRAVITY_CLIENT_SECRET", "POD_IP");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(:[-?][^}]*)?}");

  @ParameterizedTest
  @MethodSource("yamlFiles")
  void everyFileIsYaml(Path file) {
    assertThat(Yaml.documents(file)).isNotEmpty().doesNotContainNull();
  }

  static List<Path> yamlFiles() throws IOException {
    try (Stream<Path> files = Files.walk(CONF)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @Test
  void kustomizeNamesEachManifest() throws IOException {
    JsonObject kustomization = Yaml.documents(KUBERNETES.resolve("kustomization.yaml")).getFirst();
    try (Stream<Path> files = Files.list(KUBERNETES)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> !Set.of("kustomization.yaml", "secrets.example.yaml").contains(name))
          .containsExactlyInAnyOrderElementsOf(texts(kustomization.getJsonArray("resources")));
    }
  }

  @Test
  void composeSetsOnlyWhatIsASettingAndTheNodeTakesIt() {
    for (String service : List.of("evertoken-1", "evertoken-2", "evertoken-3")) {
      Map<String, String> environment = new HashMap<>();
      composeNode(service)
          .getJsonObject("environment")
          .forEach(entry -> environment.put(entry.getKey(), expanded("" + entry.getValue())));

      assertThat(environment).containsEntry("EVERTOKEN_CLUSTER_HOST", service);
      settings(environment);
    }
  }

  @Test
  void kubernetesSetsOnlyWhatIsASettingAndTheNodeTakesIt() {
    Map<String, String> environment = new HashMap<>();
    for (Object entry : container().getJsonArray("env")) {
      JsonObject variable = (JsonObject) entry;
      String value = variable.getString("value", "10.1.2.3").replace("$(POD_IP)", "10.1.2.3");
      // What is mounted there only.
      environment.put(
          variable.getString("name"),
          value.startsWith("/etc/evertoken/bus/") ? "conf/evertoken.yaml" : value);
    }
    secret("evertoken").forEach(entry -> environment.put(entry.getKey(), "" + entry.getValue()));

    Loaded loaded = settings(environment);

    assertThat(loaded.settings().cluster().tls()).isNotNull();
    assertThat(loaded.settings().cluster().allowPlaintext()).isFalse();
    assertThat(mounts())
        .as("files of the settings are mounted")
        .contains("/etc/evertoken/keys", "/etc/evertoken/bus", "/etc/evertoken/hazelcast.yaml");
  }

  /** Fails where a variable is none of the settings. */
  private static Loaded settings(Map<String, String> environment) {
    Loaded loaded = SettingsLoader.of(Map.of(), environment);
    Set<String> known =
        loaded.effective().stream()
            .filter(key -> key.origin() == Effective.Origin.ENVIRONMENT)
            .map(key -> "EVERTOKEN_" + key.key().toUpperCase(Locale.ROOT))
            .map(name -> name.replace('.', '_'))
            .collect(Collectors.toSet());
    known.addAll(NO_SETTINGS);
    assertThat(environment.keySet()).isSubsetOf(known);
    assertThat(loaded.settings().embedsServers()).isFalse();
    assertThat(loaded.settings().cluster().enabled()).isTrue();
    return loaded;
  }

  @Test
  void hazelcastOfComposeFindsItsNodes() {
    JsonObject compose = compose();
    Config config =
        hazelcast(compose.getJsonObject("configs").getJsonObject("hazelcast").getString("content"));
    JoinConfig join = config.getNetworkConfig().getJoin();
    List<String> nodes =
        compose.getJsonObject("services").fieldNames().stream()
            .filter(name -> name.startsWith("evertoken-"))
            .toList();

    assertThat(join.getTcpIpConfig().isEnabled()).isTrue();
    assertThat(join.getTcpIpConfig().getMembers()).containsExactlyElementsOf(nodes);
    String subnet =
        compose
            .getJsonObject("networks")
            .getJsonObject("inside")
            .getJsonObject("ipam")
            .getJsonArray("config")
            .getJsonObject(0)
            .getString("subnet");
    assertThat(config.getNetworkConfig().getInterfaces().getInterfaces())
        .containsExactly(subnet.replace("0/24", "*"));
  }

  @Test
  void hazelcastOfKubernetesFindsItsNodes() {
    Config config = hazelcast(configMap().getString("hazelcast.yaml"));
    JoinConfig join = config.getNetworkConfig().getJoin();
    JsonObject headless = manifest("services.yaml", "evertoken-nodes");

    assertThat(join.getTcpIpConfig().isEnabled()).isFalse();
    assertThat(join.getKubernetesConfig().isEnabled()).isTrue();
    assertThat(join.getKubernetesConfig().getProperty("service-dns"))
        .isEqualTo(name(headless))
        .isEqualTo(spec(manifest("statefulset.yaml", "evertoken")).getString("serviceName"));
    assertThat(spec(headless).getString("clusterIP")).isEqualTo("None");
    assertThat(spec(headless).getBoolean("publishNotReadyAddresses")).isTrue();
    assertThat(config.getNetworkConfig().getInterfaces().getInterfaces())
        .containsExactly("10.1.2.3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"compose", "kubernetes"})
  void hazelcastIsElseAsTheShippedOne(String where) throws IOException {
    Config shipped = hazelcast(Files.readString(CONF.resolve("hazelcast.yaml")));
    Config here =
        hazelcast(
            where.equals("compose")
                ? compose().getJsonObject("configs").getJsonObject("hazelcast").getString("content")
                : configMap().getString("hazelcast.yaml"));
    JoinConfig join = here.getNetworkConfig().getJoin();

    assertThat(here.getClusterName()).isEqualTo(shipped.getClusterName());
    assertThat(here.getProperties()).isEqualTo(shipped.getProperties());
    assertThat(here.getMultiMapConfigs()).isEqualTo(shipped.getMultiMapConfigs());
    assertThat(here.getMapConfigs()).isEqualTo(shipped.getMapConfigs());
    assertThat(here.getNetworkConfig().getPort()).isEqualTo(5701);
    assertThat(join.getMulticastConfig().isEnabled()).isFalse();
    assertThat(join.getAutoDetectionConfig().isEnabled()).isFalse();
  }

  @Test
  void portsFoldersAndUsersAreThoseOfTheImage() throws IOException {
    String image = Files.readString(Path.of("Dockerfile"));
    Set<String> ports = new TreeSet<>();
    for (Object port : container().getJsonArray("ports")) {
      ports.add("" + ((JsonObject) port).getInteger("containerPort"));
    }
    JsonObject user =
        spec(manifest("statefulset.yaml", "evertoken"))
            .getJsonObject("template")
            .getJsonObject("spec")
            .getJsonObject("securityContext");

    assertThat(new TreeSet<>(List.of(line(image, "EXPOSE").split(" ", -1)))).isEqualTo(ports);
    assertThat(mounts()).contains(line(image, "VOLUME"));
    assertThat(image)
        .contains("--uid " + user.getInteger("runAsUser"))
        .contains("--gid " + user.getInteger("runAsGroup"));
    assertThat(new JsonArray(line(image, "CMD"))).isEqualTo(container().getJsonArray("args"));
    assertThat(composeNode("evertoken-1").getJsonArray("volumes"))
        .contains("data-1:" + line(image, "VOLUME"));
  }

  @Test
  void whoeverStopsANodeWaitsForItsDrain() {
    long grace = SettingsLoader.of(Map.of(), Map.of()).settings().shutdown().grace().toSeconds();
    JsonObject pod =
        spec(manifest("statefulset.yaml", "evertoken"))
            .getJsonObject("template")
            .getJsonObject("spec");
    JsonArray pause =
        container()
            .getJsonObject("lifecycle")
            .getJsonObject("preStop")
            .getJsonObject("exec")
            .getJsonArray("command");

    assertThat(pod.getLong("terminationGracePeriodSeconds"))
        .isGreaterThan(grace + Long.parseLong(pause.getString(1)));
    assertThat(composeNode("evertoken-1").getString("stop_grace_period")).isEqualTo("30s");
    assertThat(grace).isLessThan(30);
  }

  @Test
  void probesAndPoliciesNameWhatThereIs() throws IOException {
    JsonObject api = new JsonObject(Files.readString(Path.of("src/main/resources/openapi.json")));
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      JsonObject get = container().getJsonObject(probe).getJsonObject("httpGet");
      assertThat(api.getJsonObject("paths").fieldNames()).contains(get.getString("path"));
      assertThat(get.getString("port")).isEqualTo("http");
    }
    JsonObject labels =
        spec(manifest("statefulset.yaml", "evertoken"))
            .getJsonObject("template")
            .getJsonObject("metadata")
            .getJsonObject("labels");
    assertThat(spec(manifest("services.yaml", "evertoken")).getJsonObject("selector"))
        .isEqualTo(labels);
    assertThat(spec(manifest("services.yaml", "evertoken-nodes")).getJsonObject("selector"))
        .isEqualTo(labels);
    for (JsonObject policy : Yaml.documents(KUBERNETES.resolve("policies.yaml"))) {
      JsonObject selector = spec(policy).getJsonObject("selector");
      JsonObject selected = selector == null ? spec(policy).getJsonObject("podSelector") : selector;
      assertThat(selected.getJsonObject("matchLabels")).isEqualTo(labels);
    }
  }

  private static JsonObject compose() {
    return Yaml.documents(CONF.resolve("compose.yaml")).getFirst();
  }

  private static JsonObject composeNode(String service) {
    return compose().getJsonObject("services").getJsonObject(service);
  }

  private static JsonObject configMap() {
    return manifest("config.yaml", "evertoken").getJsonObject("data");
  }

  private static JsonObject secret(String name) {
    return manifest("secrets.example.yaml", name).getJsonObject("stringData");
  }

  private static JsonObject container() {
    return spec(manifest("statefulset.yaml", "evertoken"))
        .getJsonObject("template")
        .getJsonObject("spec")
        .getJsonArray("containers")
        .getJsonObject(0);
  }

  private static List<String> mounts() {
    return container().getJsonArray("volumeMounts").stream()
        .map(mount -> ((JsonObject) mount).getString("mountPath"))
        .toList();
  }

  private static JsonObject manifest(String file, String name) {
    return Yaml.documents(KUBERNETES.resolve(file)).stream()
        .filter(document -> name(document).equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String name(JsonObject manifest) {
    return manifest.getJsonObject("metadata").getString("name");
  }

  private static JsonObject spec(JsonObject manifest) {
    return manifest.getJsonObject("spec");
  }

  private static Config hazelcast(String yaml) {
    Properties variables = new Properties();
    variables.put("POD_IP", "10.1.2.3");
    var in = new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8));
    return new YamlConfigBuilder(in).setProperties(variables).build();
  }

  private static List<String> texts(JsonArray array) {
    return array.stream().map(String::valueOf).toList();
  }

  private static String line(String image, String word) {
    return image
        .lines()
        .filter(line -> line.startsWith(word + " "))
        .map(line -> line.substring(word.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  /** As compose does it, every variable being what a password may be. */
  private static String expanded(String value) {
    return VARIABLE.matcher(value).replaceAll("a-text-of-thirty-two-characters-");
  }
}
