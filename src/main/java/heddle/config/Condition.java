package heddle.config;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * One comparison: what rules of the configuration, routes, blocks and selections are made of. Text
 * is compared without regard to letter case. A value; never throws, and its time grows no faster
 * than the length of the fact.
 *
 * @param values at least one; it holds for any of them, and a negative operator for none of them
 */
public record Condition(String key, Operator operator, List<String> values) {
  public Condition {
    values = List.copyOf(values);
  }

  /** Whether it holds. Of a key with no value only {@code ne} and {@code not-in} hold. */
  public boolean holds(Facts facts) {
    return facts.fact(key).map(this::compare).orElse(operator.negative());
  }

  private boolean compare(String fact) {
    String said = fact.toLowerCase(Locale.ROOT);
    return switch (operator) {
      case EQ, IN -> any(said);
      case NE, NOT_IN -> !any(said);
      case STARTS_WITH -> values.stream().anyMatch(v -> said.startsWith(lower(v)));
      case ENDS_WITH -> values.stream().anyMatch(v -> said.endsWith(lower(v)));
      case MATCHES -> values.stream().anyMatch(v -> Regex.compiled(v).matches(said));
      case LT -> ordered(fact, c -> c < 0);
      case LE -> ordered(fact, c -> c <= 0);
      case GT -> ordered(fact, c -> c > 0);
      case GE -> ordered(fact, c -> c >= 0);
    };
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private boolean any(String said) {
    if (isAddress(key)) {
      Optional<InetAddress> address = Scalars.address(said);
      return address.isPresent()
          && values.stream()
              .anyMatch(v -> Scalars.network(v).filter(n -> n.contains(address.get())).isPresent());
    }
    return values.stream().anyMatch(v -> lower(v).equals(said));
  }

  private boolean ordered(String fact, IntPredicate wanted) {
    Optional<Long> left = number(fact);
    return left.isPresent()
        && values.stream()
            .anyMatch(v -> number(v).filter(r -> wanted.test(left.get().compareTo(r))).isPresent());
  }

  static Optional<Long> number(String text) {
    return text.matches("-?[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }

  /** Whether values of the key are addresses, and so compared as members of networks. */
  static boolean isAddress(String key) {
    return key.equals("remote-ip") || key.equals("local-ip") || key.equals("ip");
  }

  /** As in a rule: {@code listener ne "smtp"}. */
  @Override
  public String toString() {
    return key + " " + operator.word() + " " + String.join(", ", values);
  }
}
