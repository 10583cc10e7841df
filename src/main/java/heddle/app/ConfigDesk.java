package heddle.app;

import heddle.config.ConfigReader;
import heddle.config.ConfigWriter;
import heddle.config.HeddleConfig;
import heddle.config.Manual;
import heddle.config.Note;
import heddle.config.Outcome;
import heddle.control.Answer;
import heddle.control.Request;
import heddle.event.Event;
import heddle.event.Events;
import heddle.mail.Id;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/** The verbs of {@code config}, and the configuration that a server starts with. */
final class ConfigDesk {
  /** sysexits.h: EX_CONFIG. systemd is told not to restart after it. */
  static final int REFUSED = 78;

  private final Home home;

  ConfigDesk(Home home) {
    this.home = home;
  }

  /** The configuration of the home; no file is an empty one. Notes become one warning. */
  HeddleConfig load(Events events) throws Refused {
    return switch (read(home.config())) {
      case Outcome.Invalid invalid ->
          throw new Refused(
              REFUSED,
              home.config() + " is refused",
              invalid.problems().stream().map(Object::toString).collect(Collectors.joining("\n")),
              "mend it, and check it with: heddle config check");
      case Outcome.Valid valid -> {
        if (!valid.notes().isEmpty()) {
          events.tell(
              new Event.Warning(
                  "the configuration has " + valid.notes().size() + " notes",
                  valid.notes().stream().map(Note::toString).collect(Collectors.joining("; ")),
                  "see them with: heddle config check"));
        }
        yield valid.config();
      }
    };
  }

  private Outcome read(Path file) throws Refused {
    try {
      return ConfigReader.read(String.valueOf(file.getFileName()), Files.readString(file));
    } catch (NoSuchFileException none) {
      if (!file.equals(home.config())) {
        throw unreadable(file, "there is no such file", "name another");
      }
      return ConfigReader.read(String.valueOf(file.getFileName()), "");
    } catch (MalformedInputException notUtf8) {
      throw unreadable(file, "it is not UTF-8", "save it as UTF-8");
    } catch (IOException trouble) {
      throw unreadable(file, "it cannot be read", "look at its owner and mode");
    }
  }

  private static Refused unreadable(Path file, String why, String remedy) {
    return new Refused(REFUSED, file + " is refused", why, remedy);
  }

  Answer ask(Request request) throws Refused {
    return switch (request.verb()) {
      case "config.check" -> check(request.arg("file").orElse(""));
      case "config.show" -> Answer.row(Map.of("text", ConfigWriter.write(load(_ -> {}))));
      case "config.explain" -> explain(request.arg("key").orElse(""));
      default -> ServerOffice.unknown(request);
    };
  }

  private Answer check(String named) throws Refused {
    Path file = named.isEmpty() ? home.config() : Path.of(named);
    return switch (read(file)) {
      case Outcome.Invalid invalid ->
          Answer.no(
              REFUSED,
              file + " is refused",
              invalid.problems().stream().map(Object::toString).collect(Collectors.joining("\n")),
              "mend these, then check again");
      case Outcome.Valid valid -> {
        // What can only be seen by looking: whether it could be served with.
        List<Map<String, Object>> rows = new ArrayList<>();
        Events odd = event -> odd(event).ifPresent(text -> rows.add(line("note: " + text)));
        var wiring = new Wiring(home, valid.config(), odd, InstantSource.system());
        new Routes(home, valid.config(), wiring.hostname(), Id.draw(new Random()), _ -> {}).check();
        Remotes.check(home, valid.config(), wiring.hostname());
        if (valid.config().tls().certificate().isPresent()) {
          wiring.keys();
        }
        wiring.clientAuthorities();
        new SiteHooks(home, valid.config(), odd).check();
        valid.notes().forEach(note -> rows.add(line("note: " + note)));
        rows.add(
            line(file + " is good" + (Files.exists(file) ? "" : " (there is none: defaults)")));
        yield Answer.rows(rows);
      }
    };
  }

  /** What is odd about a certificate that can be used all the same. */
  private static Optional<String> odd(Event event) {
    return event instanceof Event.Warning warning
        ? Optional.of(warning.what() + " " + warning.why() + " " + warning.remedy())
        : Optional.empty();
  }

  private static Map<String, Object> line(String text) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("line", text);
    return row;
  }

  private Answer explain(String key) {
    return Manual.explain(key)
        .map(text -> Answer.row(Map.of("text", text)))
        .orElseGet(
            () ->
                Answer.no(
                    Answer.NOT_FOUND,
                    "there is no key " + key,
                    "it is none of those in etc/heddle.example.toml",
                    "see them all there"));
  }
}
