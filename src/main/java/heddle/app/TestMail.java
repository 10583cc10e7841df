package heddle.app;

import heddle.event.Event;
import heddle.event.Events;
import heddle.mail.Id;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What became of the last few test messages, by what events tell of them. Safe to share. */
final class TestMail implements Events {
  private static final int MOST = 100;

  /** What can be told of one. */
  enum Kind {
    ACCEPTED,
    HELD,
    DEFERRED,
    DELIVERED,
    FAILED;

    boolean last() {
      return this == DELIVERED || this == FAILED || this == HELD;
    }
  }

  /**
   * One thing that happened.
   *
   * @param reply in the words of the remote, or of ours
   */
  record Step(Instant at, Kind kind, String route, String reply) {}

  private final InstantSource clock;
  private final Map<Id, List<Step>> followed =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Id, List<Step>> eldest) {
          return size() > MOST;
        }
      };

  TestMail(InstantSource clock) {
    this.clock = clock;
  }

  /** From now on; before it is accepted, so that nothing is missed. */
  synchronized void follow(Id id) {
    followed.put(id, new ArrayList<>());
    note(id, Kind.ACCEPTED, "", "");
  }

  synchronized void forget(Id id) {
    followed.remove(id);
  }

  /** Empty where it is none of them. */
  synchronized Optional<List<Step>> steps(Id id) {
    return Optional.ofNullable(followed.get(id)).map(List::copyOf);
  }

  @Override
  public void tell(Event event) {
    if (event instanceof Event.Held e) {
      note(e.transaction(), Kind.HELD, "", e.why());
    } else if (event instanceof Event.Deferred e) {
      note(e.transaction(), Kind.DEFERRED, e.route(), e.reply());
    } else if (event instanceof Event.Delivered e) {
      note(e.transaction(), Kind.DELIVERED, e.route(), e.reply());
    } else if (event instanceof Event.Failed e) {
      note(e.transaction(), Kind.FAILED, e.route(), e.reply());
    }
  }

  private synchronized void note(Id id, Kind kind, String route, String reply) {
    List<Step> steps = followed.get(id);
    if (steps != null) {
      steps.add(new Step(clock.instant(), kind, route, reply));
    }
  }
}
