package heddle.remote;

import heddle.dial.Broken;
import heddle.dial.Line;
import heddle.dial.Phase;
import heddle.dial.Words;
import heddle.mail.Octets;
import heddle.remote.ImapResponse.Tagged;
import heddle.wire.Deadline;
import heddle.wire.Heard;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Commands and responses on a line, bounded in size and time. Used by one conversation only. */
final class ImapTalk {
  private static final int LONGEST_LINE = 8192;
  private static final int MOST_LINES = 200;
  private static final int MOST_OCTETS = 64 * 1024;
  private static final Duration FAREWELL = Duration.ofMillis(500);

  private final Line line;
  private Deadline deadline;
  private Set<String> capabilities = Set.of();
  private Predicate<Octets> isSecret = said -> false;
  private int lines;
  private int octets;
  private int commands;

  ImapTalk(Line line, Deadline deadline) {
    this.line = line;
    this.deadline = deadline;
  }

  Line line() {
    return line;
  }

  /** The tag of the next command. */
  String tag() {
    return "h" + ++commands;
  }

  /** What was told of CAPABILITY since this was forgotten; empty where nothing was. */
  Set<String> capabilities() {
    return capabilities;
  }

  void forgetCapabilities() {
    capabilities = Set.of();
  }

  /** From here on words that hold such a piece are left out. */
  void keepSecret(Predicate<Octets> piece) {
    isSecret = piece;
  }

  /** What the end of a command says, fit for a log. */
  String words(Tagged end) {
    return words(end.text(), end.line());
  }

  private String words(String text, Octets line) {
    return isSecret.test(line) ? Unsaid.QUOTED : Words.brief(text);
  }

  /** A command without arguments, and its end. */
  Tagged ask(Phase phase, String command) throws Broken, Unsaid {
    line.enter(phase);
    String tag = tag();
    line.say(tag + " " + command + "\r\n", deadline);
    return next(tag).orElseThrow(() -> new Unsaid("the server waits for more at " + phase.words()));
  }

  /** Sends octets of a command. */
  void say(byte[] piece) throws Broken {
    line.enter(Phase.AUTH);
    line.write(piece, 0, piece.length, deadline);
  }

  /**
   * The end of a command; what is said besides is looked at and passed over.
   *
   * @return empty where the server waits for more of the command
   */
  Optional<Tagged> next(String tag) throws Broken, Unsaid {
    while (true) {
      switch (hear()) {
        case Tagged end when end.tag().equals(tag) -> {
          return Optional.of(end);
        }
        case ImapResponse.Continue more -> {
          return Optional.empty();
        }
        case ImapResponse.Capability told -> capabilities = told.all();
        // RFC 9051 §7.1: untagged NO and BAD are warnings, and end no command.
        case ImapResponse.Notice notice -> {}
        case ImapResponse.Data data -> {}
        case ImapResponse.Bye bye ->
            throw new Unsaid("the server said BYE: " + words(bye.text(), bye.line()));
        case Tagged other -> throw garbage();
        case ImapResponse.Known known -> throw garbage();
        case ImapResponse.Garbage none -> throw garbage();
      }
    }
  }

  /** The first line of all. */
  void greeting() throws Broken, Unsaid {
    line.enter(Phase.GREETING);
    capabilities =
        switch (hear()) {
          case ImapResponse.Notice(var condition, var told, var text) -> {
            if (condition != ImapResponse.Condition.OK) {
              throw greeted(text);
            }
            yield told;
          }
          case ImapResponse.Bye bye -> throw greeted(("BYE " + bye.text()).strip());
          case ImapResponse.Known known ->
              throw new Unsaid(
                  "the server greets us as somebody already, so no login can be tried");
          case Tagged early -> throw garbage();
          case ImapResponse.Capability early -> throw garbage();
          case ImapResponse.Continue early -> throw garbage();
          case ImapResponse.Data early -> throw garbage();
          case ImapResponse.Garbage none -> throw garbage();
        };
  }

  private static Unsaid greeted(String text) {
    return new Unsaid("greeted with: " + Words.brief(text));
  }

  private static Unsaid garbage() {
    return new Unsaid("what came is no IMAP response");
  }

  private ImapResponse hear() throws Broken, Unsaid {
    Octets heard =
        switch (line.hear(LONGEST_LINE, deadline)) {
          case Heard.Line(Octets whole) -> whole;
          case Heard.Flawed flawed -> throw garbage();
          case Heard.End end -> throw garbage();
          case Heard.TimedOut late -> throw garbage();
        };
    octets += heard.size();
    if (++lines > MOST_LINES || octets > MOST_OCTETS) {
      throw new Unsaid("the server talks without end");
    }
    return ImapResponse.of(heard);
  }

  /** Takes its leave in a thread of its own, so that nobody waits for it, and hangs up. */
  void leave() {
    Thread.startVirtualThread(
        () -> {
          try {
            logout(Deadline.in(FAREWELL));
          } catch (Broken | Unsaid gone) {
            // It is over either way.
          }
          line.close();
        });
  }

  /** RFC 9051 §6.1.3: the server says BYE and OK; who is gone before leaves it an error to note. */
  private void logout(Deadline moment) throws Broken, Unsaid {
    deadline = moment;
    line.enter(Phase.OTHER);
    String tag = tag();
    line.say(tag + " LOGOUT\r\n", moment);
    while (!(hear() instanceof Tagged end && end.tag().equals(tag))) {
      // What it says meanwhile is heard and forgotten.
    }
  }
}
