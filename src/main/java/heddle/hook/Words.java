package heddle.hook;

import heddle.mail.EnhancedStatus;
import heddle.mail.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Checks what a hook wants to say, when it is built and not when somebody hears it. */
final class Words {
  /** RFC 5321 §4.5.3.1.5: a reply line has 512 octets with code, status and CRLF. */
  private static final int LONGEST = 512 - "250 5.999.999 ".length() - 2;

  private static final int MOST = 100;

  private Words() {}

  /** Lines, or the usual one where none were given. */
  static List<String> lines(String[] given, String usual) {
    List<String> lines = given.length == 0 ? List.of(usual) : List.of(given);
    if (lines.size() > MOST) {
      throw new IllegalArgumentException("a reply has at most " + MOST + " lines");
    }
    for (String line : lines) {
      if (line.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
        throw new IllegalArgumentException("a line of a reply has at most " + LONGEST + " octets");
      }
    }
    return lines;
  }

  static Reply coded(Reply reply, int code, Optional<String> enhanced) {
    return new Reply(code, enhanced.map(Words::status), reply.lines());
  }

  static EnhancedStatus status(String text) {
    if (!text.matches("[245]\\.[0-9]{1,3}\\.[0-9]{1,3}")) {
      throw new IllegalArgumentException("not an enhanced status: \"" + text + "\"");
    }
    String[] parts = text.split("\\.", -1);
    return new EnhancedStatus(
        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  /** RFC 5321 §3.8 and §4.1.1.10: behind these two the server closes. */
  static boolean closes(Reply reply) {
    return reply.code() == 421 || reply.code() == 221;
  }
}
