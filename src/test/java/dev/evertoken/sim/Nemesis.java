package dev.evertoken.sim;

import dev.evertoken.sim.Weather.Kind;
import dev.evertoken.sim.Weather.Spell;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong in a run. Each seed has its own few kinds of faults, so that what one of them
 * would excuse is judged strictly in the runs without it.
 */
final class Nemesis implements FaultyPorts.Blows {

  /** What can be done to the nodes and their stores. */
  enum Trick {
    CRASH,
    FREEZE,
    DATABASE_CUT,
    DATABASE_FLAKY,
    DATABASE_SLOW,
    REDIS_CUT,
    /** A replica that lacks the last writes takes over. */
    REDIS_GOES_BACK,
    /** The same of PostgreSQL; only where a run asks for it. */
    DATABASE_GOES_BACK,
    NOTICES_LOST,
    DISK_FAILS,
    PROVIDER,
    ILL_ACCOUNT,
    AT_A_CALL
  }

  private final Cluster cluster;
  private final VirtualTime time;
  private final Random random;
  private final Weather weather;
  private final List<Trick> tricks = new ArrayList<>();
  private final List<Kind> kinds = new ArrayList<>();
  private final List<String> done = new ArrayList<>();
  private int callsUntilBlow = -1;
  private boolean over;

  /** How often a notice is lost. */
  double noticesLost;

  private @Nullable Long illAccount;

  /**
   * Decides what this seed does.
   *
   * @param calm nothing at all
   */
  Nemesis(Cluster cluster, Random random, Weather weather, boolean calm) {
    this.cluster = cluster;
    this.time = cluster.time();
    this.random = random;
    this.weather = weather;
    for (Trick trick : Trick.values()) {
      boolean asked = trick != Trick.DATABASE_GOES_BACK || Boolean.getBoolean("sim.back");
      if (!calm && random.nextInt(3) == 0 && asked) {
        tricks.add(trick);
      }
    }
    for (Kind kind : Kind.values()) {
      if (random.nextInt(4) == 0) {
        kinds.add(kind);
      }
    }
    callsUntilBlow = tricks.contains(Trick.AT_A_CALL) ? random.nextInt(3000) : -1;
  }

  /** What was done, in its order. */
  List<String> done() {
    return done;
  }

  /** The account that stays ill, or null. */
  @Nullable Long illAccount() {
    return illAccount;
  }

  void start(Duration length, Fleet fleet) {
    Instant end = time.instant().plus(length);
    if (tricks.contains(Trick.ILL_ACCOUNT)) {
      Kind[] ills = {
        Kind.SERVER_ERROR,
        Kind.PAGE,
        Kind.THROTTLED,
        Kind.REQUEST_LOST,
        Kind.ODD_REFUSAL,
        Kind.INVALID_CLIENT
      };
      illAccount = fleet.accounts().get(random.nextInt(fleet.accounts().size()));
      Kind ill = ills[random.nextInt(ills.length)];
      note("account " + illAccount + " is ill: " + ill);
      weather.add(new Spell(ill, time.instant(), Instant.MAX, illAccount, null, 1));
    }
    next(end, fleet);
  }

  private void next(Instant end, Fleet fleet) {
    time.after(
        Duration.ofMillis(500 + random.nextInt(20_000)),
        () -> {
          if (!over && time.instant().isBefore(end)) {
            if (!tricks.isEmpty()) {
              play(tricks.get(random.nextInt(tricks.size())), fleet);
            }
            next(end, fleet);
          }
        });
  }

  private void play(Trick trick, Fleet fleet) {
    SimNode node = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    switch (trick) {
      case CRASH -> crash(node);
      case FREEZE -> freeze(node);
      case DATABASE_CUT -> {
        if (random.nextBoolean()) {
          cut(node);
        } else {
          cluster.nodes().forEach(this::cut);
        }
      }
      case DATABASE_FLAKY -> {
        cluster.faults().flakiness = 0.02 + random.nextDouble() * 0.2;
        note("database flaky: " + cluster.faults().flakiness);
        troubled(spell(20), () -> cluster.faults().flakiness = 0);
      }
      case DATABASE_SLOW -> {
        cluster.faults().slow = true;
        note("database slow");
        troubled(spell(20), () -> cluster.faults().slow = false);
      }
      case REDIS_GOES_BACK -> {
        Runnable back = cluster.redisGoesBack();
        time.after(spell(10), () -> noted("redis goes back", back));
      }
      case DATABASE_GOES_BACK -> {
        Runnable back = cluster.databaseGoesBack();
        time.after(spell(3), () -> noted("the database goes back", back));
      }
      case REDIS_CUT -> cluster.cutRedis(node, spell(30));
      case NOTICES_LOST -> {
        noticesLost = 0.2 + 0.8 * random.nextDouble();
        note("notices lost: " + noticesLost);
        time.after(spell(30), () -> noticesLost = 0);
      }
      case DISK_FAILS -> {
        Duration length = spell(20);
        note(node.name + ": disk fails for " + length);
        node.disk.failing(true);
        node.disturbed("its disk failed", time.instant(), time.instant().plus(length));
        time.after(length, () -> node.disk.failing(false));
      }
      case PROVIDER, ILL_ACCOUNT, AT_A_CALL -> spell(fleet);
    }
  }

  private void troubled(Duration length, Runnable over) {
    Instant end = time.instant().plus(length).plus(FaultyPorts.DEADLINE);
    FaultyPorts faults = cluster.faults();
    faults.troubledUntil = end.isAfter(faults.troubledUntil) ? end : faults.troubledUntil;
    time.after(length, over);
  }

  private void spell(Fleet fleet) {
    if (kinds.isEmpty()) {
      return;
    }
    Kind kind = kinds.get(random.nextInt(kinds.size()));
    int whom = random.nextInt(3);
    Long account =
        whom == 0 && !kind.connecting()
            ? fleet.accounts().get(random.nextInt(fleet.accounts().size()))
            : null;
    Long proxy =
        whom == 1 && !fleet.proxies().isEmpty()
            ? fleet.proxies().get(random.nextInt(fleet.proxies().size()))
            : null;
    Spell spell =
        new Spell(
            kind,
            time.instant(),
            time.instant().plus(spell(60)),
            account,
            proxy,
            random.nextBoolean() ? 1 : random.nextDouble());
    note(spell.toString());
    weather.add(spell);
  }

  private void crash(SimNode node) {
    SimNode.Running process = node.process;
    if (process != null && !process.time.crashed()) {
      Duration away = Duration.ofMillis(500 + random.nextInt(40_000));
      note(process + " crashes, back after " + away);
      cluster.crash(node, away);
    }
  }

  private void freeze(SimNode node) {
    SimNode.Running process = node.process;
    if (process != null && process.serves()) {
      Duration length = Duration.ofMillis(500 + random.nextInt(40_000));
      note(process + " freezes for " + length);
      process.time.freeze();
      node.disturbed(SimNode.FROZEN, time.instant(), time.instant().plus(length).plusSeconds(1));
      time.after(length, process.time::thaw);
    }
  }

  private void cut(SimNode node) {
    Duration length = spell(30);
    Instant until = time.instant().plus(length);
    note(node.name + ": database cut for " + length);
    node.databaseCutUntil = until;
    node.disturbed(
        "cut off from PostgreSQL", time.instant(), until.plus(FaultyPorts.DEADLINE).plusSeconds(4));
  }

  private Duration spell(int mostSeconds) {
    return Duration.ofMillis(500 + random.nextInt(mostSeconds * 1000));
  }

  private void noted(String what, Runnable work) {
    if (!over) {
      note(what);
      work.run();
    }
  }

  private void note(String what) {
    done.add(time.instant() + " " + what);
  }

  @Override
  public void call(SimNode.Running process, String method, boolean before) {
    if (over || callsUntilBlow < 0 || process.engine == null || callsUntilBlow-- > 0) {
      return;
    }
    callsUntilBlow = random.nextInt(3000);
    note((before ? "before " : "after ") + method);
    if (random.nextBoolean()) {
      crash(process.node);
    } else {
      freeze(process.node);
    }
  }

  /** Everything works from now on; only the account that is ill stays so. */
  void heal() {
    over = true;
    noticesLost = 0;
    cluster.faults().flakiness = 0;
    cluster.faults().slow = false;
    weather.clear(time.instant());
    for (SimNode node : cluster.nodes()) {
      node.databaseCutUntil = Instant.MIN;
      node.disk.failing(false);
    }
  }
}
