package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.scripting.Generation;
import heddle.scripting.Hooks;
import heddle.scripting.HooksRefused;
import java.io.IOException;
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
        case "hook.test" -> Optional.of(test(request));
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

  private static Answer test(Request request) throws Refused {
    Path file = Path.of(request.arg("file").orElse(""));
    Optional<Path> talk = request.arg("talk").map(Path::of);
    return talk.isPresent() ? rehearse(file, talk.get()) : test(file);
  }

  private static Answer rehearse(Path file, Path talk) throws Refused {
    try {
      List<String> failures = new Rehearsal(file, talk).play();
      List<Map<String, Object>> rows = new ArrayList<>();
      rows.add(Map.of("talk", talk.getFileName() + " went as it is written"));
      failures.forEach(failure -> rows.add(Map.of("talk", "note: " + failure)));
      return Answer.rows(rows);
    } catch (Talk.Failed otherwise) {
      return Answer.no(
          Answer.FAILED,
          talk.getFileName() + " went another way",
          String.valueOf(otherwise.getMessage()),
          "mend the hook or the talk; docs/hooks.md tells what may stand in one");
    } catch (IOException unreadable) {
      return Answer.no(
          Answer.FAILED,
          "the talk cannot be played",
          unreadable.getClass().getSimpleName() + ": " + unreadable.getMessage(),
          "look at both files");
    }
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
