package heddle.mail;

import java.util.Optional;
import java.util.random.RandomGenerator;

/** The name of a connection, transaction or event: 12 Crockford characters, 60 random bits. */
public record Id(String value) implements Comparable<Id> {
  private static final String CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int LENGTH = 12;

  public Id {
    if (value.length() != LENGTH || !value.chars().allMatch(c -> CROCKFORD.indexOf(c) >= 0)) {
      throw new IllegalArgumentException("not an id: \"" + value + "\"");
    }
  }

  /** A new one. The source must be unpredictable: ids are opaque. */
  public static Id draw(RandomGenerator random) {
    long bits = random.nextLong();
    var text = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++, bits >>>= 5) {
      text.append(CROCKFORD.charAt((int) (bits & 31)));
    }
    return new Id(text.toString());
  }

  public static Optional<Id> parse(String text) {
    try {
      return Optional.of(new Id(text));
    } catch (IllegalArgumentException notAnId) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(Id other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
