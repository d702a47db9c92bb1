package dev.evertoken.dev;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a test changes while the simulated provider runs: for all families, or for one.
 *
 * <p>A family's own behaviour, once changed, no longer follows the common one. Faults strike in the
 * order in which they were set, those of the family first. Safe for use by several threads.
 */
public final class Switches {
  private static final class Rule {
    final @Nullable String family;
    final Endpoint endpoint;
    final Fault fault;
    int left;

    Rule(@Nullable String family, Endpoint endpoint, Fault fault) {
      this.family = family;
      this.endpoint = endpoint;
      this.fault = fault;
      this.left = fault.times();
    }

    boolean concerns(Endpoint called, @Nullable String caller) {
      return endpoint == called && (family == null || family.equals(caller));
    }
  }

  private final Map<String, Behaviour> ofFamily = new HashMap<>();
  private final List<Rule> rules = new ArrayList<>();
  private Behaviour common = Behaviour.DEFAULT;

  /** Changes the behaviour towards every family that has none of its own. */
  public synchronized void change(Consumer<BehaviourDraft> changes) {
    common = changed(common, changes);
  }

  /** Changes the behaviour towards one family. */
  public synchronized void change(String family, Consumer<BehaviourDraft> changes) {
    ofFamily.put(family, changed(behaviour(family), changes));
  }

  private static Behaviour changed(Behaviour from, Consumer<BehaviourDraft> changes) {
    BehaviourDraft draft = from.draft();
    changes.accept(draft);
    return draft.done();
  }

  /** Lets calls of an endpoint go wrong, whoever makes them. */
  public synchronized void fault(Endpoint endpoint, Fault fault) {
    rules.add(new Rule(null, endpoint, fault));
  }

  /** Lets one family's calls of an endpoint go wrong. */
  public synchronized void fault(String family, Endpoint endpoint, Fault fault) {
    rules.add(new Rule(family, endpoint, fault));
  }

  /** Ends every fault; calls that hang go on hanging. */
  public synchronized void clearFaults() {
    rules.clear();
  }

  /** Ends the faults of one endpoint. */
  public synchronized void clearFaults(Endpoint endpoint) {
    rules.removeIf(rule -> rule.endpoint == endpoint);
  }

  synchronized Behaviour behaviour(@Nullable String family) {
    Behaviour own = family == null ? null : ofFamily.get(family);
    return own == null ? common : own;
  }

  /** The fault that strikes this call, counted down. */
  synchronized Optional<Fault> strike(Endpoint endpoint, @Nullable String family) {
    Optional<Rule> rule =
        rules.stream()
            .filter(r -> r.concerns(endpoint, family))
            .sorted((a, b) -> Boolean.compare(a.family == null, b.family == null))
            .findFirst();
    rule.ifPresent(this::count);
    return rule.map(r -> r.fault);
  }

  private void count(Rule rule) {
    if (rule.left != Integer.MAX_VALUE && --rule.left == 0) {
      rules.remove(rule);
    }
  }
}
