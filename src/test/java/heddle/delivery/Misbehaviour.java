package heddle.delivery;

import heddle.delivery.Provider.Whim;
import heddle.dial.Credentials;
import heddle.dial.Papers;
import heddle.dial.Patience;
import heddle.dial.Security;
import heddle.dial.Trust;
import heddle.mail.Envelope;
import heddle.mail.Mailbox;
import heddle.mail.Notify;
import heddle.mail.Path;
import heddle.mail.Recipient;
import heddle.mail.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One row of the table: what a next hop does wrong, and what is to come of it. */
final class Misbehaviour {
  enum Fate {
    DELIVERED,
    WAITS,
    BOUNCED
  }

  /**
   * What is to become of one recipient's copy.
   *
   * @param words part of what is noted
   */
  record Expected(Fate fate, String words) {}

  static final Expected DELIVERED = new Expected(Fate.DELIVERED, "250 2.0.0 taken");

  static Expected waits(String words) {
    return new Expected(Fate.WAITS, words);
  }

  static Expected bounces(String words) {
    return new Expected(Fate.BOUNCED, words);
  }

  static final Duration LONG = Duration.ofSeconds(15);
  static final Duration SHORT = Duration.ofMillis(700);

  static final List<String> OFFERS =
      List.of("STARTTLS", "AUTH PLAIN LOGIN", "SIZE 20000000", "8BITMIME", "SMTPUTF8", "DSN");

  final String title;
  Whim whim = Whim.none();
  List<String> offers = OFFERS;
  Security security = Security.STARTTLS;
  Papers papers;
  Trust trust;
  String host = "localhost";
  Credentials credentials = new Credentials.Password("relay", () -> Secret.ofUtf8("pencil"));
  Patience patience = Patience.of(LONG);
  boolean there = true;
  boolean warm;
  String sender = "anna@example.org";
  List<Recipient> recipients = List.of(recipient("bob@example.net"));
  boolean utf8;
  String text =
      "From: anna@example.org\r\nTo: bob@example.net\r\nSubject: hello\r\n\r\nDear Bob,\r\n.\r\n";
  List<Expected> expected = List.of();
  boolean down;
  int calls;
  boolean twice;
  boolean ownManner;
  String note = "";

  private Misbehaviour(String title, Papers papers, Trust trust) {
    this.title = title;
    this.papers = papers;
    this.trust = trust;
  }

  static Misbehaviour of(String title, Papers papers, Trust trust) {
    return new Misbehaviour(title, papers, trust);
  }

  static Recipient recipient(String address) {
    return Recipient.of(Mailbox.of(address));
  }

  // ---- what it does

  Misbehaviour does(Whim what) {
    whim = what;
    return this;
  }

  /** The whim is about the manner of the conversation: it is not tried in another. */
  Misbehaviour offering(String... all) {
    offers = List.of(all);
    ownManner = true;
    return this;
  }

  Misbehaviour alsoOffering(String... more) {
    var all = new ArrayList<>(offers);
    all.addAll(List.of(more));
    return offering(all.toArray(String[]::new));
  }

  Misbehaviour notOffering(String... less) {
    var all = new ArrayList<>(offers);
    all.removeIf(offer -> Arrays.asList(less).contains(offer.split(" ")[0]));
    return offering(all.toArray(String[]::new));
  }

  Misbehaviour showing(Papers others) {
    papers = others;
    return this;
  }

  Misbehaviour under(Security other) {
    security = other;
    return this;
  }

  Misbehaviour trusting(Trust other) {
    trust = other;
    return this;
  }

  Misbehaviour called(String name) {
    host = name;
    return this;
  }

  Misbehaviour withoutLogin() {
    credentials = new Credentials.None();
    return this;
  }

  Misbehaviour notThere() {
    there = false;
    return this;
  }

  Misbehaviour behindAnother() {
    warm = true;
    return this;
  }

  // ---- what is sent

  Misbehaviour from(String address) {
    sender = address;
    utf8 = true;
    return this;
  }

  Misbehaviour to(String... addresses) {
    recipients = Arrays.stream(addresses).map(Misbehaviour::recipient).toList();
    return this;
  }

  Misbehaviour notifying() {
    recipients =
        recipients.stream()
            .map(r -> new Recipient(r.mailbox(), Set.of(Notify.FAILURE), r.orcpt()))
            .toList();
    return this;
  }

  Misbehaviour saying(String words) {
    text = text + words + "\r\n";
    return this;
  }

  Misbehaviour headed(String field) {
    text = field + "\r\n" + text;
    utf8 = true;
    return this;
  }

  Misbehaviour large() {
    return saying(("x".repeat(70) + "\r\n").repeat(120_000));
  }

  Envelope envelope() {
    return new Envelope(
        new Path.Somebody(Mailbox.of(sender)),
        recipients,
        Envelope.Body.EIGHT_BIT_MIME,
        utf8,
        Optional.empty(),
        Optional.empty());
  }

  // ---- how patient we are

  Misbehaviour shortOpening() {
    patience = new Patience(SHORT, LONG, LONG, LONG, LONG);
    return this;
  }

  Misbehaviour shortCommand() {
    patience = new Patience(LONG, SHORT, LONG, LONG, LONG);
    return this;
  }

  Misbehaviour shortData() {
    patience = new Patience(LONG, LONG, SHORT, LONG, LONG);
    return this;
  }

  Misbehaviour shortBlock() {
    patience = new Patience(LONG, LONG, LONG, SHORT, LONG);
    return this;
  }

  Misbehaviour shortEnd() {
    patience = new Patience(LONG, LONG, LONG, LONG, SHORT);
    return this;
  }

  // ---- what comes of it

  Misbehaviour sothat(Expected... each) {
    expected = List.of(each);
    return this;
  }

  /** The route is down by it. */
  Misbehaviour routeDown() {
    down = true;
    return this;
  }

  Misbehaviour onConnections(int count) {
    calls = count;
    return this;
  }

  Misbehaviour mayComeTwice() {
    twice = true;
    return this;
  }

  Misbehaviour note(String words) {
    note = words;
    return this;
  }

  @Override
  public String toString() {
    return title;
  }
}
