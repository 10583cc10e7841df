package heddle.config;

import java.util.List;

/** A setting that depends: rules in order, the first that holds decides, else {@code otherwise}. */
public record Ruled<T>(List<Rule<T>> rules, T otherwise) {
  /** If the condition holds, then the value. */
  public record Rule<T>(Condition when, T then) {}

  public Ruled {
    rules = List.copyOf(rules);
  }

  /** The same for everyone. */
  public static <T> Ruled<T> of(T value) {
    return new Ruled<>(List.of(), value);
  }

  public T value(Facts facts) {
    for (Rule<T> rule : rules) {
      if (rule.when.holds(facts)) {
        return rule.then;
      }
    }
    return otherwise;
  }
}
