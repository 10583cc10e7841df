package heddle.config;

import java.util.List;

/** What became of a configuration file: all of it, or nothing. */
public sealed interface Outcome {
  /** Fit to serve with. */
  record Valid(HeddleConfig config, List<Note> notes) implements Outcome {
    public Valid {
      notes = List.copyOf(notes);
    }
  }

  /** Every problem of the file, in the order of the file. Never empty. */
  record Invalid(List<Problem> problems) implements Outcome {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }
}
