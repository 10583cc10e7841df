package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.directory.BulkEnrolment;
import heddle.directory.BulkEnrolment.Manner;
import heddle.directory.RollLine;
import heddle.store.StoreUnavailable;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The verb {@code user.import}: its rows are the list as it travels. */
final class ImportDesk {
  private final BulkEnrolment enrolment;

  ImportDesk(BulkEnrolment enrolment) {
    this.enrolment = enrolment;
  }

  /** Each answer has one row, in which the bad lines stand with their numbers. */
  Answer ask(Request request) throws StoreUnavailable {
    Set<Manner> manner = EnumSet.noneOf(Manner.class);
    for (Manner each : Manner.values()) {
      if (request.flag(word(each))) {
        manner.add(each);
      }
    }
    var enrolled = enrolment.take(request.arg("rows").orElse(""), manner);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("added", enrolled.added());
    row.put("replaced", enrolled.replaced());
    row.put("there", enrolled.there());
    row.put("bad", enrolled.bad().stream().map(ImportDesk::bad).toList());
    row.put("dry-run", manner.contains(Manner.DRY_RUN));
    if (enrolled.bad().isEmpty()) {
      return Answer.row(row);
    }
    boolean skipped = manner.contains(Manner.SKIP_BAD);
    return new Answer(
        Request.VERSION,
        skipped ? Answer.PARTIAL : Answer.FAILED,
        List.of(row),
        skipped ? "some users were not imported" : "nothing was imported",
        enrolled.bad().size() + " lines are bad",
        "mend them, or leave them out with skip-bad");
  }

  private static Map<String, Object> bad(RollLine.Bad bad) {
    return Map.of("line", bad.number(), "why", bad.why());
  }

  private static String word(Manner manner) {
    return switch (manner) {
      case DRY_RUN -> "dry-run";
      case SKIP_BAD -> "skip-bad";
      case REPLACE -> "replace";
    };
  }
}
