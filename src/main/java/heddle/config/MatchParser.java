package heddle.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what people type to say which they mean: {@code from:anna to:@gmail.com state:deferred
 * older:2h larger:10MB reply~"5.7.1" id:7Q4K*}. Between key and value stands {@code :} or {@code
 * =}, {@code !=}, {@code ~} (has it somewhere), {@code <}, {@code <=}, {@code >} or {@code >=}.
 * Commas mean any of them. A word without a key is the beginning of an id.
 */
public final class MatchParser {
  /** What a key's values are. */
  public enum Kind {
    /** Text as it is; {@code *} stands for anything. */
    TEXT,
    /** {@code @example.org} means all of a domain, {@code anna} whoever is called so. */
    ADDRESS,
    /** One of twelve characters, or its beginning. */
    ID,
    /** How long ago, in seconds where it is compared. */
    AGE,
    /** Octets. */
    SIZE,
    NUMBER,
    /** An address in digits, or a network. */
    IP
  }

  /** What was understood. */
  public sealed interface Parsed {
    record Understood(Match match) implements Parsed {}

    /** In words for whoever typed it. */
    record Mistaken(String what, String why, String remedy) implements Parsed {}
  }

  private static final List<String> OPERATORS = List.of("!=", ">=", "<=", ":", "=", "~", ">", "<");
  private static final Map<String, String> SHORT =
      Map.of("older", "age>", "newer", "age<", "larger", "size>", "smaller", "size<");

  /** An id's beginning, where it is meant and no accident. */
  private static final int SHORTEST_ID = 4;

  private final Map<String, Kind> keys;

  /**
   * @param keys those that can be asked for here
   */
  public MatchParser(Map<String, Kind> keys) {
    this.keys = Map.copyOf(keys);
  }

  private static final class Mistake extends Exception {
    private static final long serialVersionUID = 1L;
    private final String remedy;

    Mistake(String why, String remedy) {
      super(why, null, false, false);
      this.remedy = remedy;
    }
  }

  public Parsed parse(String text) {
    List<Condition> conditions = new ArrayList<>();
    try {
      for (String word : words(text)) {
        conditions.add(condition(word));
      }
    } catch (Mistake mistake) {
      return new Parsed.Mistaken(
          "which are meant is not understood",
          String.valueOf(mistake.getMessage()),
          mistake.remedy);
    }
    return new Parsed.Understood(new Match(conditions));
  }

  /** All that may stand before a value, for completion. */
  public Set<String> known() {
    var all = new LinkedHashSet<>(keys.keySet());
    SHORT.forEach(
        (word, meaning) -> {
          if (keys.containsKey(meaning.substring(0, meaning.length() - 1))) {
            all.add(word);
          }
        });
    return all;
  }

  /** At spaces outside quotation marks, which are taken off. */
  private static List<String> words(String text) throws Mistake {
    List<String> words = new ArrayList<>();
    var word = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ' ' && !quoted) {
        add(words, word);
      } else {
        word.append(c);
      }
    }
    if (quoted) {
      throw new Mistake("a quotation mark has no other", "write error~\"two words\"");
    }
    add(words, word);
    return words;
  }

  private static void add(List<String> words, StringBuilder word) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private Condition condition(String word) throws Mistake {
    int end = 0;
    while (end < word.length() && isKey(word.charAt(end))) {
      end++;
    }
    String key = word.substring(0, end).toLowerCase(Locale.ROOT);
    String rest = word.substring(end);
    Optional<String> operator = OPERATORS.stream().filter(rest::startsWith).findFirst();
    if (operator.isEmpty()) {
      if (keys.containsKey("id") && word.length() >= SHORTEST_ID) {
        return value("id", ":", word + (word.endsWith("*") ? "" : "*"));
      }
      throw new Mistake(
          Words.quoted(word) + " has no key", "write KEY:VALUE; keys are " + listed());
    }
    String value = rest.substring(operator.get().length());
    String meaning = SHORT.get(key);
    if (meaning != null && operator.get().equals(":")) {
      key = meaning.substring(0, meaning.length() - 1);
      operator = Optional.of(meaning.substring(meaning.length() - 1));
    }
    if (!keys.containsKey(key)) {
      String near = Words.didYouMean(key, known());
      throw new Mistake(
          Words.quoted(key) + " cannot be asked for here",
          near.isEmpty() ? "keys are " + listed() : near);
    }
    if (value.isEmpty()) {
      throw new Mistake("nothing stands behind " + Words.quoted(word), "write KEY:VALUE");
    }
    return value(key, operator.get(), value);
  }

  private String listed() {
    return String.join(", ", known().stream().sorted().toList());
  }

  private static boolean isKey(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-';
  }

  private Condition value(String key, String operator, String text) throws Mistake {
    Kind kind = keys.getOrDefault(key, Kind.TEXT);
    return switch (operator) {
      case "<" -> new Condition(key, Operator.LT, List.of(number(kind, key, text)));
      case "<=" -> new Condition(key, Operator.LE, List.of(number(kind, key, text)));
      case ">" -> new Condition(key, Operator.GT, List.of(number(kind, key, text)));
      case ">=" -> new Condition(key, Operator.GE, List.of(number(kind, key, text)));
      case "~" -> matches(key, ".*" + literal(text) + ".*");
      default -> plain(key, kind, operator.equals("!="), parts(key, text));
    };
  }

  private static List<String> parts(String key, String text) throws Mistake {
    List<String> parts = List.of(text.split(",", -1));
    if (parts.stream().anyMatch(String::isBlank)) {
      throw new Mistake(
          "nothing stands beside a comma in " + Words.quoted(text), "write " + key + ":ONE,OTHER");
    }
    return parts;
  }

  private static Condition plain(String key, Kind kind, boolean not, List<String> values)
      throws Mistake {
    boolean simple = true;
    List<String> patterns = new ArrayList<>();
    List<String> exact = new ArrayList<>();
    for (String value : values) {
      switch (kind) {
        case AGE, SIZE, NUMBER -> exact.add(number(kind, key, value));
        case IP -> {
          if (Scalars.network(value).isEmpty()) {
            throw new Mistake(
                Words.quoted(value) + " is no address in digits",
                "write 192.0.2.7 or 192.0.2.0/24");
          }
          exact.add(value);
        }
        case ADDRESS -> {
          simple &= value.indexOf('@') > 0 && value.indexOf('*') < 0;
          exact.add(value);
          patterns.add(
              value.startsWith("@")
                  ? ".*" + wild(value)
                  : value.indexOf('@') > 0 ? wild(value) : wild(value) + "(@.*)?");
        }
        case TEXT, ID -> {
          simple &= value.indexOf('*') < 0;
          exact.add(value);
          patterns.add(wild(value));
        }
      }
    }
    if (simple) {
      Operator operator =
          exact.size() == 1
              ? (not ? Operator.NE : Operator.EQ)
              : not ? Operator.NOT_IN : Operator.IN;
      return new Condition(key, operator, exact);
    }
    if (not) {
      throw new Mistake(
          "\"!=\" goes with whole values only", "leave out the *, or write the whole address");
    }
    return matches(key, String.join("|", patterns));
  }

  private static Condition matches(String key, String pattern) throws Mistake {
    if (Regex.read(pattern) instanceof Reading.Bad<Regex>(var reason, var how)) {
      throw new Mistake(reason, how);
    }
    return new Condition(key, Operator.MATCHES, List.of(pattern));
  }

  private static String number(Kind kind, String key, String text) throws Mistake {
    return switch (kind) {
      case AGE ->
          Durations.parse(text)
              .map(Duration::toSeconds)
              .map(String::valueOf)
              .orElseThrow(
                  () -> new Mistake(Words.quoted(text) + " is no time", "write 90s, 2h or 5d"));
      case SIZE ->
          switch (Size.read(text.matches("\\d+[kKMG]") ? text.replace('K', 'k') + "B" : text)) {
            case Reading.Good<Size>(var size) -> Long.toString(size.octets());
            case Reading.Bad<Size>(var reason, var how) -> {
              if (text.matches("\\d{1,18}")) {
                yield text;
              }
              throw new Mistake(reason, how);
            }
          };
      case NUMBER -> {
        if (Condition.number(text).isEmpty()) {
          throw new Mistake(Words.quoted(text) + " is no whole number", "");
        }
        yield text;
      }
      case TEXT, ADDRESS, ID, IP ->
          throw new Mistake(
              Words.quoted(key) + " is no number", "write " + key + ":VALUE or " + key + "~PART");
    };
  }

  /** A pattern for the text itself, in which only {@code *} stands for more. */
  private static String wild(String text) {
    return String.join(
        ".*", List.of(text.split("\\*", -1)).stream().map(MatchParser::literal).toList());
  }

  private static String literal(String text) {
    var pattern = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("\\.[](){}|*+?^$".indexOf(c) >= 0) {
        pattern.append('\\');
      }
      pattern.append(c);
    }
    return pattern.toString();
  }
}
