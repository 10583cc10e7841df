package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.directory.BulkEnrolment;
import heddle.directory.RollLine;
import heddle.directory.RollReader;
import heddle.mail.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * {@code user import}: reads the file here and sends users and hashes in one request, so that all
 * of them come or none. Clear passwords are hashed before they leave.
 */
final class Importing {
  /** Less than the longest request, which has a little more in each line. */
  private static final int LARGEST = 12 * 1024 * 1024;

  private static final int NAMED = 10;

  private Importing() {}

  /**
   * What was asked for.
   *
   * @param file {@code -} for standard input
   * @param format {@code "passwd"}, {@code "csv"}, or empty: by the file's name
   * @param domain behind names that have none; may be empty
   */
  record Wish(
      String file, String format, String domain, boolean skipBad, boolean replace, boolean dryRun) {
    boolean isCsv() {
      return format.equals("csv") || format.isEmpty() && file.endsWith(".csv");
    }
  }

  /** The answer, its bad lines as the reason; its one row has the numbers. */
  static Answer carriedOut(Wish wish, Function<Request, Answer> desk) {
    if (!List.of("", "csv", "passwd").contains(wish.format())) {
      return no("there is no format " + wish.format(), "say passwd or csv");
    }
    Optional<String> text;
    try (InputStream in =
        wish.file().equals("-") ? System.in : Files.newInputStream(Path.of(wish.file()))) {
      byte[] octets = in.readNBytes(LARGEST + 1);
      if (octets.length > LARGEST) {
        return no("the file has more than 12 MiB", "split it");
      }
      text = Octets.of(octets).utf8();
    } catch (IOException | InvalidPathException missing) {
      return no("the file " + wish.file() + " cannot be read", "name one that is there");
    }
    if (text.isEmpty()) {
      return no("the file is not UTF-8", "make it so with iconv, and see docs/import.md");
    }
    var reader = new RollReader(Optional.of(wish.domain()).filter(d -> !d.isEmpty()));
    List<RollLine> lines = wish.isCsv() ? reader.csv(text.get()) : reader.passwd(text.get());
    return lines.isEmpty()
        ? no("the file has no user in it", "see docs/import.md for what it may hold")
        : asked(wish, lines, desk);
  }

  private static Answer asked(Wish wish, List<RollLine> lines, Function<Request, Answer> desk) {
    Map<Integer, String> bad = new TreeMap<>();
    List<RollLine.Entry> entries = new ArrayList<>();
    List<String> unset = new ArrayList<>();
    for (RollLine line : lines) {
      switch (line) {
        case RollLine.Entry entry -> entries.add(entry);
        case RollLine.Bad(int number, String why) -> bad.put(number, why);
        case RollLine.Unset(int _, String name) -> unset.add(name);
      }
    }
    // What is bad already is bad for all, but the others are still looked at: one look tells all.
    boolean dry = wish.dryRun() || !bad.isEmpty() && !wish.skipBad();
    Map<String, String> args = new HashMap<>();
    args.put("rows", BulkEnrolment.packed(hashed(entries, dry)));
    args.put("dry-run", Boolean.toString(dry));
    args.put("skip-bad", Boolean.toString(wish.skipBad()));
    args.put("replace", Boolean.toString(wish.replace()));
    Answer answer = desk.apply(Request.of("user.import", args));
    if (answer.rows().isEmpty()) {
      return answer;
    }
    Map<String, Object> row = new LinkedHashMap<>(answer.rows().getFirst());
    for (Object each : (List<?>) row.getOrDefault("bad", List.of())) {
      if (each instanceof Map<?, ?> its && its.get("line") instanceof Integer number) {
        bad.put(number, String.valueOf(its.get("why")));
      }
    }
    row.put("unset", unset);
    row.put("dry-run", wish.dryRun());
    row.put(
        "bad",
        bad.entrySet().stream().map(b -> Map.of("line", b.getKey(), "why", b.getValue())).toList());
    return bad.isEmpty() ? Answer.row(row) : withBad(wish, row, bad);
  }

  private static List<RollLine.Entry> hashed(List<RollLine.Entry> entries, boolean dry) {
    return entries.parallelStream().map(entry -> entry.hashed(dry)).toList();
  }

  private static Answer withBad(Wish wish, Map<String, Object> row, Map<Integer, String> bad) {
    String why =
        bad.entrySet().stream()
            .map(b -> "line " + b.getKey() + ": " + b.getValue())
            .collect(Collectors.joining("\n"));
    return wish.skipBad()
        ? new Answer(
            Request.VERSION,
            Answer.PARTIAL,
            List.of(row),
            counted(bad.size(), "line was", "lines were") + " left out",
            why,
            "mend them and import the file again; who is there by now is left alone")
        : Answer.no(
            Answer.FAILED,
            "nothing was imported: " + counted(bad.size(), "line is", "lines are") + " bad",
            why,
            "mend them, or leave them out with --skip-bad");
  }

  /** For people. */
  static String sentence(Map<String, Object> row) {
    boolean dry = Boolean.TRUE.equals(row.get("dry-run"));
    var text = new StringBuilder();
    text.append(dry ? "Would be done: " : "")
        .append(counted((Integer) row.getOrDefault("added", 0), "user", "users"))
        .append(" imported, ")
        .append(row.get("replaced"))
        .append(" given another password.");
    named(text, (List<?>) row.getOrDefault("there", List.of()), " there already and left alone: ");
    named(
        text, (List<?>) row.getOrDefault("unset", List.of()), " without a password and left out: ");
    return text.toString();
  }

  private static void named(StringBuilder text, List<?> names, String what) {
    if (!names.isEmpty()) {
      text.append('\n').append(names.size()).append(what);
      text.append(names.stream().limit(NAMED).map(Printer::cell).collect(Collectors.joining(", ")));
      text.append(names.size() > NAMED ? " and others" : "");
    }
  }

  private static String counted(int count, String one, String more) {
    return count + " " + (count == 1 ? one : more);
  }

  private static Answer no(String why, String remedy) {
    return Answer.no(Answer.USAGE, "nothing was imported", why, remedy);
  }
}
