package heddle.app;

import heddle.control.Ailment;
import heddle.control.Answer;
import heddle.control.Check;
import heddle.control.Finding;
import heddle.control.Request;
import heddle.control.Subject;
import heddle.wire.Deadline;
import java.util.List;
import java.util.Map;

/** What {@code config check} says of the file as it is now. */
final class ConfigCheck implements Check {
  private static final String NOTE = "note: ";
  private final Home home;

  ConfigCheck(Home home) {
    this.home = home;
  }

  @Override
  public Subject subject() {
    return Subject.CONFIG;
  }

  @Override
  public List<Finding> look(Deadline deadline) {
    Answer answer;
    try {
      answer = new ConfigDesk(home).ask(Request.of("config.check", Map.of()));
    } catch (Refused refused) {
      answer = refused.answer();
    }
    if (!answer.ok()) {
      String why = answer.why().lines().findFirst().orElse("");
      return List.of(Ailment.CONFIG_REFUSED.found("why", answer.what() + ": " + why));
    }
    List<String> notes =
        answer.rows().stream()
            .map(row -> String.valueOf(row.get("line")))
            .filter(line -> line.startsWith(NOTE))
            .map(line -> line.substring(NOTE.length()))
            .toList();
    return List.of(
        notes.isEmpty()
            ? Finding.ok(Subject.CONFIG.id(), "nothing to be said of it")
            : Ailment.CONFIG_NOTES.found(
                "count",
                Integer.toString(notes.size()),
                "notes",
                notes.getFirst() + (notes.size() > 1 ? "; …" : "")));
  }
}
