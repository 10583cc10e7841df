package heddle.control;

import heddle.dial.Trouble;
import heddle.wire.Deadline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether each listener greets, and does what it should up to EHLO behind TLS. */
public final class ListenCheck implements Check {
  private final Supplier<List<Doorway>> doors;
  private final String hostname;

  /**
   * @param hostname that clients ask for
   */
  public ListenCheck(Supplier<List<Doorway>> doors, String hostname) {
    this.doors = doors;
    this.hostname = hostname;
  }

  @Override
  public Subject subject() {
    return Subject.LISTEN;
  }

  /** One finding for each listener: the gravest of its addresses. */
  @Override
  public List<Finding> look(Deadline deadline) {
    Map<String, Finding> found = new LinkedHashMap<>();
    for (Doorway door : doors.get()) {
      found.merge(
          door.name(),
          at(door, deadline),
          (before, now) -> now.state().compareTo(before.state()) > 0 ? now : before);
    }
    return List.copyOf(found.values());
  }

  private Finding at(Doorway door, Deadline deadline) {
    String id = Subject.LISTEN.of(door.name());
    Optional<String> shut = door.shut();
    if (shut.isPresent()) {
      return Finding.skipped(id, door.told() + ": " + shut.get());
    }
    Visit visit = Visit.to(door, hostname, deadline);
    if (visit.trouble().isEmpty()) {
      String tls = visit.protocol().isEmpty() ? "in clear" : visit.protocol();
      return Finding.ok(
          id, door.told() + " greets and hears, " + tls + ", in " + Spans.time(visit.took()));
    }
    Trouble trouble = visit.trouble().get();
    boolean full = trouble instanceof Trouble.Greeting(var reply) && reply.code() == 421;
    return (full ? Ailment.LISTEN_TURNED_AWAY : Ailment.LISTEN_FAILED)
        .of(door.name(), "where", door.told(), "why", trouble.words());
  }
}
