package heddle.delivery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.config.Condition;
import heddle.config.Operator;
import heddle.delivery.Misbehaviour.Fate;
import heddle.delivery.Provider.Whim;
import heddle.dial.Dialer;
import heddle.dial.Manner;
import heddle.dial.Papers;
import heddle.dial.Target;
import heddle.dns.Names;
import heddle.event.Event;
import heddle.mail.Domain;
import heddle.mail.Envelope;
import heddle.mail.Id;
import heddle.smtp.Extension;
import heddle.spool.Draft;
import heddle.spool.QueueEntry;
import heddle.spool.RealDisk;
import heddle.spool.Settings;
import heddle.spool.Spool;
import heddle.spool.Ticket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** One misbehaviour played against the real parts: spool, courier, routes, dialer, sockets. */
final class Trial implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration NEVER = Duration.ofHours(1);
  private static final String MARK = "0123456789AB";
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * What was noted of one recipient.
   *
   * @param report whether the sender was told
   */
  record Noted(Fate fate, String reply, boolean report) {}

  /** What a report says of one recipient. */
  record Told(
      String kind, String recipient, String action, String status, String code, String why) {}

  private final Misbehaviour row;
  private final Path folder;
  private final Papers good;
  final Provider provider;
  final List<Event> events = new CopyOnWriteArrayList<>();
  final Spool spool;
  final Courier courier;

  Trial(Misbehaviour row, Path folder, Papers good, List<String> more) throws Exception {
    this(
        row,
        folder,
        good,
        more,
        new NextHop.Settings(1, 100, Duration.ofSeconds(30), NEVER, NEVER),
        RetryDecision.Patience.EXPIRE,
        RetryDecision.Patience.NOTICE);
  }

  /** One whose patience is over at the first attempt. */
  static Trial impatient(Misbehaviour row, Path folder, Papers good) throws Exception {
    return new Trial(
        row,
        folder,
        good,
        List.of(),
        new NextHop.Settings(1, 100, Duration.ofSeconds(30), NEVER, NEVER),
        Duration.ZERO,
        Duration.ZERO);
  }

  /** One who tells of a delay at the first attempt. */
  static Trial talkative(Misbehaviour row, Path folder, Papers good) throws Exception {
    return new Trial(
        row,
        folder,
        good,
        List.of(),
        new NextHop.Settings(1, 100, Duration.ofSeconds(30), NEVER, NEVER),
        RetryDecision.Patience.EXPIRE,
        Duration.ZERO);
  }

  Trial(Misbehaviour row, Path folder, Papers good, List<String> more, NextHop.Settings settings)
      throws Exception {
    this(
        row,
        folder,
        good,
        more,
        settings,
        RetryDecision.Patience.EXPIRE,
        RetryDecision.Patience.NOTICE);
  }

  private Trial(
      Misbehaviour row,
      Path folder,
      Papers good,
      List<String> more,
      NextHop.Settings settings,
      Duration expire,
      Duration notice)
      throws Exception {
    this.row = row;
    this.folder = folder;
    this.good = good;
    var offers = new ArrayList<>(row.offers);
    offers.addAll(more);
    provider = Provider.absent(row.security, row.papers, offers);
    if (row.there) {
      provider.open();
    }
    spool =
        Spool.open(
            new RealDisk(folder.resolve("spool")),
            Settings.DEFAULT,
            events::add,
            InstantSource.system());
    courier =
        new Courier(
            spool,
            router(settings),
            new RetryDecision.Patience(new RetrySchedule(List.of(NEVER)), expire, notice),
            Domain.of("mail.example.org"),
            events::add,
            InstantSource.system(),
            RANDOM);
    courier.start();
  }

  /** Reports go into the sender's Maildir, the rest to the provider. */
  private Router router(NextHop.Settings settings) {
    var manner =
        new Manner(
            "mail.example.org",
            row.credentials,
            row.patience,
            hello ->
                hello.extensions().all().getOrDefault(Extension.MARK, List.of()).contains(MARK));
    var hop =
        new NextHop(
            "default",
            new Dialer(Names.of(List.of(), Optional.empty())),
            Target.of(row.host, provider.port(), row.security, row.trust),
            manner,
            settings,
            events::add);
    var home =
        new Router.Rule(
            new Condition("recipient-domain", Operator.EQ, List.of("example.org")),
            new Route.Maildir("home", new MaildirDelivery(folder.resolve("mail"))));
    return new Router(List.of(home), new Route.Smarthost("default", hop));
  }

  // ---- sending

  Id send(Duration ago) throws IOException {
    return send(row.envelope(), row.text, ago);
  }

  private Id send(Envelope envelope, String text, Duration ago) throws IOException {
    Id id = Id.draw(RANDOM);
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    var ticket =
        new Ticket(
            id,
            envelope,
            Optional.empty(),
            "submission",
            Id.draw(RANDOM),
            Optional.empty(),
            Instant.now().minus(ago),
            0);
    try (Draft draft = spool.draft(id)) {
      draft.write(octets, 0, octets.length);
      draft.commit(ticket);
    }
    return id;
  }

  /** Lets it do its worst, behind a good message where the row wants one. */
  void misbehave() throws Exception {
    if (row.warm) {
      provider.whim = row.whim;
      Id id =
          send(
              row.envelope().to(List.of(Misbehaviour.recipient("warm@example.net"))),
              row.text,
              Duration.ZERO);
      until("the first message is done", () -> gone(id));
    }
    provider.whim = row.whim;
  }

  private Optional<Boolean> gone(Id id) {
    return spool.entry(id).isEmpty() ? Optional.of(true) : Optional.empty();
  }

  /** It has come to its senses. */
  void behave() throws IOException {
    provider.whim = Whim.none();
    provider.papers = good;
    provider.offers = Misbehaviour.OFFERS;
    provider.open();
  }

  // ---- looking

  /** What was noted of each recipient at the first attempt. */
  List<Noted> noted(Id id) throws InterruptedException {
    return until(
        "each recipient has its word",
        () -> {
          List<Noted> all =
              row.recipients.stream()
                  .flatMap(r -> noted(id, r.mailbox().toString()).stream())
                  .toList();
          return all.size() == row.recipients.size() ? Optional.of(all) : Optional.empty();
        });
  }

  private Optional<Noted> noted(Id id, String to) {
    return events.stream()
        .flatMap(
            event ->
                switch (event) {
                  case Event.Delivered d
                      when d.transaction().equals(id) && d.recipient().equals(to) ->
                      Optional.of(new Noted(Fate.DELIVERED, d.reply(), false)).stream();
                  case Event.Deferred d
                      when d.transaction().equals(id) && d.recipient().equals(to) ->
                      Optional.of(new Noted(Fate.WAITS, d.reply(), false)).stream();
                  case Event.Failed f when f.transaction().equals(id) && f.recipient().equals(to) ->
                      Optional.of(new Noted(Fate.BOUNCED, f.reply(), f.report().isPresent()))
                          .stream();
                  default -> java.util.stream.Stream.<Noted>empty();
                })
        .findFirst();
  }

  Optional<String> down() {
    return events.stream()
        .flatMap(e -> e instanceof Event.RouteDown d ? Optional.of(d.why()).stream() : null)
        .findFirst();
  }

  void still_whole(Id id) throws IOException {
    QueueEntry entry = spool.entry(id).orElseThrow();
    try (InputStream text = spool.open(id)) {
      assertArrayEquals(row.text.getBytes(StandardCharsets.UTF_8), text.readAllBytes());
    }
    for (var state : entry.recipients()) {
      assertEquals(1, state.attempts(), entry.toString());
    }
  }

  void tryAgain(Id id) throws Exception {
    // Where the machine is slow the other side's recovery may be slower than our patience.
    for (int tries = 0; tries < 10 && gone(id).isEmpty(); tries++) {
      courier.retry(id);
      long until = System.nanoTime() + 3_000_000_000L;
      while (gone(id).isEmpty() && System.nanoTime() < until) {
        Thread.sleep(5);
      }
    }
    until("it is done", () -> gone(id));
  }

  int copies(String recipient) {
    return (int) provider.taken.stream().filter(t -> t.recipients().contains(recipient)).count();
  }

  /** What the sender was told of a message, in the order of the reports. */
  List<Told> told(Id about) throws Exception {
    var told = new ArrayList<Told>();
    for (Event event : events) {
      if (event instanceof Event.Reported report && report.about().equals(about)) {
        until("the report is there", () -> gone(report.report()));
        told.addAll(read(report.kind(), text(report.report())));
      }
    }
    return told;
  }

  /** The reports themselves, of {@link #told}. */
  List<String> reports(Id about) throws IOException {
    var reports = new ArrayList<String>();
    for (Event event : events) {
      if (event instanceof Event.Reported report && report.about().equals(about)) {
        reports.add(text(report.report()));
      }
    }
    return reports;
  }

  private String text(Id report) throws IOException {
    try (var files = Files.walk(folder.resolve("mail"))) {
      Path file =
          files
              .filter(f -> f.getFileName().toString().contains(".H" + report + "."))
              .findFirst()
              .orElseThrow();
      return Files.readString(file);
    }
  }

  /** The part for people, unfolded, without its greeting. */
  static List<String> paragraphs(String report) {
    String words = report.split("Content-Transfer-Encoding: \\S+\r\n\r\n")[2].split("\r\n--=_")[0];
    return List.of(words.split("\r\n\r\n")).stream()
        .map(p -> p.replace("\r\n", " ").strip())
        .toList();
  }

  private static List<Told> read(String kind, String report) {
    List<String> paragraphs = paragraphs(report);
    String status =
        report.split("Content-Transfer-Encoding: \\S+\r\n\r\n")[3].split("\r\n\r\n--=_")[0];
    String[] groups = status.replace("\r\n ", " ").split("\r\n\r\n");
    var told = new ArrayList<Told>();
    for (int i = 1; i < groups.length; i++) {
      told.add(
          new Told(
              kind,
              field(groups[i], "Final-Recipient").replaceFirst("^[^;]*; ?", ""),
              field(groups[i], "Action"),
              field(groups[i], "Status"),
              field(groups[i], "Diagnostic-Code"),
              paragraphs.get(i + 1)));
    }
    assertTrue(!told.isEmpty(), report);
    return told;
  }

  private static String field(String group, String name) {
    return group
        .lines()
        .filter(l -> l.startsWith(name + ": "))
        .map(l -> l.substring(name.length() + 2))
        .findFirst()
        .orElse("");
  }

  private <T> T until(String what, Supplier<Optional<T>> look) throws InterruptedException {
    Instant end = Instant.now().plus(LONGEST);
    while (true) {
      Optional<T> seen = look.get();
      if (seen.isPresent()) {
        return seen.get();
      }
      if (Instant.now().isAfter(end)) {
        throw new AssertionError(row + ": waited in vain until " + what + "; " + events);
      }
      Thread.sleep(3);
    }
  }

  @Override
  public void close() throws IOException {
    courier.close();
    spool.close();
    provider.close();
  }
}
