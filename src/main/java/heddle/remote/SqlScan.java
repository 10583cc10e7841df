package heddle.remote;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads SQL as PostgreSQL does, as far as quotes and comments go, and writes it for JDBC. Used for
 * one query.
 */
final class SqlScan {
  private static final Pattern DOLLAR_TAG = Pattern.compile("\\$([A-Za-z_\\x80-\\uffff]\\w*)?\\$");

  private enum State {
    CODE,
    STRING,
    ESCAPE_STRING,
    NAME,
    DOLLARS,
    LINE_COMMENT,
    BLOCK_COMMENT
  }

  private final StringBuilder sql = new StringBuilder();
  private State state = State.CODE;
  private String tag = "";
  private int depth;
  private boolean strayBrace;

  /** Where we are: empty among the words of SQL, else {@code "in quotes"} and the like. */
  String where() {
    return switch (state) {
      case CODE -> "";
      case STRING, ESCAPE_STRING, NAME, DOLLARS -> "in quotes";
      case LINE_COMMENT, BLOCK_COMMENT -> "in a comment";
    };
  }

  /** Whether the query may end here. */
  boolean mayEnd() {
    return state == State.CODE || state == State.LINE_COMMENT;
  }

  /** Whether a brace stood among the words of SQL, which knows none. */
  boolean strayBrace() {
    return strayBrace;
  }

  /** What JDBC is given. */
  String sql() {
    return sql.toString();
  }

  void parameter() {
    sql.append('?');
  }

  void text(String text) {
    int at = 0;
    while (at < text.length()) {
      int next = at + step(text, at);
      sql.append(text, at, next);
      at = next;
    }
  }

  /** How many characters belong together here. */
  private int step(String text, int at) {
    char c = text.charAt(at);
    return switch (state) {
      case CODE -> code(text, at);
      case STRING -> quoted(text, at, '\'');
      case NAME -> quoted(text, at, '"');
      case ESCAPE_STRING -> c == '\\' ? Math.min(2, text.length() - at) : quoted(text, at, '\'');
      case DOLLARS -> {
        boolean end = text.startsWith(tag, at);
        state = end ? State.CODE : state;
        yield end ? tag.length() : 1;
      }
      case LINE_COMMENT -> {
        state = c == '\n' || c == '\r' ? State.CODE : state;
        yield 1;
      }
      case BLOCK_COMMENT -> comment(text, at);
    };
  }

  private int code(String text, int at) {
    char c = text.charAt(at);
    strayBrace |= c == '{' || c == '}';
    if (c == '?') {
      // JDBC's own sign; PostgreSQL has operators with it, which JDBC wants doubled.
      sql.append('?');
    }
    if (text.startsWith("--", at)) {
      state = State.LINE_COMMENT;
      return 2;
    }
    if (text.startsWith("/*", at)) {
      state = State.BLOCK_COMMENT;
      depth = 1;
      return 2;
    }
    switch (c) {
      case '"' -> state = State.NAME;
      case '\'' -> state = escapes(text, at) ? State.ESCAPE_STRING : State.STRING;
      case '$' -> {
        Matcher dollars = DOLLAR_TAG.matcher(text).region(at, text.length());
        if (dollars.lookingAt() && !wordBefore(text, at)) {
          tag = dollars.group();
          state = State.DOLLARS;
          return tag.length();
        }
      }
      default -> {}
    }
    return 1;
  }

  private static boolean wordBefore(String text, int at) {
    char before = at == 0 ? ' ' : text.charAt(at - 1);
    return Character.isLetterOrDigit(before) || before == '_' || before == '$';
  }

  /** {@code E'…'}: there a backslash hides a quote. */
  private static boolean escapes(String text, int at) {
    return at > 0 && Character.toLowerCase(text.charAt(at - 1)) == 'e' && !wordBefore(text, at - 1);
  }

  private int quoted(String text, int at, char quote) {
    if (text.charAt(at) != quote) {
      return 1;
    }
    if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
      return 2;
    }
    state = State.CODE;
    return 1;
  }

  /** They may lie in one another. */
  private int comment(String text, int at) {
    if (text.startsWith("/*", at)) {
      depth++;
      return 2;
    }
    if (text.startsWith("*/", at)) {
      depth--;
      state = depth == 0 ? State.CODE : state;
      return 2;
    }
    return 1;
  }
}
