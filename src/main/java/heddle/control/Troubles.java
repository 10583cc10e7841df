package heddle.control;

import heddle.event.Event;
import heddle.event.Events;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What events have told of that is down and not yet up again: next hops, directories, hooks. Safe
 * to share.
 */
public final class Troubles implements Events {
  /** Of a hook's failures so many are counted at most. */
  private static final int MOST = 1000;

  /**
   * Something that is down.
   *
   * @param what the relay of a route; empty where the name says it all
   */
  record Down(String what, String why, Instant since) {}

  /** A hook's failures within the last hour. */
  record Failing(int times, String why) {}

  private record Failure(String hook, String why, Instant at) {}

  private final InstantSource clock;
  private final Map<String, Down> routes = new TreeMap<>();
  private final Map<String, Down> directories = new TreeMap<>();
  private final Map<String, Integer> stuck = new TreeMap<>();
  private final Deque<Failure> failures = new ArrayDeque<>();

  public Troubles(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void tell(Event event) {
    if (event instanceof Event.RouteDown down) {
      routes.merge(
          down.route(), new Down(down.relay(), down.why(), clock.instant()), Troubles::still);
    } else if (event instanceof Event.RouteUp up) {
      routes.remove(up.route());
    } else if (event instanceof Event.DirectoryDown down) {
      directories.merge(
          down.directory(), new Down("", down.why(), clock.instant()), Troubles::still);
    } else if (event instanceof Event.DirectoryUp up) {
      directories.remove(up.directory());
    } else if (event instanceof Event.HookStuck hook) {
      stuck.put(hook.hook(), hook.calls());
    } else if (event instanceof Event.HooksLoaded) {
      stuck.clear();
      failures.clear();
    } else if (event instanceof Event.HookFailed hook) {
      failures.addLast(new Failure(hook.hook(), hook.why(), clock.instant()));
      if (failures.size() > MOST) {
        failures.removeFirst();
      }
    }
  }

  /** Another reason, the same trouble. */
  private static Down still(Down before, Down now) {
    return new Down(now.what(), now.why(), before.since());
  }

  synchronized Optional<Down> route(String name) {
    return Optional.ofNullable(routes.get(name));
  }

  synchronized Optional<Down> directory(String name) {
    return Optional.ofNullable(directories.get(name));
  }

  /** Hooks that are not asked any more, and in how many calls they hang. */
  synchronized Map<String, Integer> stuck() {
    return Map.copyOf(stuck);
  }

  synchronized Map<String, Failing> failing() {
    Instant then = clock.instant().minus(Duration.ofHours(1));
    failures.removeIf(f -> f.at().isBefore(then));
    Map<String, Failing> failing = new TreeMap<>();
    for (Failure failure : List.copyOf(failures)) {
      failing.merge(
          failure.hook(),
          new Failing(1, failure.why()),
          (before, now) -> new Failing(before.times() + 1, now.why()));
    }
    return failing;
  }
}
