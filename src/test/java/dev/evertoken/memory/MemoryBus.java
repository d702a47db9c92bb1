package dev.evertoken.memory;

import dev.evertoken.domain.Notice;
import dev.evertoken.port.Notices;
import dev.evertoken.port.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The bus of a cluster. Each notice goes to each member by itself, after a time of its own or not
 * at all.
 */
public final class MemoryBus {

  private final List<Member> members = new ArrayList<>();
  private final Supplier<Optional<Duration>> journey;

  /** A bus that delivers everything in a turn of its own. */
  public MemoryBus() {
    this(() -> Optional.of(Duration.ZERO));
  }

  /**
   * A bus with faults.
   *
   * @param journey how long the next notice takes to another member; empty: it is lost
   */
  public MemoryBus(Supplier<Optional<Duration>> journey) {
    this.journey = journey;
  }

  /** A process joins; its readers are called by its scheduler. */
  public Member join(Scheduler scheduler) {
    Member member = new Member(scheduler);
    members.add(member);
    return member;
  }

  /** One process on the bus. */
  public final class Member implements Notices {
    private final Scheduler scheduler;
    private final List<Consumer<Notice>> readers = new ArrayList<>();

    private Member(Scheduler scheduler) {
      this.scheduler = scheduler;
    }

    @Override
    public void publish(Notice notice) {
      for (Member member : List.copyOf(members)) {
        Optional<Duration> takes = member == this ? Optional.of(Duration.ZERO) : journey.get();
        takes.ifPresent(time -> member.scheduler.after(time, () -> member.hear(notice)));
      }
    }

    private void hear(Notice notice) {
      List.copyOf(readers).forEach(reader -> reader.accept(notice));
    }

    @Override
    public void subscribe(Consumer<Notice> reader) {
      readers.add(reader);
    }

    /** Leaves for good. */
    public void leave() {
      members.remove(this);
    }
  }
}
