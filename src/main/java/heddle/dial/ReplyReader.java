package heddle.dial;

import heddle.mail.EnhancedStatus;
import heddle.mail.Octets;
import heddle.mail.Reply;
import heddle.wire.Deadline;
import heddle.wire.Flaw;
import heddle.wire.Heard;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replies from a stranger (RFC 5321 §4.2), cleaned of control characters and of bounded size. Used
 * by one conversation only.
 */
final class ReplyReader {
  /** RFC 4954 §4.3 lets a challenge have 12 288 octets; other lines are far shorter. */
  private static final int LONGEST_LINE = 12_288 + 6;

  private static final int MOST_LINES = 128;
  private static final int MOST_OCTETS = 64 * 1024;

  private static final Pattern LINE = Pattern.compile("([2-5]\\d\\d)(?:([ -])(.*))?");
  private static final Pattern STATUS =
      Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})(?: +(.*))?");

  private final Line line;

  ReplyReader(Line line) {
    this.line = line;
  }

  /**
   * The next reply, whole.
   *
   * @param deadline for all its lines
   */
  Reply read(Deadline deadline) throws Broken {
    var texts = new ArrayList<String>();
    String code = "";
    int octets = 0;
    while (texts.size() < MOST_LINES) {
      Octets heard = hear(deadline);
      octets += heard.size();
      if (octets > MOST_OCTETS) {
        throw bad("a reply without end");
      }
      Matcher parts = LINE.matcher(Words.clean(text(heard)));
      if (!parts.matches()) {
        // What is no reply to our login may quote it.
        boolean login = line.phase() == Phase.AUTH;
        throw bad("a line without a code" + (login ? "" : ": " + Words.brief(text(heard))));
      }
      // RFC 5321 §4.2.1: "the reply code on each line MUST be the same".
      if (!code.isEmpty() && !code.equals(parts.group(1))) {
        throw bad("the code changes from " + code + " to " + parts.group(1));
      }
      code = parts.group(1);
      texts.add(Optional.ofNullable(parts.group(3)).orElse(""));
      if (!"-".equals(parts.group(2))) {
        return reply(Integer.parseInt(code), texts);
      }
    }
    throw bad("more than " + MOST_LINES + " lines");
  }

  private Octets hear(Deadline deadline) throws Broken {
    return switch (line.hear(LONGEST_LINE, deadline)) {
      case Heard.Line(Octets octets) -> octets;
      // A bare LF included: a server that ends lines its own way may also end messages so.
      case Heard.Flawed(var flaw) -> throw bad(words(flaw));
      case Heard.End end -> throw new Broken(new Trouble.HungUp(line.phase()));
      case Heard.TimedOut late -> throw new Broken(new Trouble.Silent(line.phase()));
    };
  }

  private static String words(Flaw flaw) {
    return switch (flaw) {
      case TOO_LONG -> "a line that is too long";
      case BARE_CR -> "a CR without an LF";
      case BARE_LF -> "an LF without a CR";
      case NUL -> "a NUL";
    };
  }

  private Broken bad(String what) {
    line.cut(); // the two of us no longer agree on where a reply begins
    return new Broken(new Trouble.BadReply(line.phase(), what));
  }

  /** RFC 6531 §3.7.4.2 allows UTF-8 in replies; older servers say what they like. */
  private static String text(Octets octets) {
    return octets.utf8().orElseGet(() -> new String(octets.toArray(), StandardCharsets.ISO_8859_1));
  }

  private static Reply reply(int code, List<String> texts) {
    Matcher first = STATUS.matcher(texts.getFirst());
    if (!first.matches() || !first.group(1).equals(String.valueOf(code / 100))) {
      return Reply.bare(code, texts.toArray(String[]::new));
    }
    var status = new EnhancedStatus(code / 100, number(first.group(2)), number(first.group(3)));
    // RFC 2034 §4: the status stands on every line.
    String[] words =
        texts.stream().map(t -> withoutStatus(t, status.toString())).toArray(String[]::new);
    return new Reply(code, Optional.of(status), List.of(words));
  }

  private static String withoutStatus(String text, String status) {
    return text.startsWith(status) ? text.substring(status.length()).strip() : text;
  }

  private static int number(String digits) {
    return Integer.parseInt(digits);
  }
}
