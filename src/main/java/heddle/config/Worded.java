package heddle.config;

import java.util.Locale;

/** A choice that the file writes as one word. */
public interface Worded {
  /** Of the enum. */
  String name();

  /** As the file writes it: {@code NEW_ONES} is {@code new-ones} unless the choice says else. */
  default String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
