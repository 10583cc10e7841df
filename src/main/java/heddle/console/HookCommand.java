package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hook}: the site's own say about logins and commands. */
@Command(
    addMethodSubcommands = false,
    name = "hook",
    description = "The site's own say about logins and commands.")
final class HookCommand {
  private final HeddleCommand heddle;

  HookCommand(HeddleCommand heddle) {
    this.heddle = heddle;
  }

  @Command(
      name = "list",
      description = "List all hooks: who uses them, how often they failed, where they are stuck.")
  int list(@Mixin Shared shared) {
    Answer answer = heddle.desk().ask(Request.of("hook.list", Map.of()));
    return shared.printer().print(answer, "No hooks. See docs/hooks.md for how to write one.");
  }

  @Command(
      name = "reload",
      description = "Compile the hooks anew, for connections that come from now on.")
  int reload(@Mixin Changing changing, @Mixin Shared shared) {
    Map<String, String> args = Map.of("dry-run", Boolean.toString(changing.dryRun));
    Answer answer = heddle.desk().ask(Request.of("hook.reload", args));
    return shared
        .printer()
        .say(
            answer,
            changing.dryRun
                ? "Would be done: the hooks are compiled anew."
                : "The hooks are compiled anew; open connections keep those they began with.");
  }

  @Command(
      name = "test",
      description = "Compile one file and say what its classes are; with a talk, play that.")
  int test(
      @Parameters(paramLabel = "FILE", description = "A source file, CramMd5.java.") Path file,
      @Option(
              names = "--talk",
              paramLabel = "FILE",
              description = "A scripted conversation, played with the hook on a server of its own.")
          @Nullable Path talk,
      @Mixin Shared shared) {
    Map<String, String> args = new HashMap<>();
    args.put("file", file.toAbsolutePath().toString());
    if (talk != null) {
      args.put("talk", talk.toAbsolutePath().toString());
    }
    return shared
        .printer()
        .print(heddle.desk().ask(Request.of("hook.test", args)), "There is no class in it.");
  }
}
