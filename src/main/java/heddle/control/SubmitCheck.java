package heddle.control;

import heddle.dial.Credentials;
import heddle.dial.Trouble;
import heddle.wire.Deadline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether somebody can log in: a real login through a listener with TLS, and no mail. */
public final class SubmitCheck implements Check {
  /** A name and a password that count for one login, and for none behind its closing. */
  public interface Login extends AutoCloseable {
    Credentials.Password credentials(Credentials.Order order);

    @Override
    void close();
  }

  /** What of the site's settings decides whether such a login can be tried. */
  public enum Way {
    /** By a password, or a proof of one. */
    ALL,
    /** By a password only: others would be asked about a proof, and they do not know of it. */
    PASSWORD,
    /** A hook of the site's decides, who cannot know of it. */
    HOOK
  }

  private final Supplier<List<Doorway>> doors;
  private final String hostname;
  private final Way way;
  private final Supplier<Login> logins;

  public SubmitCheck(
      Supplier<List<Doorway>> doors, String hostname, Way way, Supplier<Login> logins) {
    this.doors = doors;
    this.hostname = hostname;
    this.way = way;
    this.logins = logins;
  }

  @Override
  public Subject subject() {
    return Subject.SUBMIT;
  }

  /** Through the first door of each listener; the first that fails is told. */
  @Override
  public List<Finding> look(Deadline deadline) {
    if (way == Way.HOOK) {
      return skipped("a hook of the site's decides about logins");
    }
    Map<String, Doorway> first = new LinkedHashMap<>();
    for (Doorway door : doors.get()) {
      if (door.secured() && door.shut().isEmpty() && door.reach().isPresent()) {
        first.putIfAbsent(door.name(), door);
      }
    }
    if (first.isEmpty()) {
      return skipped("no listener with TLS can be reached from here");
    }
    List<String> done = new ArrayList<>();
    List<String> not = new ArrayList<>();
    for (Doorway door : first.values()) {
      Optional<Finding> trouble = at(door, deadline, done, not);
      if (trouble.isPresent()) {
        return List.of(trouble.get());
      }
    }
    return done.isEmpty()
        ? skipped(String.join("; ", not))
        : List.of(
            Finding.ok(Subject.SUBMIT.id(), "a login was accepted " + String.join(", ", done)));
  }

  private Optional<Finding> at(
      Doorway door, Deadline deadline, List<String> done, List<String> not) {
    Visit before = Visit.to(door, hostname, deadline);
    if (before.trouble().isPresent()) {
      return Optional.of(refused(door, before.trouble().get()));
    }
    List<String> offered = before.mechanisms();
    boolean plain = offered.contains("PLAIN") || offered.contains("LOGIN");
    if (!plain && !(way == Way.ALL && offered.contains("SCRAM-SHA-256"))) {
      not.add(door.told() + " offers no mechanism for a password to this machine");
      return Optional.empty();
    }
    var order = way == Way.ALL ? Credentials.Order.PROVEN : Credentials.Order.PLAIN;
    boolean proven = way == Way.ALL && offered.contains("SCRAM-SHA-256");
    try (Login login = logins.get()) {
      Visit visit = Visit.to(door, hostname, login.credentials(order), deadline);
      if (visit.trouble().isPresent()) {
        return Optional.of(refused(door, visit.trouble().get()));
      }
      done.add(
          "through %s by %s in %s"
              .formatted(
                  door.told(), proven ? "SCRAM-SHA-256" : "password", Spans.time(visit.took())));
      return Optional.empty();
    }
  }

  private static Finding refused(Doorway door, Trouble trouble) {
    boolean later = trouble instanceof Trouble.LoginRefused(var reply) && reply.temporary();
    return (later ? Ailment.SUBMIT_PUT_OFF : Ailment.SUBMIT_REFUSED)
        .found("where", door.told(), "why", trouble.words());
  }

  private static List<Finding> skipped(String why) {
    return List.of(Finding.skipped(Subject.SUBMIT.id(), why));
  }
}
