package heddle.scripting;

import java.util.List;

/** Why the hooks cannot be used, a line for each mistake: file, line, column, what is wrong. */
public final class HooksRefused extends Exception {
  private static final long serialVersionUID = 1;

  HooksRefused(List<String> lines) {
    super(String.join("\n", lines));
  }

  HooksRefused(String line) {
    this(List.of(line));
  }
}
