package heddle.remote;

import heddle.mail.Octets;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One line of an IMAP server (RFC 9051 §7). Text in it is as it came: not cleaned, not trusted. */
sealed interface ImapResponse {
  /** How a command ended, and the kind of an untagged notice. */
  enum Condition {
    OK,
    NO,
    BAD
  }

  /**
   * The end of a command.
   *
   * @param code the first word in brackets, upper case; empty where there is none
   * @param text all behind the condition, the code included
   */
  record Tagged(String tag, Condition condition, String code, String text, Octets line)
      implements ImapResponse {}

  /**
   * {@code * OK}, {@code * NO}, {@code * BAD}: the greeting, or words that end nothing.
   *
   * @param capabilities of the code CAPABILITY; empty where there is none
   */
  record Notice(Condition condition, Set<String> capabilities, String text)
      implements ImapResponse {}

  /** {@code * PREAUTH}. */
  record Known() implements ImapResponse {}

  /** {@code * BYE}. */
  record Bye(String text, Octets line) implements ImapResponse {}

  /** {@code * CAPABILITY}, its words upper case. */
  record Capability(Set<String> all) implements ImapResponse {}

  /** {@code +}: the server waits for more of the command. */
  record Continue() implements ImapResponse {}

  /** Untagged data that means nothing to a login. */
  record Data() implements ImapResponse {}

  /** No response at all. */
  record Garbage() implements ImapResponse {}

  Pattern STATUS =
      Pattern.compile(
          "(\\*|[A-Za-z0-9]+) (OK|NO|BAD|BYE|PREAUTH)(?: (.*))?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** RFC 9051 §9: {@code resp-text = ["[" resp-text-code "]" SP] [text]}. */
  Pattern CODE = Pattern.compile("\\[([^\\]]*)\\].*", Pattern.DOTALL);

  static ImapResponse of(Octets line) {
    String all = text(line);
    if (all.equals("+") || all.startsWith("+ ")) {
      return new Continue();
    }
    Matcher status = STATUS.matcher(all);
    if (status.matches()) {
      String text = status.group(3) == null ? "" : status.group(3);
      return status(status.group(1), upper(status.group(2)), text, line);
    }
    if (!all.startsWith("* ")) {
      return new Garbage();
    }
    Set<String> words = words(all.substring(2));
    return upper(all).startsWith("* CAPABILITY ") ? new Capability(words) : new Data();
  }

  private static ImapResponse status(String tag, String kind, String text, Octets line) {
    Matcher code = CODE.matcher(text);
    String inBrackets = code.matches() ? upper(code.group(1)).strip() : "";
    String first = inBrackets.split(" ", 2)[0];
    boolean tagged = !tag.equals("*");
    return switch (kind) {
      case "BYE" -> tagged ? new Garbage() : new Bye(text, line);
      case "PREAUTH" -> tagged ? new Garbage() : new Known();
      default -> {
        Condition condition = Condition.valueOf(kind);
        Set<String> capabilities = first.equals("CAPABILITY") ? words(inBrackets) : Set.of();
        yield tagged
            ? new Tagged(tag, condition, first, text, line)
            : new Notice(condition, capabilities, text);
      }
    };
  }

  private static Set<String> words(String text) {
    var words = new HashSet<>(Arrays.asList(upper(text).strip().split(" +")));
    words.remove("CAPABILITY");
    return words;
  }

  private static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  private static String text(Octets octets) {
    return octets.utf8().orElseGet(() -> new String(octets.toArray(), StandardCharsets.ISO_8859_1));
  }
}
