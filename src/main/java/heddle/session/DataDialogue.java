package heddle.session;

import heddle.event.Event;
import heddle.mail.Domain;
import heddle.mail.Envelope;
import heddle.mail.Id;
import heddle.mail.Reply;
import heddle.peer.RemoteAddress;
import heddle.sasl.Identity;
import heddle.sasl.Shown;
import heddle.smtp.Command;
import heddle.smtp.Replies;
import heddle.spool.SpoolUnavailable;
import heddle.spool.Ticket;
import heddle.submission.Fixups;
import heddle.submission.HeaderScanner;
import heddle.wire.ChunkReader;
import heddle.wire.Deadline;
import heddle.wire.DotReader;
import heddle.wire.Ending;
import heddle.wire.Pace;
import heddle.wire.Sink;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** DATA and BDAT: a message from the line into the spool. Used by one conversation. */
final class DataDialogue {
  /** So much is read over for somebody who may not send. */
  private static final long STRANGERS_CHUNK = 1024 * 1024;

  /** Slower than this, beyond the data timeout, is no client but a siege. */
  private static final long OCTETS_PER_SECOND = 1_024;

  private final Line line;
  private final Surroundings around;
  private final Manners manners;
  private final Origin origin;
  private int kept;

  /** Where a message comes from. */
  record Origin(Id connection, String listener, Transport transport) {
    RemoteAddress client() {
      return transport.client();
    }
  }

  DataDialogue(Line line, Surroundings around, Manners manners, Origin origin) {
    this.line = line;
    this.around = around;
    this.manners = manners;
    this.origin = origin;
  }

  /** How many messages were taken. */
  int kept() {
    return kept;
  }

  /** DATA. */
  Step data(Phase.Writing writing, Id transaction) throws IOException {
    try (Incoming message = open(writing, transaction)) {
      line.say(Replies.SEND_MESSAGE);
      Ending ending =
          new DotReader(line.reader(), manners.maxMessageSize(), manners.longestLine(), pace())
              .copyTo(message.sink());
      return finish(ending, message, writing, transaction);
    } catch (SpoolUnavailable full) {
      return Step.stay(told(Replies.STORAGE, writing, transaction), writing.afterTransaction());
    }
  }

  /** BDAT: one chunk; the last one ends the message. */
  Step chunk(Command.Bdat chunk, Phase phase, Id transaction) throws IOException {
    return switch (phase) {
      case Phase.Chunking chunking -> chunk(chunk, chunking, transaction);
      case Phase.Writing writing -> {
        try {
          Incoming message = open(writing, transaction);
          var reader =
              new ChunkReader(
                  line.reader(), manners.maxMessageSize(), manners.longestLine(), pace());
          yield chunk(chunk, new Phase.Chunking(writing, message, reader), transaction);
        } catch (SpoolUnavailable full) {
          yield skip(chunk, Step.stay(Replies.STORAGE, writing.afterTransaction()));
        }
      }
      case Phase.Arrived _, Phase.Greeted _, Phase.Ready _ ->
          throw new IllegalStateException("BDAT outside a transaction");
    };
  }

  private Step chunk(Command.Bdat chunk, Phase.Chunking phase, Id transaction) throws IOException {
    Incoming message = phase.message();
    Ending ending = phase.reader().copyTo(message.sink(), chunk.size(), chunk.last());
    if (ending instanceof Ending.Complete && !chunk.last()) {
      return Step.stay(Replies.chunk(chunk.size()), phase);
    }
    try (message) {
      return finish(ending, message, phase.of(), transaction);
    }
  }

  /**
   * RFC 3030 §2: the octets of a refused BDAT follow all the same; they are read over so that the
   * conversation stays in step.
   */
  Step skip(Command.Bdat chunk, Step refused) throws IOException {
    boolean stranger = refused.next().who().isEmpty();
    long most = stranger ? STRANGERS_CHUNK : manners.maxMessageSize();
    if (stranger && chunk.size() > most) {
      return Step.leave(Replies.RUNAWAY, refused.next(), "chunk-refused");
    }
    Ending ending =
        new ChunkReader(line.reader(), most, manners.longestLine(), pace())
            .copyTo(Sink.NOWHERE, chunk.size(), true);
    return Incoming.inStep(ending)
        ? refused
        : Step.leave(
            Incoming.refusal(ending, manners.maxMessageSize()), refused.next(), "chunk-refused");
  }

  /** A message that was not taken leaves its line in the log. */
  private Reply told(Reply reply, Phase.Writing writing, Id transaction) {
    around
        .events()
        .tell(
            new Event.Refused(
                origin.connection(),
                transaction,
                "DATA",
                reply.code() + reply.status().map(s -> " " + s).orElse(""),
                writing.who().map(Identity::authn),
                origin.client()));
    return reply;
  }

  private Step finish(Ending ending, Incoming message, Phase.Writing writing, Id transaction) {
    Phase next = writing.afterTransaction();
    Optional<String> user = writing.who().map(Identity::authn);
    if (ending instanceof Ending.Complete) {
      Reply reply = keep(message, writing);
      if (reply.positive()) {
        kept++;
        around
            .events()
            .tell(
                new Event.Accepted(
                    transaction,
                    origin.connection(),
                    origin.listener(),
                    writing.by().as().kind(),
                    message.envelope().sender().toString(),
                    message.envelope().recipients().stream()
                        .map(r -> r.mailbox().toString())
                        .toList(),
                    message.size(),
                    message.header().messageId(),
                    user,
                    origin.client()));
      }
      return Step.stay(reply.positive() ? reply : told(reply, writing, transaction), next);
    }
    if (ending instanceof Ending.End) {
      return Step.gone(next, "gone-in-data");
    }
    Reply reply = told(Incoming.refusal(ending, manners.maxMessageSize()), writing, transaction);
    return Incoming.inStep(ending)
        ? Step.stay(reply, next)
        : Step.leave(reply, next, ending instanceof Ending.TimedOut ? "data-timeout" : "runaway");
  }

  /**
   * Into the spool, if the sender still may: a limit counts what is taken, and what came while its
   * login ended does not go out.
   */
  private Reply keep(Incoming message, Phase.Writing writing) {
    Optional<Identity> who = writing.who();
    if (who.filter(w -> !around.gate().stands().test(w)).isPresent()) {
      return Replies.LOGIN_ENDED;
    }
    Optional<Shown> limited =
        who.map(Identity::shown).filter(s -> s.id().isPresent() && s.terms().perDay().isPresent());
    if (limited.isPresent()) {
      int most = limited.get().terms().perDay().getAsInt();
      if (!around.gate().sent().take(limited.get().id().orElseThrow(), most)) {
        return Replies.tooManyToday(most);
      }
    }
    Reply reply = message.keep();
    if (!reply.positive()) {
      limited.flatMap(Shown::id).ifPresent(around.gate().sent()::giveBack);
    } else if (who.filter(w -> !around.gate().stands().test(w)).isPresent()) {
      holdBack(message);
    }
    return reply;
  }

  private void holdBack(Incoming message) {
    try {
      around.spool().hold(message.id(), "its sender's login was ended while it came");
    } catch (SpoolUnavailable full) {
      System.getLogger("heddle.session")
          .log(System.Logger.Level.WARNING, "{0} could not be held", message.id());
    }
  }

  private Incoming open(Phase.Writing writing, Id transaction) throws SpoolUnavailable {
    Instant now = around.clock().instant();
    Command.Mail mail = writing.mail();
    var envelope =
        new Envelope(
            mail.from(),
            writing.to(),
            mail.parameters().body(),
            mail.parameters().utf8(),
            mail.parameters().ret(),
            mail.parameters().envid());
    var ticket =
        new Ticket(
            transaction,
            envelope,
            writing
                .who()
                .map(
                    who ->
                        new Ticket.Submitter(
                            who.authn(), who.authz(), who.mechanism(), who.credential())),
            origin.listener(),
            origin.connection(),
            Optional.of(origin.client().ip()),
            now,
            0);
    String hostname = around.hostname().toString();
    var fixups =
        Fixups.of(
            from(writing),
            hostname,
            protocol(writing, origin.transport().tls().isPresent()),
            transaction.value(),
            now,
            around.zone());
    var draft = around.spool().draft(transaction);
    return new Incoming(draft, new HeaderScanner(draft::write, fixups), ticket);
  }

  /** Only where the site wants it: the client's address tells its recipients where people live. */
  private String from(Phase.Writing writing) {
    if (!manners.receivedClient()) {
      return "";
    }
    String ip = origin.client().ip();
    String literal = "[" + (ip.indexOf(':') >= 0 ? "IPv6:" : "") + ip + "]";
    // What the client calls itself is anything at all; only a domain may stand here (RFC 5321
    // §4.4).
    return Domain.parse(writing.by().at().hello().name())
        .map(name -> name.ascii() + " (" + literal + ")")
        .orElse(literal);
  }

  /** RFC 3848 and, with SMTPUTF8, RFC 6531 §4.3. */
  private static String protocol(Phase.Writing writing, boolean secured) {
    if (!writing.by().at().hello().extended()) {
      return "SMTP";
    }
    String base = writing.mail().parameters().utf8() ? "UTF8SMTP" : "ESMTP";
    return base + (secured ? "S" : "") + (writing.by().loggedIn().isPresent() ? "A" : "");
  }

  private Pace pace() {
    Duration grace = manners.dataTimeout();
    long most = manners.maxMessageSize() / OCTETS_PER_SECOND;
    return Pace.from(Deadline.in(grace.plusSeconds(most)), grace, OCTETS_PER_SECOND);
  }
}
