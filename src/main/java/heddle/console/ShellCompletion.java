package heddle.console;

import heddle.control.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;

/** What a shell sources to complete nouns, verbs and options; live names it does not have. */
final class ShellCompletion {
  /** The script of bash loads what makes zsh understand it, where it is zsh that reads it. */
  private static final List<String> SHELLS = List.of("bash", "zsh");

  private ShellCompletion() {}

  /** One row with {@code shell} and {@code script}. */
  static Answer of(String shell, CommandLine model) {
    if (!SHELLS.contains(shell)) {
      return Answer.no(
          Answer.USAGE,
          "there is no completion for \"" + Printer.cell(shell) + "\"",
          "there is one for: " + String.join(", ", SHELLS),
          "write: heddle completion bash");
    }
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("shell", shell);
    row.put("script", AutoComplete.bash("heddle", model));
    return Answer.row(row);
  }

  static String script(Answer answer) {
    return answer.rows().isEmpty() ? "" : String.valueOf(answer.rows().getFirst().get("script"));
  }
}
