package heddle.config;

/** How a {@link Condition} compares. */
public enum Operator implements Worded {
  EQ,
  NE,
  IN,
  NOT_IN,
  STARTS_WITH,
  ENDS_WITH,
  MATCHES,
  LT,
  LE,
  GT,
  GE;

  boolean negative() {
    return this == NE || this == NOT_IN;
  }

  boolean ordering() {
    return this == LT || this == LE || this == GT || this == GE;
  }

  /** Whether a list of values may follow. */
  boolean takesList() {
    return this == IN || this == NOT_IN;
  }
}
