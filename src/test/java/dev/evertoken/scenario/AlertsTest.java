package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Yaml;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The alerts look at metrics that there are, and lead to a chapter that there is. */
final class AlertsTest {

  private static final Pattern METRIC = Pattern.compile("\\b(evertoken_\\w+)(?:\\{([^}]*)})?");
  private static final Pattern GROUPED = Pattern.compile("\\b(?:by|on|without) \\(([^)]*)\\)");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? \\S+$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*=~?\"[^\"]*\"");

  /** What Prometheus itself adds to each series. */
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

  @RegisterExtension private final Service service = new Service();

  @Test
  @DisplayName("each metric of the alerts is at /metrics of a node, with the labels they use")
  void metrics() {
    NewFamily family = service.provider().newFamily();
    long account = service.account(family);
    assertThat(service.talk().token(account).status()).isEqualTo(200);
    assertThat(service.talk().token(account + 1000).status()).isEqualTo(404);

    Map<String, Set<String>> exposed = exposed(service.talk().get("/metrics").body());

    int looked = 0;
    for (JsonObject rule : rules()) {
      String expression = rule.getString("expr");
      Set<String> labels = new HashSet<>(OF_PROMETHEUS);
      for (MatchResult metric : METRIC.matcher(expression).results().toList()) {
        assertThat(exposed).as(rule.getString("alert")).containsKey(metric.group(1));
        Set<String> of = exposed.get(metric.group(1));
        if (metric.group(2) != null) {
          assertThat(of).as(metric.group()).containsAll(labels(metric.group(2)));
        }
        labels.addAll(of);
        looked++;
      }
      for (MatchResult grouped : GROUPED.matcher(expression).results().toList()) {
        assertThat(labels).as(expression).contains(grouped.group(1).split(", ", -1));
      }
    }
    assertThat(looked).isGreaterThan(10);
  }

  @Test
  @DisplayName("what the issue of a page is about has an alert")
  void covers() {
    String all = rules().stream().map(JsonObject::encode).collect(Collectors.joining());

    assertThat(all)
        .contains("evertoken_pool_usable) == 0")
        .contains("evertoken_refresh_oldest_due_seconds) > 300")
        .contains("evertoken_nearest_expiry_seconds) < 180")
        .contains("provider_config")
        .contains("evertoken_escrow_records) > 0")
        .contains("evertoken_dependency_up) == 0");
  }

  @Test
  @DisplayName("each alert has a chapter in the runbook, and every link in the pages leads there")
  void chapters() throws IOException {
    for (JsonObject rule : rules()) {
      String url = rule.getJsonObject("annotations").getString("runbook_url");
      String[] parts = url.split("#", 2);
      String chapter = chapter(Path.of(parts[0]), parts[1]);
      assertThat(chapter).as(url).contains("`" + rule.getString("alert") + "`");
      assertThat(chapter).as(url).containsPattern("Look|Do");
      assertThat(chapter).as(url).contains("Do not");
      assertThat(rule.getJsonObject("labels").getString("severity")).isIn("page", "ticket");
    }
    for (String page : List.of("docs/runbook.md", "docs/deployment.md")) {
      Pattern link = Pattern.compile("]\\(([^)#]*)(?:#([^)]*))?\\)");
      String text = Files.readString(Path.of(page));
      for (MatchResult found : link.matcher(text).results().toList()) {
        Path target = Path.of("docs").resolve(found.group(1)).normalize();
        target = found.group(1).isEmpty() ? Path.of(page) : target;
        assertThat(target).as(page + " " + found.group()).exists();
        if (found.group(2) != null) {
          assertThat(chapter(target, found.group(2))).as(found.group()).isNotEmpty();
        }
      }
    }
  }

  /** The text below the heading with that anchor. */
  private static String chapter(Path page, String anchor) throws IOException {
    for (String chapter : Files.readString(page).split("(?m)^#+ ", -1)) {
      String heading = chapter.lines().findFirst().orElse("");
      String made =
          heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").strip().replace(' ', '-');
      if (made.equals(anchor)) {
        return chapter;
      }
    }
    throw new AssertionError(page + " has no chapter " + anchor);
  }

  private static Map<String, Set<String>> exposed(String text) {
    Map<String, Set<String>> exposed = new HashMap<>();
    for (MatchResult sample : SAMPLE.matcher(text).results().toList()) {
      Set<String> labels = exposed.computeIfAbsent(sample.group(1), name -> new HashSet<>());
      if (sample.group(2) != null) {
        labels.addAll(labels(sample.group(2)));
      }
    }
    return exposed;
  }

  private static Set<String> labels(String selector) {
    return LABEL
        .matcher(selector)
        .results()
        .map(label -> label.group(1))
        .collect(Collectors.toSet());
  }

  private static List<JsonObject> rules() {
    JsonObject file = Yaml.documents(Path.of("conf/alerts.yaml")).getFirst();
    return file.getJsonArray("groups").getJsonObject(0).getJsonArray("rules").stream()
        .map(JsonObject.class::cast)
        .toList();
  }
}
