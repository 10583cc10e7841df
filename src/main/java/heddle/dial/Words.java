package heddle.dial;

/** Text from strangers, made fit to be kept. */
public final class Words {
  private static final int BRIEF = 300;

  private Words() {}

  /** Without control characters and without the signs that turn the direction of writing. */
  public static String clean(String text) {
    var clean = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> isShown(c) ? c : c == '\t' ? ' ' : '?')
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static boolean isShown(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** Clean, and cut where it is long. */
  public static String brief(String text) {
    return cut(clean(text), BRIEF);
  }

  static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "…";
  }
}
