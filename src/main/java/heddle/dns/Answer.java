package heddle.dns;

/** What the DNS said; a definite no and a trouble are never the same. */
public sealed interface Answer<T> {
  record Found<T>(T value) implements Answer<T> {}

  /** There is no such name, or nothing of this kind under it: asking again will not help. */
  record None<T>() implements Answer<T> {}

  /**
   * Nobody knows just now: a timeout, a server's failure. Asking later may help.
   *
   * @param why a few words for a log
   */
  record Unknown<T>(String why) implements Answer<T> {}
}
