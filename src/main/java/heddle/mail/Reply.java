package heddle.mail;

import java.util.List;
import java.util.Optional;

/**
 * One reply to a command: a code of 200 to 599, an enhanced status where RFC 2034 has one, and at
 * least one line of text, each free of CR, LF and other control characters.
 */
public record Reply(int code, Optional<EnhancedStatus> status, List<String> lines) {
  public Reply {
    lines = List.copyOf(lines);
    if (code < 200 || code > 599) {
      throw new IllegalArgumentException("a reply's code is 200 to 599: " + code);
    }
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("a reply has at least one line");
    }
    // RFC 2034 §3: "enhanced status codes" agree with the first digit of the reply.
    if (status.isPresent() && status.get().kind() != code / 100) {
      throw new IllegalArgumentException(code + " does not agree with " + status.get());
    }
    for (String line : lines) {
      if (line.chars().anyMatch(c -> c < 0x20 && c != '\t' || c == 0x7f)) {
        throw new IllegalArgumentException("a reply's line holds a control character");
      }
    }
  }

  /** A reply with an enhanced status written as {@code "5.7.8"}. */
  public static Reply of(int code, String status, String... lines) {
    String[] digits = status.split("\\.", -1);
    var enhanced =
        new EnhancedStatus(
            Integer.parseInt(digits[0]), Integer.parseInt(digits[1]), Integer.parseInt(digits[2]));
    return new Reply(code, Optional.of(enhanced), List.of(lines));
  }

  /** A reply without an enhanced status: 220, EHLO's 250, 334, 354. */
  public static Reply bare(int code, String... lines) {
    return new Reply(code, Optional.empty(), List.of(lines));
  }

  public boolean positive() {
    return code < 400;
  }

  public boolean temporary() {
    return code >= 400 && code < 500;
  }

  /** The same code and status with other words. */
  public Reply saying(String... words) {
    return new Reply(code, status, List.of(words));
  }

  /** As sent, each line ended by CRLF. RFC 2034 §4: the status stands on every line. */
  public String wire() {
    var text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      text.append(code).append(i == lines.size() - 1 ? ' ' : '-');
      status.ifPresent(s -> text.append(s).append(' '));
      text.append(lines.get(i)).append("\r\n");
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return code + status.map(s -> " " + s).orElse("") + " " + String.join(" / ", lines);
  }
}
