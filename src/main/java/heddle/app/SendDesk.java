package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.delivery.Route;
import heddle.delivery.Router;
import heddle.event.Event;
import heddle.event.Events;
import heddle.mail.Domain;
import heddle.mail.Envelope;
import heddle.mail.Id;
import heddle.mail.Mailbox;
import heddle.mail.Path;
import heddle.mail.Recipient;
import heddle.peer.RemoteAddress;
import heddle.spool.Draft;
import heddle.spool.Spool;
import heddle.spool.Ticket;
import heddle.store.Account;
import heddle.store.Accounts;
import heddle.submission.Fixups;
import heddle.submission.HeaderScanner;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The verbs of {@code send}: one small message from the server itself, by the routes that mail of
 * its sender takes, and what became of it.
 */
final class SendDesk {
  /** What routes and logs call the way on which it came in. */
  private static final String LISTENER = "send-test";

  private final Accounts accounts;
  private final Spool spool;
  private final Router router;
  private final Domain hostname;
  private final TestMail mail;
  private final Events events;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  SendDesk(
      Accounts accounts,
      Spool spool,
      Router router,
      Domain hostname,
      TestMail mail,
      Events events,
      InstantSource clock) {
    this.accounts = accounts;
    this.spool = spool;
    this.router = router;
    this.hostname = hostname;
    this.mail = mail;
    this.events = events;
    this.clock = clock;
  }

  /** Answers, or empty where the verb is not one of these. */
  Optional<Answer> ask(Request request, String actor) {
    return switch (request.verb()) {
      case "send.test" -> Optional.of(send(request, actor));
      case "send.follow" -> Optional.of(follow(request.arg("id").orElse("")));
      default -> Optional.empty();
    };
  }

  private Answer send(Request request, String actor) {
    String typed = request.arg("to").orElse("");
    Optional<Mailbox> to = Mailbox.parse(typed).filter(Mailbox::isAscii);
    if (to.isEmpty()) {
      return noAddress(typed);
    }
    String from = request.arg("from").orElse("");
    Optional<Account> account = from.isEmpty() ? first() : owner(from);
    Optional<Mailbox> sender =
        from.isEmpty()
            ? account.flatMap(a -> Mailbox.parse(a.addresses().getFirst()))
            : Mailbox.parse(from);
    if (sender.filter(Mailbox::isAscii).isEmpty()) {
      return from.isEmpty()
          ? Answer.no(
              Answer.USAGE,
              "nothing was sent",
              "there is no account whose address it could be sent from",
              "name one with --from, or make a user: heddle user add")
          : noAddress(from);
    }
    Optional<String> authz = account.map(Account::name);
    try {
      return sent(to.get(), sender.get(), authz, actor);
    } catch (IOException trouble) {
      return Answer.no(
          Answer.FAILED,
          "nothing was sent: the spool does not take it",
          String.valueOf(trouble.getMessage()),
          "see what is wrong with: heddle doctor");
    }
  }

  private static Answer noAddress(String typed) {
    return Answer.no(
        Answer.USAGE,
        "nothing was sent",
        "\""
            + typed.replaceAll("\\p{Cntrl}", "?")
            + "\" is not an address that can be said everywhere",
        "write it as bob@example.net");
  }

  private Optional<Account> first() {
    return accounts.snapshot().all().stream()
        .filter(a -> a.enabled() && !a.addresses().isEmpty())
        .min(Comparator.comparing(Account::created));
  }

  private Optional<Account> owner(String address) {
    return Mailbox.parse(address).flatMap(m -> accounts.snapshot().owner(m.normal()));
  }

  private Answer sent(Mailbox to, Mailbox from, Optional<String> authz, String actor)
      throws IOException {
    Id id = Id.draw(random);
    Instant now = clock.instant();
    Path sender = new Path.Somebody(from);
    var question = new Router.Question(to, sender, LISTENER, authz, OptionalLong.empty());
    Route route = router.route(question);
    var ticket = ticket(id, to, sender, authz, now);
    mail.follow(id);
    boolean kept = false;
    try (Draft draft = spool.draft(id)) {
      var scanner =
          new HeaderScanner(
              draft::write,
              Fixups.of("", hostname.toString(), "local", id.value(), now, ZoneId.systemDefault()));
      byte[] text = text(to, from, id, actor).getBytes(StandardCharsets.UTF_8);
      scanner.write(text, 0, text.length);
      scanner.finish();
      long size = draft.size();
      draft.commit(ticket);
      kept = true;
      events.tell(accepted(ticket, size, scanner.messageId()));
    } finally {
      if (!kept) {
        mail.forget(id);
      }
    }
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", id.value());
    row.put("from", from.toString());
    row.put("to", to.toString());
    row.put("route", route.name());
    row.put("relay", route.relay());
    return Answer.row(row);
  }

  private static Ticket ticket(
      Id id, Mailbox to, Path sender, Optional<String> authz, Instant now) {
    var envelope =
        new Envelope(
            sender,
            List.of(Recipient.of(to)),
            Envelope.Body.SEVEN_BIT,
            false,
            Optional.empty(),
            Optional.empty());
    return new Ticket(
        id,
        envelope,
        authz.map(name -> new Ticket.Submitter(name, name, "LOCAL", LISTENER)),
        LISTENER,
        id,
        Optional.empty(),
        now,
        0);
  }

  private Event.Accepted accepted(Ticket ticket, long size, Optional<String> messageId) {
    return new Event.Accepted(
        ticket.id(),
        ticket.connection(),
        LISTENER,
        "local",
        ticket.envelope().sender().toString(),
        ticket.envelope().recipients().stream().map(r -> r.mailbox().toString()).toList(),
        size,
        messageId,
        ticket.submitter().map(Ticket.Submitter::authn),
        new RemoteAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private String text(Mailbox to, Mailbox from, Id id, String actor) {
    return String.join(
        "\r\n",
        "From: <" + from + ">",
        "To: <" + to + ">",
        "Subject: Test of " + hostname + " " + id,
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Auto-Submitted: auto-generated",
        "",
        "This message was sent by \"heddle send test\" on " + hostname + ",",
        "by " + actor.replaceAll("[^A-Za-z0-9._-]", "?") + ", to see whether it arrives. It does.",
        "");
  }

  private Answer follow(String typed) {
    Optional<List<TestMail.Step>> steps = Id.parse(typed).flatMap(mail::steps);
    return steps
        .map(all -> Answer.rows(all.stream().map(SendDesk::row).toList()))
        .orElseGet(
            () ->
                Answer.no(
                    Answer.NOT_FOUND,
                    "there is no such test message",
                    "the server remembers the last hundred since its start",
                    "see whether it waits: heddle queue list"));
  }

  private static Map<String, Object> row(TestMail.Step step) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("at", step.at().truncatedTo(ChronoUnit.MILLIS).toString());
    row.put("what", step.kind().name().toLowerCase(Locale.ROOT));
    row.put("route", step.route());
    row.put("reply", step.reply());
    row.put("last", step.kind().last());
    return row;
  }
}
