package heddle.session;

import heddle.mail.Reply;
import heddle.smtp.Command;
import heddle.smtp.Replies;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What may be said when: command and phase to welcome, or the named reply that refuses. */
final class Etiquette {
  /**
   * What the session can do at this moment.
   *
   * @param secured TLS is on
   * @param canSecure STARTTLS is offered
   * @param canLogIn some mechanism is offered, or would be under TLS; asked where AUTH is said only
   * @param mayTell the client may tell of others; asked where XCLIENT is said only
   */
  record Means(
      boolean secured, boolean canSecure, BooleanSupplier canLogIn, BooleanSupplier mayTell) {}

  private Etiquette() {}

  /** The reply that refuses; empty where the command is welcome. */
  static Optional<Reply> refusal(Command command, Phase phase, Means means) {
    return switch (command) {
      case Command.Ehlo _, Command.Helo _, Command.Noop _, Command.Quit _, Command.Help _ ->
          welcome();
      case Command.Rset _ -> welcome();
      case Command.Expn _ -> no(Replies.NOT_IMPLEMENTED);
      case Command.Unknown _ -> no(Replies.UNKNOWN_COMMAND);
      // Who may not say it need not learn how it is said.
      case Command.Malformed(var verb, _)
          when verb.equals("XCLIENT") && !means.mayTell().getAsBoolean() ->
          no(Replies.XCLIENT_NOT_FOR_YOU);
      case Command.Malformed malformed -> no(malformed.reply());
      case Command.Vrfy _ -> vrfy(phase, means);
      case Command.StartTls _ -> startTls(phase, means);
      case Command.Auth _ -> auth(phase, means);
      case Command.Xclient _ -> xclient(phase, means);
      case Command.Mail _ -> mail(phase, means);
      case Command.Rcpt _ -> rcpt(phase, means);
      case Command.Data _ -> data(phase, means);
      case Command.Bdat _ -> bdat(phase, means);
    };
  }

  private static Optional<Reply> welcome() {
    return Optional.empty();
  }

  private static Optional<Reply> no(Reply reply) {
    return Optional.of(reply);
  }

  /** RFC 4954 §6: 530 where somebody must log in first; RFC 3207 §4 where TLS must come first. */
  private static Optional<Reply> strangers(Means means) {
    return no(means.canSecure() && !means.secured() ? Replies.TLS_REQUIRED : Replies.AUTH_REQUIRED);
  }

  private static Optional<Reply> vrfy(Phase phase, Means means) {
    return switch (phase) {
      case Phase.Arrived _, Phase.Greeted _ -> strangers(means);
      case Phase.Ready _, Phase.Writing _, Phase.Chunking _ -> welcome();
    };
  }

  private static Optional<Reply> startTls(Phase phase, Means means) {
    if (means.secured()) {
      return no(Replies.TLS_ACTIVE);
    }
    if (!means.canSecure()) {
      return no(Replies.NO_TLS_HERE);
    }
    return switch (phase) {
      case Phase.Arrived _, Phase.Greeted _, Phase.Ready _ -> welcome();
      case Phase.Writing _, Phase.Chunking _ -> no(Replies.TLS_IN_TRANSACTION);
    };
  }

  private static Optional<Reply> auth(Phase phase, Means means) {
    if (!means.canLogIn().getAsBoolean()) {
      return no(Replies.NO_AUTH_HERE);
    }
    return switch (phase) {
      case Phase.Arrived _ -> no(Replies.HELLO_FIRST);
      case Phase.Greeted _ -> welcome();
      case Phase.Ready ready ->
          switch (ready.as()) {
            // RFC 4954 §4: "After a successful AUTH command completes, a server MUST reject any
            // further AUTH commands with a 503 reply."
            case Sender.LoggedIn _ -> no(Replies.ALREADY_AUTHENTICATED);
            case Sender.Guest _, Sender.Device _ -> welcome();
          };
      // RFC 4954 §4: "An AUTH command issued during a mail transaction MUST be rejected with a 503
      // reply."
      case Phase.Writing _, Phase.Chunking _ -> no(Replies.AUTH_IN_TRANSACTION);
    };
  }

  private static Optional<Reply> xclient(Phase phase, Means means) {
    if (!means.mayTell().getAsBoolean()) {
      return no(Replies.XCLIENT_NOT_FOR_YOU);
    }
    return phase.inTransaction() ? no(Replies.XCLIENT_IN_TRANSACTION) : welcome();
  }

  private static Optional<Reply> mail(Phase phase, Means means) {
    return switch (phase) {
      case Phase.Arrived _ -> no(Replies.HELLO_FIRST);
      case Phase.Greeted _ -> strangers(means);
      case Phase.Ready _ -> welcome();
      case Phase.Writing _, Phase.Chunking _ -> no(Replies.NESTED_MAIL);
    };
  }

  private static Optional<Reply> rcpt(Phase phase, Means means) {
    return switch (phase) {
      case Phase.Arrived _ -> no(Replies.HELLO_FIRST);
      case Phase.Greeted _ -> strangers(means);
      case Phase.Ready _ -> no(Replies.MAIL_FIRST);
      case Phase.Writing _ -> welcome();
      case Phase.Chunking _ -> no(Replies.CHUNKS_BEGAN);
    };
  }

  private static Optional<Reply> data(Phase phase, Means means) {
    return switch (phase) {
      case Phase.Arrived _ -> no(Replies.HELLO_FIRST);
      case Phase.Greeted _ -> strangers(means);
      case Phase.Ready _ -> no(Replies.MAIL_FIRST);
      case Phase.Writing writing -> recipients(writing);
      // RFC 3030 §2: "A DATA command issued before ... a series of BDAT" is out of order.
      case Phase.Chunking _ -> no(Replies.CHUNKS_BEGAN);
    };
  }

  private static Optional<Reply> bdat(Phase phase, Means means) {
    return switch (phase) {
      case Phase.Arrived _ -> no(Replies.HELLO_FIRST);
      case Phase.Greeted _ -> strangers(means);
      case Phase.Ready _ -> no(Replies.MAIL_FIRST);
      case Phase.Writing writing -> recipients(writing);
      case Phase.Chunking _ -> welcome();
    };
  }

  private static Optional<Reply> recipients(Phase.Writing writing) {
    if (!writing.to().isEmpty()) {
      return welcome();
    }
    // RFC 5321 §3.3: 503 or 554 "no valid recipients" where none was taken.
    return no(writing.tried() > 0 ? Replies.NO_VALID_RECIPIENTS : Replies.RCPT_FIRST);
  }
}
