package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.util.HashMap;
import java.util.Map;

/** What the commands about a user's further credentials have in common. */
record Credentials(HeddleCommand heddle, String noun) {
  Map<String, String> args(String address, String label) {
    Map<String, String> args = new HashMap<>();
    args.put("address", address);
    args.put("label", label);
    return args;
  }

  Answer ask(String verb, Map<String, String> args) {
    return heddle.desk().ask(Request.of(noun + "." + verb, args));
  }

  int list(@org.jspecify.annotations.Nullable String address, String nothing, Shared shared) {
    Map<String, String> args = address == null ? Map.of() : Map.of("address", address);
    return shared.printer().print(ask("list", args), nothing);
  }

  int show(String address, String label, Shared shared) {
    return shared.printer().details(ask("show", args(address, label)));
  }

  int remove(String address, String label, Changing changing, Shared shared) {
    Map<String, String> args = args(address, label);
    args.put("dry-run", Boolean.toString(changing.dryRun));
    return shared
        .printer()
        .say(
            ask("remove", args),
            changing.dryRun
                ? "The " + called() + " " + label + " of " + address + " would be removed."
                : "The "
                    + called()
                    + " "
                    + label
                    + " of "
                    + address
                    + " is removed; its sessions end.");
  }

  private String called() {
    return noun.equals("app") ? "app password" : noun;
  }

  /** One sentence, and the password where one was made. */
  int added(Answer answer, String sentence, Changing changing, Shared shared) {
    Object made = answer.rows().isEmpty() ? null : answer.rows().getFirst().get("password");
    String shown = made == null ? "" : "\npassword: " + made + "   (shown this once)";
    Object note = answer.rows().isEmpty() ? null : answer.rows().getFirst().get("note");
    String noted = note == null ? "" : "\nnote: " + note;
    String done = changing.dryRun ? "Would be done: " + sentence : sentence + shown;
    return shared.printer().say(answer, done + noted);
  }
}
