package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.scripting.Generation;
import heddle.scripting.Hooks;
import heddle.scripting.HooksRefused;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The verbs of {@code hook}. */
final class HookDesk {
  /** What there is, and how to have it compiled anew. */
  interface Keeper {
    Generation now() throws Refused;

    Generation reload() throws Refused;
  }

  private final Keeper keeper;

  HookDesk(Keeper keeper) {
    this.keeper = keeper;
  }

  /** Where no server runs: what would be in force if one did. */
  static HookDesk alone(Home home) {
    return new HookDesk(
        new Keeper() {
          @Override
          public Generation now() throws Refused {
            return new SiteHooks(home, new ConfigDesk(home).load(_ -> {}), _ -> {}).check();
          }

          @Override
          public Generation reload() throws Refused {
            throw new Refused(
                Answer.UNREACHABLE,
                "no server runs here",
                "hooks are loaded when one starts",
                "see what it would load with: heddle hook list");
          }
        });
  }

  /** Answers, or empty where the verb is not one of these. */
  Optional<Answer> ask(Request request) {
    try {
      return switch (request.verb()) {
        case "hook.list" -> Optional.of(Answer.rows(keeper.now().rows()));
        case "hook.reload" -> Optional.of(reload(request));
        case "hook.test" -> Optional.of(test(Path.of(request.arg("file").orElse(""))));
        default -> Optional.empty();
      };
    } catch (Refused refused) {
      return Optional.of(refused.answer());
    }
  }

  private Answer reload(Request request) throws Refused {
    boolean dry = request.flag("dry-run");
    Generation generation = dry ? keeper.now() : keeper.reload();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("in-use", generation.inUse());
    row.put("not-in-use", generation.unused());
    row.put("dry-run", dry);
    return Answer.row(row);
  }

  private static Answer test(Path file) throws Refused {
    try {
      List<Map<String, Object>> rows = new ArrayList<>();
      Hooks.look(file)
          .forEach(
              (name, kind) -> {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("class", name);
                row.put("kind", kind);
                rows.add(row);
              });
      return Answer.rows(rows);
    } catch (HooksRefused refused) {
      return Answer.no(
          Answer.FAILED,
          file + " does not compile",
          String.valueOf(refused.getMessage()),
          "mend it; docs/hooks.md has working ones");
    }
  }
}
