package heddle.session;

import heddle.mail.Path;
import heddle.mail.Recipient;
import heddle.smtp.Command;
import heddle.wire.ChunkReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How far a conversation has come. "MAIL before AUTH" has no constructor. */
sealed interface Phase {
  /** Before EHLO. */
  record Arrived() implements Phase {}

  /** EHLO or HELO was said. */
  record Greeted(Hello hello) implements Phase {}

  /** May send. */
  record Ready(Greeted at, Sender as) implements Phase {}

  /**
   * MAIL was said.
   *
   * @param taken the commands behind {@code to}, in its order
   * @param tried how many RCPT came, the refused ones too
   */
  record Writing(
      Ready by, Command.Mail mail, List<Recipient> to, List<Command.Rcpt> taken, int tried)
      implements Phase {
    public Writing {
      to = List.copyOf(to);
      taken = List.copyOf(taken);
    }

    Path from() {
      return mail.from();
    }

    Writing refused() {
      return new Writing(by, mail, to, taken, tried + 1);
    }

    Writing with(Command.Rcpt rcpt) {
      List<Recipient> more = new ArrayList<>(to);
      var parameters = rcpt.parameters();
      more.add(new Recipient(rcpt.to(), parameters.notifyOn(), parameters.orcpt()));
      List<Command.Rcpt> commands = new ArrayList<>(taken);
      commands.add(rcpt);
      return new Writing(by, mail, more, commands, tried + 1);
    }
  }

  /** Between the first BDAT and the last (RFC 3030). */
  record Chunking(Writing of, Incoming message, ChunkReader reader) implements Phase {}

  /** What the client called itself, and with which verb. */
  record Hello(boolean extended, String name) {}

  /** In one word, for whoever looks. */
  default String word() {
    return switch (this) {
      case Arrived _ -> "arrived";
      case Greeted _ -> "greeted";
      case Ready _ -> "ready";
      case Writing _ -> "writing";
      case Chunking _ -> "data";
    };
  }

  /** What stays when a transaction ends. */
  default Phase afterTransaction() {
    return switch (this) {
      case Writing writing -> writing.by();
      case Chunking chunking -> chunking.of().by();
      case Arrived arrived -> arrived;
      case Greeted greeted -> greeted;
      case Ready ready -> ready;
    };
  }

  /** Lets go of a message that is not whole. */
  default void abandon() {
    if (this instanceof Chunking left) {
      left.message().close();
    }
  }

  default boolean inTransaction() {
    return switch (this) {
      case Arrived _, Greeted _, Ready _ -> false;
      case Writing _, Chunking _ -> true;
    };
  }

  /** What a login stands on; etiquette lets no AUTH through elsewhere. */
  default Greeted greeted() {
    return switch (this) {
      case Greeted greeted -> greeted;
      case Ready ready -> ready.at();
      case Arrived _, Writing _, Chunking _ -> throw new IllegalStateException("no login here");
    };
  }

  default Optional<Hello> helloSaid() {
    return switch (this) {
      case Arrived _ -> Optional.empty();
      case Greeted greeted -> Optional.of(greeted.hello());
      case Ready ready -> Optional.of(ready.at().hello());
      case Writing writing -> Optional.of(writing.by().at().hello());
      case Chunking chunking -> Optional.of(chunking.of().by().at().hello());
    };
  }

  /** Who logged in; a device did not. */
  default Optional<heddle.sasl.Identity> loggedIn() {
    return switch (this) {
      case Arrived _, Greeted _ -> Optional.empty();
      case Ready ready ->
          ready.as() instanceof Sender.LoggedIn in ? Optional.of(in.who()) : Optional.empty();
      case Writing writing -> writing.by().loggedIn();
      case Chunking chunking -> chunking.of().by().loggedIn();
    };
  }

  /** In whose name something may be sent. */
  default Optional<heddle.sasl.Identity> who() {
    return switch (this) {
      case Arrived _, Greeted _ -> Optional.empty();
      case Ready ready ->
          switch (ready.as()) {
            case Sender.LoggedIn in -> Optional.of(in.who());
            case Sender.Device device -> Optional.of(device.who());
            case Sender.Guest _ -> Optional.empty();
          };
      case Writing writing -> writing.by().who();
      case Chunking chunking -> chunking.of().by().who();
    };
  }
}
