package heddle.wire;

/** What is wrong with a line, or with a line of a message. The first flaw met is the one named. */
public enum Flaw {
  TOO_LONG,
  /** A CR that no LF follows. */
  BARE_CR,
  /** An LF that follows no CR. */
  BARE_LF,
  NUL
}
