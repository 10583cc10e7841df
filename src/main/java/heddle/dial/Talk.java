package heddle.dial;

import heddle.mail.Reply;
import heddle.wire.Deadline;

/** Commands and their replies on a line. Used by one conversation only. */
final class Talk {
  private final Line line;
  private final ReplyReader replies;
  private final Patience patience;
  private boolean over;

  Talk(Line line, Patience patience) {
    this.line = line;
    this.replies = new ReplyReader(line);
    this.patience = patience;
  }

  Line line() {
    return line;
  }

  Patience patience() {
    return patience;
  }

  /** Whether nothing more can be said: closed, or the other side has said 421. */
  boolean over() {
    return over || line.isCut();
  }

  /** A command without its CRLF, and the reply to it. */
  Reply ask(Phase phase, String command) throws Broken {
    tell(phase, command + "\r\n");
    return hear(phase);
  }

  /** Commands with their CRLFs; the replies are for {@link #hear}. */
  void tell(Phase phase, String commands) throws Broken {
    line.enter(phase);
    line.say(commands, Deadline.in(patience.command()));
  }

  /** As {@link #ask}, for octets that hold a secret. */
  Reply ask(Phase phase, byte[] octets) throws Broken {
    line.enter(phase);
    line.write(octets, 0, octets.length, Deadline.in(patience.command()));
    return hear(phase);
  }

  Reply hear(Phase phase) throws Broken {
    return hear(
        phase,
        Deadline.in(
            switch (phase) {
              case DATA -> patience.dataStart();
              case END_OF_TEXT -> patience.dataEnd();
              case TEXT -> patience.block();
              case CONNECT, TLS, GREETING -> patience.opening();
              case EHLO, STARTTLS, AUTH, MAIL, RCPT, RSET, OTHER -> patience.command();
            }));
  }

  Reply hear(Phase phase, Deadline deadline) throws Broken {
    line.enter(phase);
    Reply reply = replies.read(deadline);
    // RFC 5321 §3.8: 421 "to any command if the service knows it must shut down".
    over |= reply.code() == 421;
    return reply;
  }
}
