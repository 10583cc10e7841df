package heddle.config;

import heddle.config.Regex.CharacterSet;
import heddle.config.Regex.State;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the text of a pattern into the states of a {@link Regex}. Used by one thread, once. */
final class RegexParser {
  private final String pattern;
  private int at;
  private @Nullable String mistake;
  private int mistakeAt;
  private boolean tooLarge;

  private RegexParser(String pattern) {
    this.pattern = pattern;
  }

  static Reading<State[]> parse(String pattern) {
    var parser = new RegexParser(pattern);
    List<State> program = parser.alternatives();
    if (parser.mistake == null && parser.at < pattern.length()) {
      parser.fail("\")\" without \"(\"");
    }
    if (parser.mistake != null) {
      return Reading.bad(
          "the pattern is wrong at character " + (parser.mistakeAt + 1) + ": " + parser.mistake,
          "");
    }
    if (parser.tooLarge || program.size() >= Regex.MAX_STATES) {
      return Reading.bad("the pattern repeats too much", "");
    }
    program.add(new State.Accept());
    return Reading.good(program.toArray(State[]::new));
  }

  private void fail(String why) {
    if (mistake == null) {
      mistake = why;
      mistakeAt = at;
    }
    at = pattern.length(); // reads no further; the first mistake counts
  }

  private boolean more() {
    return at < pattern.length();
  }

  private boolean see(char c) {
    return more() && pattern.charAt(at) == c;
  }

  private List<State> alternatives() {
    List<State> all = sequence();
    while (see('|')) {
      at++;
      List<State> other = sequence();
      List<State> both = new ArrayList<>();
      both.add(new State.Fork(1, all.size() + 2));
      append(both, all);
      both.add(new State.Jump(both.size() + 1 + other.size()));
      append(both, other);
      all = both;
    }
    return all;
  }

  private List<State> sequence() {
    List<State> all = new ArrayList<>();
    while (more() && !see('|') && !see(')')) {
      append(all, repeated(atom()));
    }
    return all;
  }

  /** Targets within a part count from its own beginning; appending moves them. */
  private void append(List<State> to, List<State> part) {
    int by = to.size();
    if (by + part.size() > Regex.MAX_STATES) {
      tooLarge = true;
      return;
    }
    for (State state : part) {
      to.add(
          switch (state) {
            case State.Fork(int one, int other) -> new State.Fork(one + by, other + by);
            case State.Jump(int target) -> new State.Jump(target + by);
            case State.Read _, State.AtStart _, State.AtEnd _, State.Accept _ -> state;
          });
    }
  }

  private List<State> repeated(List<State> part) {
    List<State> all = part;
    while (more() && "*+?{".indexOf(pattern.charAt(at)) >= 0) {
      all =
          switch (pattern.charAt(at)) {
            case '*' -> times(all, 0, -1);
            case '+' -> times(all, 1, -1);
            case '?' -> times(all, 0, 1);
            default -> counted(all);
          };
      at++;
    }
    return all;
  }

  private List<State> counted(List<State> part) {
    int close = pattern.indexOf('}', at);
    String inside = close < 0 ? "" : pattern.substring(at + 1, close);
    if (!inside.matches("[0-9]{1,4}(,[0-9]{0,4})?")) {
      fail("\"{\" wants a count, as in {2} or {2,5}");
      return part;
    }
    String[] bounds = inside.split(",", -1);
    int min = Integer.parseInt(bounds[0]);
    int max = bounds.length == 1 ? min : bounds[1].isEmpty() ? -1 : Integer.parseInt(bounds[1]);
    if (max >= 0 && max < min) {
      fail("the second count is smaller than the first");
      return part;
    }
    at = close;
    return times(part, min, max);
  }

  private List<State> times(List<State> part, int min, int max) {
    List<State> all = new ArrayList<>();
    for (int i = 0; i < min && !tooLarge; i++) {
      append(all, part);
    }
    if (max < 0) {
      int loop = all.size();
      all.add(new State.Fork(loop + 1, loop + part.size() + 2));
      append(all, part);
      all.add(new State.Jump(loop));
    }
    for (int i = min; i < max && !tooLarge; i++) {
      all.add(new State.Fork(all.size() + 1, all.size() + 1 + part.size()));
      append(all, part);
      tooLarge |= all.size() > Regex.MAX_STATES;
    }
    return all;
  }

  private List<State> atom() {
    char c = pattern.charAt(at);
    return switch (c) {
      case '(' -> group();
      case '*', '+', '?', '{' -> {
        fail("nothing to repeat before \"" + c + "\"");
        yield new ArrayList<>();
      }
      case '^' -> {
        at++;
        yield new ArrayList<>(List.of(new State.AtStart()));
      }
      case '$' -> {
        at++;
        yield new ArrayList<>(List.of(new State.AtEnd()));
      }
      default -> new ArrayList<>(List.of(new State.Read(set(c))));
    };
  }

  private List<State> group() {
    at++;
    if (pattern.startsWith("?:", at)) {
      at += 2;
    } else if (see('?')) {
      fail("\"(?\" is not known here, except \"(?:\"");
    }
    List<State> inside = alternatives();
    if (!see(')')) {
      fail("\"(\" is not closed");
      return inside;
    }
    at++;
    return inside;
  }

  private CharacterSet set(char c) {
    at++;
    return switch (c) {
      case '.' -> _ -> true;
      case '\\' -> escaped();
      case '[' -> bracket();
      default -> exactly(c);
    };
  }

  private static CharacterSet exactly(char c) {
    return x -> x == c;
  }

  private CharacterSet escaped() {
    if (!more()) {
      fail("\"\\\" at the end");
      return _ -> false;
    }
    char c = pattern.charAt(at++);
    return switch (c) {
      case 'd' -> RegexParser::digit;
      case 'D' -> x -> !digit(x);
      case 'w' -> RegexParser::wordly;
      case 'W' -> x -> !wordly(x);
      case 's' -> Character::isWhitespace;
      case 'S' -> x -> !Character.isWhitespace(x);
      default -> {
        if (wordly(c)) {
          at--;
          fail("\"\\" + c + "\" is not known here");
        }
        yield exactly(c);
      }
    };
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean wordly(char c) {
    return digit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private CharacterSet bracket() {
    boolean not = see('^');
    if (not) {
      at++;
    }
    CharacterSet all = _ -> false;
    boolean first = true;
    while (more() && (first || !see(']'))) {
      first = false;
      CharacterSet before = all;
      CharacterSet member = member();
      all = c -> before.has(c) || member.has(c);
    }
    if (!see(']')) {
      fail("\"[\" is not closed");
      return all;
    }
    at++;
    CharacterSet inside = all;
    return not ? c -> !inside.has(c) && !inside.has(flipped(c)) : inside;
  }

  /** [^a] refuses A as well: letter case does not count. */
  private static char flipped(char c) {
    return Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c);
  }

  private CharacterSet member() {
    char from = pattern.charAt(at++);
    if (from == '\\') {
      return escaped();
    }
    if (see('-') && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']') {
      char to = pattern.charAt(at + 1);
      if (to < from) {
        fail("the range ends before it begins");
      }
      at += 2;
      return c -> c >= from && c <= to;
    }
    return exactly(from);
  }
}
