package heddle.scripting;

import heddle.event.Event;
import heddle.event.Events;
import heddle.scripting.Generation.Calling;
import heddle.scripting.Generation.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes generations of hooks from their folder. Safe to share. */
public final class Hooks {
  private final Path folder;
  private final LastGood lastGood;
  private final Calling calling;
  private final Events events;

  /**
   * @param folder of the sources
   * @param kept a folder of ours, for what was compiled last
   * @param patience for each call
   */
  public Hooks(Path folder, Path kept, Duration patience, Events events, Timing timing) {
    this.folder = folder;
    this.lastGood = new LastGood(kept);
    this.calling = new Calling(patience, events, timing);
    this.events = events;
  }

  /**
   * At start: what does not compile, but did with these very sources, is used as it was then, and
   * that is said loudly.
   */
  public Generation start(List<Wanted> wanted) throws HooksRefused {
    HookFolder.Contents contents = HookFolder.read(folder);
    try {
      return load(contents, wanted);
    } catch (HooksRefused refused) {
      Optional<Map<String, byte[]>> before = lastGood.of(contents.mark());
      if (before.isEmpty()) {
        throw refused;
      }
      Generation generation = Generation.of(before.get(), contents.jars(), wanted, calling);
      events.tell(
          new Event.Warning(
              "the hooks do not compile; those compiled earlier from the same source are used",
              String.valueOf(refused.getMessage()),
              "mend them; they may not do what they did with the version before"));
      return loaded(generation);
    }
  }

  /** While running: what cannot be used leaves the caller with what there is. */
  public Generation again(List<Wanted> wanted) throws HooksRefused {
    return load(HookFolder.read(folder), wanted);
  }

  /** As {@link #again}, but nothing is kept and nothing is told. */
  public Generation check(List<Wanted> wanted) throws HooksRefused {
    HookFolder.Contents contents = HookFolder.read(folder);
    return Generation.of(
        HookCompiler.compile(contents),
        contents.jars(),
        wanted,
        Calling.unheard(calling.patience()));
  }

  private Generation load(HookFolder.Contents contents, List<Wanted> wanted) throws HooksRefused {
    if (contents.isEmpty() && wanted.isEmpty()) {
      return Generation.none();
    }
    Map<String, byte[]> classes = HookCompiler.compile(contents);
    Generation generation = Generation.of(classes, contents.jars(), wanted, calling);
    try {
      lastGood.keep(contents.mark(), classes);
    } catch (IOException trouble) {
      events.tell(
          new Event.Warning(
              "the compiled hooks could not be kept",
              String.valueOf(trouble.getMessage()),
              "they are in force; look at the folder var/hooks"));
    }
    return loaded(generation);
  }

  private Generation loaded(Generation generation) {
    events.tell(new Event.HooksLoaded(generation.inUse(), generation.unused()));
    return generation;
  }

  /**
   * Compiles one file and says what its classes are.
   *
   * @return from class name to {@code AuthHook}, {@code PasswordHook}, {@code ProxyHook} or {@code
   *     helper}
   */
  public static Map<String, String> look(Path file) throws HooksRefused {
    try {
      var source =
          new HookFolder.Source(
              file.toAbsolutePath(), String.valueOf(file.getFileName()), Files.readString(file));
      var contents = new HookFolder.Contents(List.of(source), List.of(), "");
      return Generation.of(
              HookCompiler.compile(contents),
              List.of(),
              List.of(),
              Calling.unheard(Duration.ofSeconds(5)))
          .compiled();
    } catch (IOException trouble) {
      throw new HooksRefused(file + " cannot be read");
    }
  }
}
