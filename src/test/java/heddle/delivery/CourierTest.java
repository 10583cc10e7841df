package heddle.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.config.Condition;
import heddle.config.Operator;
import heddle.dial.Credentials;
import heddle.dial.Dialer;
import heddle.dial.Manner;
import heddle.dial.Target;
import heddle.dns.Names;
import heddle.event.Event;
import heddle.mail.Domain;
import heddle.mail.Envelope;
import heddle.mail.Id;
import heddle.mail.Mailbox;
import heddle.mail.Notify;
import heddle.mail.Recipient;
import heddle.spool.Draft;
import heddle.spool.FaultyDisk;
import heddle.spool.QueueEntry;
import heddle.spool.RealDisk;
import heddle.spool.Settings;
import heddle.spool.Spool;
import heddle.spool.Ticket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of messages as time goes by, on a real disk, with a clock that one sets. */
class CourierTest {
  private static final Recipient BOB = Recipient.of(Mailbox.of("bob@example.net"));
  private static final String ANN = "ann@example.org";
  private static final Settings STILL =
      new Settings(256 * 1024, 64L * 1024 * 1024, Duration.ofMinutes(1), Duration.ZERO);

  @TempDir Path root;
  private final Random random = new Random(7);
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private volatile Instant now = Instant.parse("2026-11-16T08:00:00Z");
  private final InstantSource clock = () -> now;
  private FaultyDisk disk;
  private Spool spool;
  private Courier courier;

  @BeforeEach
  void open() throws Exception {
    disk = new FaultyDisk(new RealDisk(root.resolve("spool")));
    spool = Spool.open(disk, STILL, events::add, clock);
  }

  @AfterEach
  void close() {
    courier.close();
    spool.close();
  }

  private Route maildir(String name) {
    return new Route.Maildir(name, new MaildirDelivery(root.resolve(name)));
  }

  /** Reports to our own domain go to {@code home}, the rest to {@code away}. */
  private void start() {
    var ours = new Condition("recipient-domain", Operator.IN, List.of("example.org"));
    start(new Router(List.of(new Router.Rule(ours, maildir("home"))), maildir("away")));
  }

  private void start(Router router) {
    var patience =
        new RetryDecision.Patience(
            new RetrySchedule(List.of(Duration.ofMinutes(1))),
            Duration.ofDays(5),
            Duration.ofHours(4));
    courier =
        new Courier(
            spool, router, patience, Domain.of("mail.example.org"), events::add, clock, random);
    courier.start();
  }

  private Id send(String sender, Recipient... to) throws IOException {
    Id id = Id.draw(random);
    Envelope envelope = Reports.envelope(sender, to);
    var ticket =
        new Ticket(
            id,
            envelope,
            Optional.of(new Ticket.Submitter(ANN, ANN, "PLAIN", "password")),
            "submission",
            id,
            Optional.empty(),
            now,
            0);
    try (Draft draft = spool.draft(id)) {
      byte[] text = "Subject: hello\r\n\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII);
      draft.write(text, 0, text.length);
      draft.commit(ticket);
    }
    return id;
  }

  private static void await(BooleanSupplier wanted) throws Exception {
    long until = System.nanoTime() + 10_000_000_000L;
    while (!wanted.getAsBoolean()) {
      assertTrue(System.nanoTime() < until, "it never came");
      Thread.sleep(2);
    }
  }

  private <T extends Event> List<T> told(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private List<String> arrived(String maildir, String address) throws IOException {
    Path box = root.resolve(maildir).resolve(address).resolve("new");
    List<String> texts = new ArrayList<>();
    if (Files.isDirectory(box)) {
      try (var files = Files.list(box)) {
        for (Path file : files.toList()) {
          texts.add(Files.readString(file));
        }
      }
    }
    return texts;
  }

  /** A file where the folder belongs: nothing can be delivered there for now. */
  private void block(String maildir) throws IOException {
    Files.writeString(root.resolve(maildir), "in the way");
  }

  /** One attempt that comes to nothing for now. */
  private void failOnce(Id id) throws Exception {
    int before = told(Event.Deferred.class).size() + told(Event.Failed.class).size();
    courier.retry(id);
    await(() -> told(Event.Deferred.class).size() + told(Event.Failed.class).size() > before);
  }

  @Test
  void each_recipient_takes_the_first_route_that_holds() throws Exception {
    start();
    Id id = send(ANN, BOB, Recipient.of(Mailbox.of("carol@EXAMPLE.org")));
    await(() -> spool.entry(id).isEmpty());
    assertEquals(1, arrived("away", "bob@example.net").size());
    assertEquals(1, arrived("home", "carol@example.org").size());
    assertEquals(0, arrived("home", "bob@example.net").size());
  }

  @Test
  void what_is_on_hold_for_one_recipient_is_delivered_to_the_other() throws Exception {
    var theirs = new Condition("recipient-domain", Operator.EQ, List.of("example.net"));
    start(
        new Router(
            List.of(new Router.Rule(theirs, new Route.Hold("stop", "the route is hold"))),
            maildir("home")));
    Id id = send(ANN, BOB, Recipient.of(Mailbox.of("carol@example.org")));
    await(() -> told(Event.Delivered.class).size() == 1);
    QueueEntry entry = spool.entry(id).orElseThrow();
    assertFalse(entry.recipients().get(0).done());
    assertTrue(entry.recipients().get(1).done());
    courier.retry(id);
    Thread.sleep(50);
    assertEquals(0, spool.entry(id).orElseThrow().recipients().get(0).attempts());
  }

  @Test
  void a_delay_is_told_once_and_the_end_when_the_time_is_over() throws Exception {
    block("away");
    start();
    Id id = send(ANN, BOB);
    await(() -> told(Event.Deferred.class).size() == 1);
    assertEquals(0, told(Event.Reported.class).size(), "an hour is no delay");
    now = now.plus(Duration.ofHours(5));
    failOnce(id);
    await(() -> told(Event.Reported.class).size() == 1);
    // What was told survives a restart.
    courier.close();
    spool.close();
    open();
    assertTrue(spool.entry(id).orElseThrow().recipients().getFirst().delayTold());
    start();
    now = now.plus(Duration.ofHours(5));
    failOnce(id);
    assertEquals(1, told(Event.Reported.class).size(), "told twice");
    now = now.plus(Duration.ofDays(5));
    failOnce(id);
    await(() -> spool.entries().isEmpty());
    List<String> reports = arrived("home", ANN);
    assertEquals(2, reports.size());
    String delayed = reports.stream().filter(r -> r.contains("Action: delayed")).findFirst().get();
    assertTrue(delayed.contains("Will-Retry-Until: Sat, 21 Nov 2026 08:00:00 +0000"), delayed);
    String failed = reports.stream().filter(r -> r.contains("Action: failed")).findFirst().get();
    assertTrue(failed.contains("Status: 4.2.0") && failed.contains("4 times"), failed);
    assertTrue(failed.contains("Return-Path: <>"), failed);
    assertEquals(id, told(Event.Failed.class).getFirst().transaction());
    assertTrue(told(Event.Failed.class).getFirst().report().isPresent());
  }

  @Test
  void a_report_that_cannot_be_delivered_makes_no_report() throws Exception {
    block("home");
    block("away");
    start();
    Id id = send(ANN, BOB);
    await(() -> told(Event.Deferred.class).size() == 1);
    now = now.plus(Duration.ofDays(6));
    failOnce(id);
    await(() -> told(Event.Reported.class).size() == 1 && spool.entry(id).isEmpty());
    Id report = told(Event.Reported.class).getFirst().report();
    now = now.plus(Duration.ofDays(6));
    failOnce(report);
    await(() -> spool.entries().isEmpty() && told(Event.Failed.class).size() == 2);
    assertEquals(1, told(Event.Reported.class).size());
    assertEquals(Optional.empty(), told(Event.Failed.class).getLast().report());
  }

  @Test
  void who_asked_for_it_hears_of_success_and_who_wants_no_word_gets_none() throws Exception {
    start();
    send(ANN, new Recipient(BOB.mailbox(), Set.of(Notify.SUCCESS), Optional.empty()));
    await(() -> told(Event.Delivered.class).size() == 2);
    assertTrue(arrived("home", ANN).getFirst().contains("Action: delivered"));
    Files.move(root.resolve("away"), root.resolve("elsewhere"));
    block("away");
    Id id = send(ANN, new Recipient(BOB.mailbox(), Set.of(Notify.NEVER), Optional.empty()));
    await(() -> told(Event.Deferred.class).size() == 1);
    now = now.plus(Duration.ofDays(6));
    failOnce(id);
    await(() -> spool.entries().isEmpty());
    assertEquals(1, told(Event.Reported.class).size());
  }

  @Test
  void where_the_spool_takes_no_report_the_message_stays() throws Exception {
    block("away");
    start();
    Id id = send(ANN, BOB);
    await(() -> told(Event.Deferred.class).size() == 1);
    now = now.plus(Duration.ofDays(6));
    disk.full = true;
    failOnce(id);
    assertEquals(0, told(Event.Failed.class).size());
    assertFalse(spool.entry(id).orElseThrow().finished());
    disk.full = false;
    spool.tick();
    failOnce(id);
    await(() -> spool.entries().isEmpty());
    assertEquals(1, arrived("home", ANN).size());
  }

  @Test
  void what_is_held_waits_for_its_release_whatever_is_urged() throws Exception {
    block("away");
    start();
    Id id = send(ANN, BOB);
    await(() -> told(Event.Deferred.class).size() == 1);
    spool.hold(id, "by ann");
    Files.delete(root.resolve("away"));
    courier.retry(id);
    Thread.sleep(50);
    assertEquals(0, arrived("away", "bob@example.net").size());
    spool.release(id);
    courier.retry(id);
    await(() -> spool.entries().isEmpty());
    assertEquals(1, arrived("away", "bob@example.net").size());
  }

  @Test
  void where_the_one_that_knocks_goes_away_another_knocks() throws Exception {
    int port = freePort();
    var settings =
        new NextHop.Settings(
            2, 100, Duration.ofSeconds(1), Duration.ofMillis(300), Duration.ofSeconds(1));
    var manner =
        new Manner(
            "mail.example.org",
            new Credentials.None(),
            heddle.dial.Patience.of(Duration.ofSeconds(5)),
            _ -> false);
    var target =
        Target.of("127.0.0.1", port, heddle.dial.Security.NONE, new heddle.dial.Trust.Public());
    var dialer = new Dialer(Names.of(List.of(), Optional.empty()));
    var hop = new NextHop("default", dialer, target, manner, settings, events::add);
    // The clock goes on: what knocks is planned by it.
    long began = System.nanoTime();
    Instant start = now;
    var going = (InstantSource) () -> start.plusNanos(System.nanoTime() - began);
    courier =
        new Courier(
            spool,
            Router.of(new Route.Smarthost("default", hop)),
            new RetryDecision.Patience(
                new RetrySchedule(List.of(Duration.ofHours(1))),
                Duration.ofDays(5),
                Duration.ofHours(4)),
            Domain.of("mail.example.org"),
            events::add,
            going,
            random);
    courier.start();
    Id knocker = send(ANN, BOB);
    await(() -> told(Event.Deferred.class).size() == 1);
    Id other = send(ANN, BOB);
    await(() -> told(Event.Deferred.class).size() == 2);
    spool.drop(knocker);
    // It is asked for again although its own schedule says an hour.
    await(() -> spool.entry(other).orElseThrow().recipients().getFirst().attempts() >= 3);
    assertEquals(1, told(Event.RouteDown.class).size());
  }

  private static int freePort() throws IOException {
    try (var socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void a_message_that_was_on_hold_for_long_has_all_the_patience_still() throws Exception {
    block("away");
    start();
    Id id = send(ANN, BOB);
    await(() -> told(Event.Deferred.class).size() == 1);
    spool.hold(id, "by ann");
    now = now.plus(Duration.ofDays(30));
    spool.release(id);
    failOnce(id);
    assertEquals(0, told(Event.Failed.class).size());
    now = now.plus(Duration.ofDays(6));
    failOnce(id);
    await(() -> told(Event.Failed.class).size() == 1);
  }

  @Test
  void a_clock_set_back_makes_nobody_wait_longer_than_a_step() throws Exception {
    block("away");
    Instant right = now;
    now = now.plus(Duration.ofDays(365));
    start();
    Id id = send(ANN, BOB);
    await(() -> told(Event.Deferred.class).size() == 1);
    Files.delete(root.resolve("away"));
    now = right;
    Id other = send(ANN, BOB); // wakes the courier, as a minute does
    await(() -> told(Event.Delivered.class).size() == 2);
    assertTrue(spool.entry(id).isEmpty() && spool.entry(other).isEmpty());
  }
}
