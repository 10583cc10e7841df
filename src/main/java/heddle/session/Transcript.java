package heddle.session;

import heddle.mail.Octets;
import heddle.mail.Reply;
import heddle.smtp.Command;
import heddle.smtp.Replies;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What was said in one conversation, for those who look for a fault. What could be a secret never
 * comes in: of a login's lines and of commands that we do not know only their length is kept. Safe
 * to share.
 */
final class Transcript {
  /** Beyond these the middle is left out. */
  private static final int MOST = 200;

  private static final int KEPT_HEAD = 50;
  private static final int LONGEST = 300;

  /** Said when nothing was wrong with the client. */
  private static final Set<Reply> FAREWELLS =
      Set.of(
          Replies.SHUTTING_DOWN, Replies.IDLE, Replies.LOGIN_ENDED, Replies.ENDED_BY_ADMINISTRATOR);

  /** Verbs that may be shown of a line that was no command. */
  private static final Set<String> VERBS =
      Set.of(
          "EHLO",
          "HELO",
          "MAIL",
          "RCPT",
          "DATA",
          "BDAT",
          "RSET",
          "NOOP",
          "QUIT",
          "VRFY",
          "EXPN",
          "HELP",
          "STARTTLS",
          "AUTH",
          "XCLIENT");

  /**
   * @param millis since the beginning
   * @param from {@code <} the client, {@code >} the server, {@code *} what became of it
   * @param what a text, or a reply that becomes one when somebody asks
   */
  private record Entry(int millis, char from, Object what) {}

  private final long began = System.nanoTime();
  private final List<Entry> entries = new ArrayList<>(4);
  private int omitted;
  private Optional<String> tried = Optional.empty();
  private boolean failed;

  /** A command, with its words only where they are no secret. */
  void heard(Command command, Octets line) {
    add('<', shown(command, line));
  }

  private static String shown(Command command, Octets line) {
    return switch (command) {
      case Command.Auth auth ->
          "AUTH "
              + shortened(auth.mechanism())
              + auth.initial().map(i -> " <" + i.length() + " characters>").orElse("");
      case Command.Ehlo _,
          Command.Helo _,
          Command.Mail _,
          Command.Rcpt _,
          Command.Data _,
          Command.Bdat _,
          Command.Rset _,
          Command.Quit _,
          Command.StartTls _,
          Command.Xclient _ ->
          shortened(line.utf8().orElse(unknown(line)));
      case Command.Noop _ -> "NOOP";
      case Command.Help _ -> "HELP";
      case Command.Vrfy _ -> "VRFY";
      case Command.Expn _ -> "EXPN";
      case Command.Unknown _, Command.Malformed _ -> unknown(line);
    };
  }

  /** It may be the rest of a login that we had refused: a password, in clear or in base64. */
  private static String unknown(Octets line) {
    String text = line.utf8().orElse("");
    String verb = text.split(" ", 2)[0].toUpperCase(Locale.ROOT);
    return VERBS.contains(verb)
        ? verb + " <" + (line.size() - verb.length()) + " octets that are no command>"
        : "<" + line.size() + " octets that are no command>";
  }

  /** A client's answer within a login, or a line that only a hook is to see. */
  void response(Octets line) {
    add('<', line.utf8().filter("*"::equals).orElse("<" + line.size() + " characters>"));
  }

  void flawed(String what) {
    add('<', "<" + what + ">");
  }

  /** What is answered. */
  synchronized void said(Reply reply) {
    failed |= !reply.positive() && !FAREWELLS.contains(reply);
    add('>', reply);
  }

  /** What became of something, in words of ours. */
  void note(String words) {
    add('*', shortened(words));
  }

  /** What makes the conversation worth keeping, though no reply tells of it. */
  synchronized void fault(String words) {
    failed = true;
    note(words);
  }

  /** A login that did not succeed, and by which name. */
  synchronized void refused(String words, Optional<String> name) {
    tried = name.or(() -> tried);
    note(words);
  }

  synchronized Optional<String> tried() {
    return tried;
  }

  synchronized boolean failed() {
    return failed;
  }

  private synchronized void add(char from, Object what) {
    if (entries.size() == MOST) {
      entries.remove(KEPT_HEAD);
      omitted++;
    }
    int millis = (int) Math.min(Integer.MAX_VALUE, (System.nanoTime() - began) / 1_000_000);
    entries.add(new Entry(millis, from, what));
  }

  /** {@code 182 < EHLO printer}, each. */
  synchronized List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      String before = entry.millis() + " " + entry.from() + " ";
      if (i == KEPT_HEAD && omitted > 0) {
        lines.add(entry.millis() + " * " + omitted + " lines are left out here");
      }
      if (entry.what() instanceof Reply reply) {
        shown(reply).forEach(line -> lines.add(before + line));
      } else {
        lines.add(before + entry.what());
      }
    }
    return lines;
  }

  private static List<String> shown(Reply reply) {
    // A challenge is the mechanism's, and a hook's may repeat what the client said.
    return reply.code() == 334
        ? List.of("334 <" + reply.lines().getFirst().length() + " characters>")
        : reply.wire().strip().lines().map(Transcript::shortened).toList();
  }

  private static String shortened(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}
