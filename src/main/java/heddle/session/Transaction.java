package heddle.session;

import heddle.event.Event;
import heddle.mail.Id;
import heddle.mail.Path;
import heddle.mail.Reply;
import heddle.sasl.Identity;
import heddle.smtp.Command;
import heddle.smtp.Replies;
import java.util.List;
import java.util.Optional;

/** MAIL and RCPT, and the id of the transaction that is, or comes next. */
final class Transaction {
  private final Surroundings around;
  private final Manners manners;
  private final DataDialogue.Origin origin;
  private Id id;

  Transaction(Surroundings around, Manners manners, DataDialogue.Origin origin) {
    this.around = around;
    this.manners = manners;
    this.origin = origin;
    this.id = around.ids().get();
  }

  /** Drawn at the greeting and whenever a transaction ends: known before MAIL. */
  Id id() {
    return id;
  }

  void renew() {
    id = around.ids().get();
  }

  Step mail(Command.Mail mail, Phase.Ready ready) {
    Optional<Identity> who = ready.who();
    Optional<Reply> refusal = refusal(mail, ready);
    if (refusal.isPresent()) {
      refused("MAIL", refusal.get(), who);
      return Step.stay(refusal.get(), ready);
    }
    return Step.stay(Replies.SENDER_OK, new Phase.Writing(ready, mail, List.of(), List.of(), 0));
  }

  private Optional<Reply> refusal(Command.Mail mail, Phase.Ready ready) {
    // RFC 1870 §6.1: a declared size above the limit is refused before the message is sent.
    if (mail.parameters().size().orElse(0) > manners.maxMessageSize()) {
      return Optional.of(Replies.tooLarge(manners.maxMessageSize()));
    }
    return switch (ready.as()) {
      case Sender.Guest _ -> Optional.empty();
      case Sender.LoggedIn in -> objection(mail, in.who());
      case Sender.Device device -> objection(mail, device.who());
    };
  }

  private Optional<Reply> objection(Command.Mail mail, Identity who) {
    if (isOver(who)) {
      return Optional.of(Replies.LOGIN_EXPIRED);
    }
    var shown = who.shown();
    if (shown.terms().perDay().isPresent()
        && shown.id().map(around.gate().sent()::count).orElse(0)
            >= shown.terms().perDay().getAsInt()) {
      return Optional.of(Replies.tooManyToday(shown.terms().perDay().getAsInt()));
    }
    return around.authority().mayUse(who, mail.from())
        ? Optional.empty()
        : notYours(mail.from(), who.authz());
  }

  /** A token or a credential lets one begin so long as it is good. */
  private boolean isOver(Identity who) {
    return !around.gate().stands().test(who)
        || who.until().filter(end -> !around.clock().instant().isBefore(end)).isPresent();
  }

  private static Optional<Reply> notYours(Path sender, String authz) {
    return switch (sender) {
      case Path.Nobody _ -> Optional.empty(); // nobody's address is everybody's
      case Path.Somebody somebody -> Optional.of(Replies.senderNotYours(somebody.mailbox(), authz));
    };
  }

  Step rcpt(Command.Rcpt rcpt, Phase.Writing writing) {
    Optional<Reply> refusal = refusal(rcpt, writing);
    if (refusal.isPresent()) {
      refused("RCPT", refusal.get(), writing.who());
      return Step.stay(refusal.get(), writing.refused());
    }
    return Step.stay(Replies.RECIPIENT_OK, writing.with(rcpt));
  }

  private Optional<Reply> refusal(Command.Rcpt rcpt, Phase.Writing writing) {
    // RFC 5321 §4.5.3.1.10: "the server ... 452" once there are as many as it takes.
    if (writing.to().size() >= manners.maxRecipients()) {
      return Optional.of(Replies.TOO_MANY_RECIPIENTS);
    }
    // RFC 6531 §3.5: without SMTPUTF8 such an address must not go on.
    if (!rcpt.to().isAscii() && !writing.mail().parameters().utf8()) {
      return Optional.of(Replies.NEEDS_SMTPUTF8);
    }
    return switch (writing.by().as()) {
      case Sender.LoggedIn(var who) -> mayReach(who, rcpt);
      case Sender.Device(var who) -> mayReach(who, rcpt);
      case Sender.Guest _ ->
          around.config().domains().contains(rcpt.to().domain())
              ? Optional.empty()
              : Optional.of(Replies.NOT_FOR_GUESTS);
    };
  }

  private static Optional<Reply> mayReach(Identity who, Command.Rcpt rcpt) {
    return who.shown().terms().allowRecipient(rcpt.to().normal())
        ? Optional.empty()
        : Optional.of(Replies.RECIPIENT_NOT_YOURS);
  }

  private void refused(String command, Reply reply, Optional<Identity> who) {
    around
        .events()
        .tell(
            new Event.Refused(
                origin.connection(),
                id,
                command,
                reply.code() + reply.status().map(s -> " " + s).orElse(""),
                who.map(Identity::authn),
                origin.client()));
  }
}
