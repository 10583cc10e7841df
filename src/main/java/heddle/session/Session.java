package heddle.session;

import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.mail.Reply;
import heddle.smtp.Command;
import heddle.smtp.CommandParser;
import heddle.smtp.Replies;
import heddle.wire.Deadline;
import heddle.wire.Flaw;
import heddle.wire.Heard;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * One conversation, whole: greet, then hear, parse, mind etiquette, act, reply, until an ending.
 * Runs on a virtual thread of its own; {@link #dismiss} may be called by others.
 */
public final class Session implements Runnable {
  /** Of every command but AUTH, whose line RFC 4954 §4 lets be longer. */
  private static final int COMMAND_LIMIT = 4096;

  /** How long somebody may stay without logging in. */
  private static final Duration STRANGERS = Duration.ofMinutes(10);

  private final Transport transport;
  private final Surroundings around;
  private final Beginning beginning;
  private final String listener;
  private final Id connection;
  private final Line line;
  private final Manners manners;
  private final Sight sight;
  private final ProxyStep proxy;
  private final AuthStep auth;
  private final DataDialogue data;
  private final Greeting greeting;
  private final Telling telling;
  private final Transaction transaction;
  private final TlsUpgrade tls;
  private final Standing standing;
  private final boolean canSecure;
  private final CommandParser parser;
  private Deadline stranger = Deadline.in(STRANGERS);
  private volatile boolean leaving;
  private Phase phase = new Phase.Arrived();
  private int errors;

  public Session(Transport transport, Surroundings around, String listener, Beginning beginning) {
    this(transport, around, listener, beginning, AuthStep::new);
  }

  Session(
      Transport transport, Surroundings around, String listener, Beginning beginning, Logins as) {
    this.transport = transport;
    this.around = around;
    this.listener = listener;
    this.beginning = beginning;
    this.connection = around.ids().get();
    this.line = new Line(transport);
    this.manners = new Manners(around.config(), new Known(listener, transport, () -> phase));
    var origin = new DataDialogue.Origin(connection, listener, transport);
    this.transaction = new Transaction(around, manners, origin);
    this.sight = new Sight(origin, transport, around, () -> phase, transaction::id);
    this.proxy = new ProxyStep(around, manners, sight, line.transcript());
    this.auth = as.step(line, around, manners, proxy, transport::presence);
    this.data = new DataDialogue(line, around, manners, origin);
    this.standing = new Standing(origin, line, around, data::kept);
    this.telling = new Telling(transport, around, origin, sight);
    this.canSecure = beginning == Beginning.STARTTLS;
    this.greeting =
        new Greeting(around, manners, auth, transport, canSecure, telling::allowed, sight::device);
    this.tls = new TlsUpgrade(transport, around, origin, line.transcript());
    this.parser = new CommandParser(around.hostname());
  }

  @Override
  public void run() {
    String why = "gone";
    try {
      around.events().tell(transport.ends().connected(connection, listener));
      why = converse();
      line.flush();
    } catch (IOException gone) {
      why = standing.over() ? "login-ended" : line.dismissed() || leaving ? "dismissed" : "gone";
    } catch (RuntimeException mistake) {
      System.getLogger("heddle.session").log(System.Logger.Level.ERROR, "session", mistake);
      why = "our-mistake";
    } finally {
      phase.abandon();
      transport.close();
      standing.ended(why);
    }
  }

  /** For others to see who is there, and to send them home. */
  public Standing standing() {
    return standing;
  }

  /** Asks the conversation to end at the next moment at which that is polite. */
  public void dismiss(Reply lastWord) {
    leaving = true;
    line.dismiss(lastWord);
  }

  /** Ends a read or a write that has waited for too long; to be called about every second. */
  public void keepTime() {
    if (transport.overdue()) {
      cut();
    } else {
      transport.endLateRead();
    }
  }

  /** Ends it now. */
  public void cut() {
    leaving = true;
    transport.abort();
  }

  private String converse() throws IOException {
    if (beginning == Beginning.TLS && !tls.atTheDoor(manners.handshakeTimeout())) {
      return "tls-failed";
    }
    line.say(Replies.banner(around.hostname().toString()));
    while (!leaving && !standing.over()) {
      Heard heard = line.hear(AuthDialogue.LINE_LIMIT, patience());
      Optional<String> goodbye =
          switch (heard) {
            case Heard.End _ -> Optional.of("gone");
            case Heard.TimedOut _ -> say(Replies.IDLE, Optional.of("idle"));
            case Heard.Flawed flawed -> flawed(flawed.flaw());
            case Heard.Line words -> hear(words.octets());
          };
      if (goodbye.isPresent()) {
        return goodbye.get();
      }
    }
    line.say(Replies.SHUTTING_DOWN); // unheard where another last word was said
    return standing.over() ? "login-ended" : "shutdown";
  }

  private Optional<String> flawed(Flaw flaw) throws IOException {
    line.transcript().flawed(flaw.toString());
    boolean login = flaw == Flaw.TOO_LONG && line.reader().began("AUTH ");
    // RFC 4954 §4: an initial response that is too long is 500 5.5.6, and a failed login like
    // others.
    var attempted = new Command.Auth("?", Optional.empty());
    return login && Etiquette.refusal(attempted, phase, means()).isEmpty()
        ? take(loggedIn(auth.tooLong(sight.attempt("?", Set.of()))))
        : refuse(Replies.flawedLine(flaw));
  }

  /** A stranger's time is bounded as a whole; who has logged in may be idle again and again. */
  private Deadline patience() {
    Deadline idle = Deadline.in(manners.idleTimeout());
    return phase instanceof Phase.Arrived || phase instanceof Phase.Greeted
        ? idle.or(stranger)
        : idle;
  }

  private Optional<String> hear(Octets words) throws IOException {
    return switch (proxy.hear(words)) {
      case ProxyStep.Word.On on -> obey(on.line());
      case ProxyStep.Word.Answered answered -> take(answered.step(phase, data));
    };
  }

  private Optional<String> obey(Octets words) throws IOException {
    Command command = parser.parse(words);
    line.transcript().heard(command, words);
    if (words.size() > COMMAND_LIMIT && !(command instanceof Command.Auth)) {
      return refuse(Replies.LINE_TOO_LONG);
    }
    Optional<Reply> refusal = Etiquette.refusal(command, phase, means());
    if (refusal.isPresent()) {
      return command instanceof Command.Bdat chunk
          ? take(data.skip(chunk, Step.stay(refusal.get(), phase)))
          : refuse(refusal.get());
    }
    return take(act(command));
  }

  private Etiquette.Means means() {
    return new Etiquette.Means(
        transport.tls().isPresent(), canSecure, auth::possible, telling::allowed);
  }

  private Step act(Command command) throws IOException {
    return switch (command) {
      case Command.Ehlo ehlo -> greet(new Phase.Hello(true, ehlo.host()));
      case Command.Helo helo -> greet(new Phase.Hello(false, helo.host()));
      case Command.StartTls _ -> startTls();
      case Command.Auth login ->
          loggedIn(auth.run(login, sight.attempt(login.mechanism(), auth.offeredNow())));
      case Command.Xclient told -> telling.obey(told, greeting, this::anew);
      case Command.Mail mail -> transaction.mail(mail, (Phase.Ready) phase);
      case Command.Rcpt rcpt -> transaction.rcpt(rcpt, (Phase.Writing) phase);
      case Command.Data _ -> receive();
      case Command.Bdat chunk -> data.chunk(chunk, phase, transaction.id());
      case Command.Rset _ -> Step.stay(Replies.RESET, phase.afterTransaction());
      case Command.Noop _ -> Step.stay(Replies.NOOP, phase);
      case Command.Help _ -> Step.stay(Replies.HELP, phase);
      case Command.Vrfy _ -> Step.stay(Replies.WILL_TRY, phase);
      case Command.Quit _ -> Step.leave(Replies.BYE, phase, "quit");
      case Command.Expn _, Command.Unknown _, Command.Malformed _ ->
          throw new IllegalStateException("etiquette lets no such command through");
    };
  }

  /** The new name counts before a rule is asked what it may do. */
  private Step greet(Phase.Hello hello) {
    phase.abandon();
    if (phase.inTransaction()) {
      transaction.renew();
    }
    var greeted = new Phase.Greeted(hello);
    phase =
        phase
            .loggedIn()
            .<Phase>map(w -> new Phase.Ready(greeted, new Sender.LoggedIn(w)))
            .orElse(greeted);
    return greeting.answer(hello, phase);
  }

  private Step receive() throws IOException {
    standing.receiving(true);
    try {
      return data.data((Phase.Writing) phase, transaction.id());
    } finally {
      standing.receiving(false);
    }
  }

  /** A proxy speaks for another client; what failed logins it has seen still counts against it. */
  private void anew(Phase next) {
    phase = next;
    standing.now(next);
    stranger = Deadline.in(STRANGERS);
  }

  private Step startTls() throws IOException {
    if (!tls.startTls(line, manners.handshakeTimeout())) {
      return Step.gone(phase, "tls-failed");
    }
    // RFC 3207 §4.2: "The server MUST discard any knowledge obtained from the client".
    return new Step(Optional.empty(), new Phase.Arrived(), Optional.empty());
  }

  private Step loggedIn(AuthStep.Result result) {
    return switch (result) {
      case AuthStep.Result.In in ->
          Step.stay(in.reply(), new Phase.Ready(phase.greeted(), new Sender.LoggedIn(in.who())));
      case AuthStep.Result.Out out -> Step.stay(out.reply(), phase);
      case AuthStep.Result.Leave leave -> new Step(leave.reply(), phase, Optional.of(leave.why()));
    };
  }

  /** Says what came of a command and goes where it leads. */
  private Optional<String> take(Step step) throws IOException {
    boolean ended = phase.inTransaction() && !step.next().inTransaction();
    if (phase instanceof Phase.Chunking left && !(step.next() instanceof Phase.Chunking)) {
      left.message().close();
    }
    phase = step.next();
    standing.now(phase);
    if (ended) {
      transaction.renew();
    }
    if (step.reply().isEmpty()) {
      return step.goodbye();
    }
    Reply reply = step.reply().get();
    if (step.goodbye().isPresent()) {
      return say(reply, step.goodbye());
    }
    return reply.positive() || reply.temporary() ? say(reply, Optional.empty()) : refuse(reply);
  }

  /** A mistake of the client's; so many of them, and we part. */
  private Optional<String> refuse(Reply reply) throws IOException {
    errors++;
    return errors >= manners.maxErrors()
        ? say(Replies.TOO_MANY_ERRORS, Optional.of("errors"))
        : say(reply, Optional.empty());
  }

  private Optional<String> say(Reply reply, Optional<String> goodbye) throws IOException {
    line.say(reply);
    return goodbye;
  }
}
