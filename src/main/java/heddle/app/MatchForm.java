package heddle.app;

import heddle.config.Match;
import heddle.config.MatchParser;
import heddle.control.Answer;
import heddle.control.Request;

/** Which are meant, as a request says it. */
sealed interface MatchForm {
  record Said(Match match) implements MatchForm {}

  record Bad(Answer answer) implements MatchForm {}

  static MatchForm of(Request request, MatchParser parser) {
    return switch (parser.parse(request.arg("match").orElse(""))) {
      case MatchParser.Parsed.Understood(var match) -> new Said(match);
      case MatchParser.Parsed.Mistaken(var what, var why, var remedy) ->
          new Bad(Answer.no(Answer.USAGE, what, why, remedy));
    };
  }

  /**
   * What changes many is not done to all of them by leaving something out.
   *
   * @param command as it is typed, {@code "queue drop"}
   * @param would what would become of how many
   */
  static Answer unconditional(String command, String would, String example) {
    return Answer.no(
        Answer.REFUSED,
        would,
        "nothing says which",
        "say which: " + command + " " + example + "      or really all: " + command + " --all");
  }
}
