package heddle.config;

/** What became of one value of the file. */
sealed interface Reading<T> {
  /** Understood. */
  record Good<T>(T value) implements Reading<T> {}

  /**
   * Not understood.
   *
   * @param reason what is wrong, a clause without a full stop
   * @param suggestion what to write instead, a sentence, or empty
   */
  record Bad<T>(String reason, String suggestion) implements Reading<T> {}

  static <T> Reading<T> good(T value) {
    return new Good<>(value);
  }

  static <T> Reading<T> bad(String reason, String suggestion) {
    return new Bad<>(reason, suggestion);
  }
}
