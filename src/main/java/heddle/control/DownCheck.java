package heddle.control;

import heddle.wire.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Routes or directories: whether events told that one is down, and for how long it is. */
public final class DownCheck implements Check {
  private final Subject subject;
  private final Duration patience;
  private final Ailment before;
  private final Ailment beyond;
  private final Map<String, String> names;
  private final Troubles troubles;
  private final InstantSource clock;

  private DownCheck(
      Subject subject,
      Duration patience,
      Ailment before,
      Ailment beyond,
      Map<String, String> names,
      Troubles troubles,
      InstantSource clock) {
    this.subject = subject;
    this.patience = patience;
    this.before = before;
    this.beyond = beyond;
    this.names = names;
    this.troubles = troubles;
    this.clock = clock;
  }

  /**
   * @param routes from each name to what it does, in words
   */
  public static DownCheck routes(
      Map<String, String> routes, Troubles troubles, InstantSource clock) {
    Duration patience = Duration.ofHours(1);
    return new DownCheck(
        Subject.ROUTE,
        patience,
        Ailment.ROUTE_DOWN,
        Ailment.ROUTE_LONG_DOWN,
        routes,
        troubles,
        clock);
  }

  /**
   * @param directories from each name, {@code imap} for {@code remote/imap}, to what it is
   */
  public static DownCheck directories(
      Map<String, String> directories, Troubles troubles, InstantSource clock) {
    Duration patience = Duration.ofMinutes(10);
    return new DownCheck(
        Subject.DIRECTORY,
        patience,
        Ailment.DIRECTORY_DOWN,
        Ailment.DIRECTORY_LONG_DOWN,
        directories,
        troubles,
        clock);
  }

  @Override
  public Subject subject() {
    return subject;
  }

  @Override
  public List<Finding> look(Deadline deadline) {
    return names.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each -> finding(each.getKey(), each.getValue()))
        .toList();
  }

  private Finding finding(String name, String does) {
    Optional<Troubles.Down> down =
        subject == Subject.ROUTE ? troubles.route(name) : troubles.directory("remote/" + name);
    if (down.isEmpty()) {
      return Finding.ok(subject.of(name), does + ", no trouble heard of");
    }
    Duration age = Duration.between(down.get().since(), clock.instant());
    return (age.compareTo(patience) > 0 ? beyond : before)
        .of(name, "relay", down.get().what(), "age", Spans.time(age), "why", down.get().why());
  }
}
