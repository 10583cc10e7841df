package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.keymap.KeyMap;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;
import org.jline.widget.AutosuggestionWidgets;
import picocli.CommandLine;

/** The console: where people meet a server. Each line is a command as the shell knows them. */
final class Console {
  private static final String PROMPT = "heddle> ";
  private static final Duration WATCH = Duration.ofSeconds(2);

  private final Desk desk;
  private final Terminal terminal;
  private final Grammar grammar;
  private final Remembered remembered = Remembered.ofUser();
  private final LineReader reader;
  private final Bottom bottom;
  private final Tail tail;
  private final Screen screen;
  private final boolean colour = System.getenv("NO_COLOR") == null;

  private Console(Desk desk, Terminal terminal) {
    this.desk = desk;
    this.terminal = terminal;
    CommandLine model = HeddleCommand.model(desk);
    this.grammar = new Grammar(model);
    this.bottom = new Bottom(terminal, desk, this::above);
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("heddle")
            .completer(new Completion(grammar, desk))
            .highlighter(new Colours(grammar, colour, this::typing))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.HISTORY_IGNORE_DUPS, true)
            .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
            .option(LineReader.Option.BRACKETED_PASTE, true)
            .variable(LineReader.BELL_STYLE, "none")
            .variable(LineReader.LIST_MAX, 200)
            .build();
    this.tail = new Tail(desk, this::above);
    this.screen = new Screen(terminal, bottom);
    remembered.lines().forEach(reader.getHistory()::add);
    helpAnywhere();
    if (colour && !terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
      new AutosuggestionWidgets(reader).enable();
    }
  }

  /** Until somebody leaves; returns the exit code. */
  static int run(Desk desk) throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      return new Console(desk, terminal).run();
    }
  }

  private int run() {
    Path socket = desk.home().resolve("run").resolve("control");
    bottom.open(); // it moves what is on the screen already
    Banner.lines(desk.ask(Request.of("status", Map.of())), socket.toString())
        .forEach(line -> terminal.writer().println(Printer.cut(line, terminal.getColumns())));
    terminal.flush();
    bottom.start();
    try {
      while (true) {
        String line;
        try {
          line = reader.readLine(PROMPT);
        } catch (UserInterruptException cancelled) {
          continue; // Ctrl-C at the prompt takes back what was typed
        } catch (EndOfFileException bye) {
          return 0;
        }
        bottom.help("");
        Typed typed = Typed.of(line);
        if (!typed.words().isEmpty()) {
          if (typed.words().getFirst().matches("exit|quit")) {
            return 0;
          }
          int exit = obey(typed);
          if (exit != Answer.USAGE) {
            remembered.add(line.strip());
          }
        }
      }
    } finally {
      tail.close();
      bottom.close();
    }
  }

  /** A line of news, above the prompt where one is shown. */
  private void above(String line) {
    reader.printAbove(Printer.cut(line, terminal.getColumns()));
  }

  private void typing(String buffer) {
    bottom.help(grammar.hint(Typed.of(buffer).words()));
  }

  /** A question mark tells what may come next, wherever it is typed, but within quotation marks. */
  private void helpAnywhere() {
    reader
        .getWidgets()
        .put(
            "heddle-help",
            () -> {
              String before = reader.getBuffer().upToCursor();
              if (before.chars().filter(c -> c == '"').count() % 2 == 1) {
                reader.getBuffer().write('?');
                return true;
              }
              Help.lines(grammar, new Completion(grammar, desk), before).forEach(this::above);
              return true;
            });
    reader.getKeyMaps().values().forEach(keys -> keys.bind(new Reference("heddle-help"), "?"));
    reader.getKeyMaps().values().forEach(keys -> keys.unbind(KeyMap.esc() + "?"));
  }

  private int obey(Typed typed) {
    List<String> words = typed.words();
    return switch (words.getFirst()) {
      case "help" -> {
        Help.lines(
                grammar,
                new Completion(grammar, desk),
                String.join(" ", words.subList(1, words.size())) + (words.size() > 1 ? " " : ""))
            .forEach(line -> terminal.writer().println(line));
        terminal.flush();
        yield 0;
      }
      case "clear" -> {
        terminal.puts(Capability.clear_screen);
        bottom.again();
        yield 0;
      }
      case "history" -> {
        remembered.lines().forEach(line -> terminal.writer().println(line));
        yield 0;
      }
      case "tail" -> tail(words);
      case "set" -> set(words);
      case "watch" -> watch(typed);
      default -> command(typed);
    };
  }

  private int tail(List<String> words) {
    if (words.equals(List.of("tail", "on"))) {
      tail.on();
      return 0;
    }
    if (words.equals(List.of("tail", "off"))) {
      tail.off();
      return 0;
    }
    return mistaken("tail is on or off", "write: tail on");
  }

  private int set(List<String> words) {
    if (words.size() == 3 && words.get(1).equals("hints") && words.get(2).matches("on|off")) {
      boolean on = words.get(2).equals("on");
      bottom.hints(on);
      reader.setAutosuggestion(
          on ? LineReader.SuggestionType.HISTORY : LineReader.SuggestionType.NONE);
      return 0;
    }
    return mistaken("hints can be set on or off", "write: set hints off");
  }

  private int mistaken(String why, String remedy) {
    return new Printer(io(terminalStream(), List.of(), Optional.empty()), false)
        .print(Answer.no(Answer.USAGE, "that was not understood", why, remedy), "");
  }

  private int watch(Typed typed) {
    var inner = new Typed(typed.words().subList(1, typed.words().size()), typed.filters());
    if (inner.words().isEmpty()) {
      return mistaken("watch repeats a command", "write: watch queue list");
    }
    return onWorker(
        true,
        () -> {
          int exit = 0;
          while (exit != Answer.USAGE && !Thread.currentThread().isInterrupted()) {
            terminal.puts(Capability.clear_screen);
            terminal
                .writer()
                .println("every 2 s: " + String.join(" ", inner.words()) + "      Ctrl-C ends");
            terminal.flush();
            exit = execute(inner, terminalStream());
            try {
              Thread.sleep(WATCH);
            } catch (InterruptedException over) {
              return exit;
            }
          }
          return exit;
        });
  }

  private int command(Typed typed) {
    if (grammar.find(typed.words()).depth() == 0 && !typed.words().getFirst().startsWith("-")) {
      return new Printer(io(terminalStream(), List.of(), Optional.empty()), false)
          .print(grammar.unknown(typed.words().getFirst()), "");
    }
    Optional<Answer> mistake = Filters.mistake(typed.filters());
    if (mistake.isPresent()) {
      return new Printer(io(terminalStream(), List.of(), Optional.empty()), false)
          .print(mistake.get(), "");
    }
    if (typed.words().stream().anyMatch(w -> w.equals("-f") || w.equals("--follow"))
        || typed.words().getFirst().matches("send|top|user|app|device|key|queue")
            && !typed.words().contains("list")) {
      return onWorker(
          typed.words().getFirst().equals("top"), () -> execute(typed, terminalStream()));
    }
    var kept = new Screen.Kept();
    int exit = onWorker(false, () -> execute(typed, kept.stream()));
    screen.show(kept);
    return exit;
  }

  private PrintStream terminalStream() {
    return new PrintStream(terminal.output(), true, StandardCharsets.UTF_8);
  }

  private Io io(PrintStream out, List<List<String>> filters, Optional<Person> person) {
    return new Io(
        out, terminalStream(), person, true, filters.isEmpty(), true, terminal.getColumns());
  }

  private int execute(Typed typed, PrintStream out) {
    Optional<Person> person = Optional.of(new Typist(terminal));
    String[] words = typed.words().toArray(String[]::new);
    try (var through = Filters.through(typed.filters(), out);
        var filtered = new PrintStream(through, true, StandardCharsets.UTF_8)) {
      return io(filtered, typed.filters(), person).within(() -> HeddleCommand.run(desk, words));
    }
  }

  /** Ctrl-C stops the command, not the console. */
  private int onWorker(boolean picture, java.util.function.IntSupplier work) {
    var exit = new AtomicInteger();
    Thread worker =
        Thread.ofPlatform().name("command").daemon(true).unstarted(() -> exit.set(work.getAsInt()));
    var before = terminal.handle(Terminal.Signal.INT, _ -> worker.interrupt());
    bottom.quiet(true);
    if (picture) {
      bottom.suspend(); // it is drawn on the whole screen
    }
    Attributes usual = terminal.getAttributes();
    var silent = new Attributes(usual);
    silent.setLocalFlag(Attributes.LocalFlag.ECHOCTL, false); // no ^C in the midst of a picture
    terminal.setAttributes(silent);
    try {
      worker.start();
      worker.join();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      terminal.handle(Terminal.Signal.INT, before);
      terminal.setAttributes(usual);
      terminal.flush();
      if (picture) {
        bottom.restore();
        bottom.again();
      }
      bottom.quiet(false);
    }
    return exit.get();
  }
}
