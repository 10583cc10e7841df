package heddle.smtp;

import heddle.mail.Domain;
import heddle.mail.Mailbox;
import heddle.mail.Path;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An address in angle brackets, and what stands behind it.
 *
 * @param path nobody for {@code <>}
 * @param rest the parameters
 */
record Address(Path path, String rest) {
  private static final int MAX_PATH = 256; // RFC 5321 §4.5.3.1.3, with the brackets

  /**
   * Reads {@code Path} by RFC 5321 §4.1.2.
   *
   * @param text begins with the opening bracket
   * @param home the domain of {@code <Postmaster>}; absent where that may not be said
   * @return empty where it is none
   */
  static Optional<Address> read(String text, Optional<Domain> home) {
    if (text.startsWith("<>")) {
      return behind(Path.NOBODY, text, 1);
    }
    Optional<Domain> office =
        home.filter(h -> text.regionMatches(true, 0, "<postmaster>", 0, "<postmaster>".length()));
    if (office.isPresent()) {
      int close = text.indexOf('>');
      var postmaster = new Mailbox(text.substring(1, close), office.get());
      return behind(new Path.Somebody(postmaster), text, close);
    }
    return behindRoute(text)
        .flatMap(start -> Mailbox.parseAt(text, start))
        .filter(p -> text.startsWith(">", p.end()) && fits(text, p.end() + 1))
        .flatMap(p -> behind(new Path.Somebody(p.mailbox()), text, p.end()));
  }

  /**
   * Where the mailbox begins. RFC 5321 §4.1.2: a source route "MUST BE accepted, SHOULD NOT be
   * generated, and SHOULD be ignored".
   */
  private static Optional<Integer> behindRoute(String text) {
    if (!text.startsWith("<@")) {
      return Optional.of(1);
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    for (String hop : text.substring(1, colon).split(",", -1)) {
      boolean named = hop.startsWith("@") && Domain.parse(hop.substring(1)).isPresent();
      if (!named) {
        return Optional.empty();
      }
    }
    return Optional.of(colon + 1);
  }

  private static boolean fits(String text, int end) {
    return text.substring(0, end).getBytes(StandardCharsets.UTF_8).length <= MAX_PATH;
  }

  /** What is behind the closing bracket is nothing, or stands apart. */
  private static Optional<Address> behind(Path path, String text, int close) {
    String rest = text.substring(close + 1);
    return rest.isEmpty() || rest.startsWith(" ")
        ? Optional.of(new Address(path, rest))
        : Optional.empty();
  }
}
