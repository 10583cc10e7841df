package heddle.delivery;

import static heddle.delivery.Misbehaviour.DELIVERED;
import static heddle.delivery.Misbehaviour.bounces;
import static heddle.delivery.Misbehaviour.waits;
import static heddle.delivery.Provider.Whim.on;

import heddle.delivery.Provider.At;
import heddle.delivery.Provider.Move;
import heddle.delivery.Provider.Whim;
import heddle.dial.Papers;
import heddle.dial.Security;
import heddle.dial.Trust;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All that a next hop is known to do wrong, by the place in the conversation. */
final class Misbehaviours {
  private static final Move HANGS_UP = new Move.HangUp();
  private static final Move STILL = new Move.KeepStill();

  final Papers good;
  private final Papers another;
  private final Papers expired;
  private final Papers stranger;
  private final Trust trust;

  Misbehaviours() throws Exception {
    good = Papers.of("localhost", Duration.ofDays(30));
    another = Papers.of("mail.other.example", Duration.ofDays(30));
    expired = Papers.of("localhost", Duration.ofDays(-1));
    stranger = Papers.of("localhost", "stranger", Duration.ofDays(30));
    trust = new Trust.Site(List.of(good.authority(), another.authority(), expired.authority()));
  }

  private Misbehaviour row(String title) {
    return Misbehaviour.of(title, good, trust);
  }

  private static Move says(String words) {
    return new Move.Say(words);
  }

  /** By the heading under which they stand. */
  Map<String, List<Misbehaviour>> all() {
    var all = new LinkedHashMap<String, List<Misbehaviour>>();
    all.put("It cannot be reached, or not in the way that you asked for", beginning());
    all.put("TLS and certificates", tls());
    all.put("The login", login());
    all.put("It refuses the message, or a recipient", refusals());
    all.put("It falls silent or hangs up behind the login", silences());
    all.put("A connection that was kept for the next message", kept());
    all.put("It does not do what it offers", promises());
    all.put("It does not speak SMTP as it is written", speech());
    return all;
  }

  private List<Misbehaviour> beginning() {
    return List.of(
        row("refuses the connection")
            .notThere()
            .sothat(waits("421 4.4.1 no connection to"))
            .routeDown()
            .onConnections(0),
        row("takes the connection and says nothing")
            .does(on(At.GREETING, STILL))
            .shortOpening()
            .sothat(waits("421 4.4.2 no answer in time at the greeting"))
            .routeDown()
            .onConnections(1),
        row("hangs up in the place of a greeting")
            .does(on(At.GREETING, HANGS_UP))
            .sothat(waits("421 4.4.2 the other side hung up at the greeting"))
            .routeDown()
            .onConnections(1),
        row("greets with 421")
            .does(on(At.GREETING, says("421 4.3.2 too many connections, come back later")))
            .sothat(waits("421 4.3.2 greeted with: 421"))
            .routeDown()
            .onConnections(1),
        row("greets with 554")
            .does(on(At.GREETING, says("554 5.7.1 your address is on a list")))
            .sothat(waits("greeted with: 554"))
            .routeDown()
            .onConnections(1)
            .note("It says so to the server, not of the message: yours to mend."),
        row("says nothing behind EHLO")
            .does(on(At.EHLO, STILL))
            .shortCommand()
            .sothat(waits("421 4.4.2 no answer in time at EHLO"))
            .routeDown(),
        row("hangs up at EHLO")
            .does(on(At.EHLO, HANGS_UP))
            .sothat(waits("421 4.4.2 the other side hung up at EHLO"))
            .routeDown(),
        row("does not know EHLO, and nothing that only EHLO gives is asked for")
            .under(Security.NONE)
            .withoutLogin()
            .does(on(At.EHLO, says("502 5.5.1 what?")))
            .sothat(DELIVERED)
            .onConnections(1),
        row("does not know EHLO, and a login or TLS is asked for")
            .does(on(At.EHLO, says("502 5.5.1 what?")))
            .sothat(waits("answer to EHLO: 502"))
            .routeDown(),
        row("is this server itself: the route leads back here")
            .alsoOffering("XLOOP 0123456789AB")
            .sothat(waits("421 4.4.6 the route leads back to this server"))
            .routeDown()
            .onConnections(1));
  }

  private List<Misbehaviour> tls() {
    return List.of(
        row("does not offer STARTTLS")
            .notOffering("STARTTLS")
            .sothat(waits("421 4.7.4 STARTTLS is not offered"))
            .routeDown(),
        row("answers STARTTLS with 454")
            .does(on(At.STARTTLS, says("454 4.7.0 TLS not available")))
            .sothat(waits("answer to STARTTLS: 454"))
            .routeDown(),
        row("answers STARTTLS with 502")
            .does(on(At.STARTTLS, says("502 5.5.1 what?")))
            .sothat(waits("answer to STARTTLS: 502"))
            .routeDown(),
        row("hangs up at STARTTLS")
            .does(on(At.STARTTLS, HANGS_UP))
            .sothat(waits("421 4.4.2 the other side hung up at STARTTLS"))
            .routeDown(),
        row("sends octets in clear behind its answer to STARTTLS")
            .does(on(At.STARTTLS, says("220 go\r\n250 come in")))
            .sothat(waits("421 4.7.5 octets came in clear"))
            .routeDown()
            .note("Somebody stands in between, or the server is broken."),
        row("speaks no TLS where the handshake should be")
            .does(on(At.HANDSHAKE, noTls()))
            .sothat(waits("421 4.7.5 TLS failed: the other side does not speak TLS there"))
            .routeDown(),
        row("speaks in clear on a port for TLS from the first octet")
            .under(Security.IMPLICIT)
            .does(on(At.HANDSHAKE, noTls()))
            .sothat(waits("421 4.7.5 TLS failed: the other side does not speak TLS there"))
            .routeDown(),
        row("hangs up in the handshake")
            .does(on(At.HANDSHAKE, HANGS_UP))
            .sothat(waits("421 4.7.5 TLS failed: the other side hung up"))
            .routeDown(),
        row("says nothing in the handshake")
            .does(on(At.HANDSHAKE, STILL))
            .shortOpening()
            .sothat(waits("421 4.4.2 no answer in time at the TLS handshake"))
            .routeDown(),
        row("shows a certificate for another host")
            .showing(another)
            .sothat(waits("421 4.7.5 certificate refused: it is for another host"))
            .routeDown(),
        row("shows a certificate of an issuer that is not trusted")
            .showing(stranger)
            .sothat(waits("421 4.7.5 certificate refused: its issuer is not trusted"))
            .routeDown(),
        row("shows a certificate that has expired")
            .showing(expired)
            .sothat(waits("421 4.7.5 certificate refused: it has expired"))
            .routeDown(),
        row("shows another certificate than the pinned one")
            .showing(stranger)
            .trusting(new Trust.Pinned(Set.of(pin())))
            .sothat(waits("421 4.7.5 certificate refused: its SHA-256"))
            .routeDown());
  }

  private String pin() {
    try {
      byte[] digest =
          java.security.MessageDigest.getInstance("SHA-256").digest(good.server().getEncoded());
      return java.util.HexFormat.of().formatHex(digest);
    } catch (java.security.GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Move noTls() {
    return new Move.Play(
        wire -> {
          wire.octets(1); // the client has begun
          wire.say("220 a server that talks, and has never heard of TLS");
          wire.stayStill();
        });
  }

  private List<Misbehaviour> login() {
    return List.of(
        row("refuses the login (535)")
            .does(on(At.AUTH, says("535 5.7.8 wrong name or password")))
            .sothat(waits("421 4.7.8 login refused: 535"))
            .routeDown()
            .onConnections(1),
        row("cannot check the login now (454)")
            .does(on(At.AUTH, says("454 4.7.0 ask me later")))
            .sothat(waits("login refused: 454"))
            .routeDown(),
        row("offers no login")
            .notOffering("AUTH")
            .sothat(waits("421 4.7.8 no login is offered"))
            .routeDown(),
        row("offers logins only that this server cannot do")
            .notOffering("AUTH")
            .alsoOffering("AUTH GSSAPI NTLM")
            .sothat(waits("421 4.7.8 no login mechanism in common; offered: GSSAPI NTLM"))
            .routeDown(),
        row("asks in the login what is no question (334 and no base64)")
            .does(on(At.AUTH, says("334 *what?*")))
            .sothat(waits("no SMTP reply to AUTH: a challenge that is none"))
            .routeDown(),
        row("hangs up at AUTH")
            .does(on(At.AUTH, HANGS_UP))
            .sothat(waits("421 4.4.2 the other side hung up at AUTH"))
            .routeDown(),
        row("says nothing behind AUTH")
            .does(on(At.AUTH, STILL))
            .shortCommand()
            .sothat(waits("421 4.4.2 no answer in time at AUTH"))
            .routeDown(),
        row("takes the login and asks for one all the same (530 at MAIL)")
            .does(on(At.MAIL, says("530 5.7.0 authentication required")))
            .sothat(waits("530 5.7.0 authentication required"))
            .note("Yours to mend, and so it waits although the answer is a 5xx."));
  }

  private List<Misbehaviour> refusals() {
    return List.of(
        row("4xx at MAIL")
            .does(on(At.MAIL, says("451 4.7.1 not now")))
            .sothat(waits("451 4.7.1 not now")),
        row("5xx at MAIL")
            .does(on(At.MAIL, says("550 5.7.1 this sender may not")))
            .sothat(bounces("550 5.7.1 this sender may not")),
        row("4xx for one recipient, 5xx for another, the third is taken")
            .to("bob@example.net", "carol@example.net", "dave@example.net")
            .does(
                on(At.RCPT, 2, says("450 4.2.1 mailbox busy"))
                    .and(on(At.RCPT, 3, says("550 5.1.1 nobody of that name"))))
            .sothat(
                DELIVERED,
                waits("450 4.2.1 mailbox busy"),
                bounces("550 5.1.1 nobody of that name"))
            .onConnections(1),
        row("4xx for the only recipient")
            .does(on(At.RCPT, says("450 4.7.1 greylisted, come again in five minutes")))
            .sothat(waits("450 4.7.1 greylisted")),
        row("a 4xx without an enhanced status for the only recipient")
            .does(on(At.RCPT, says("451 try again later")))
            .sothat(waits("451 try again later")),
        row("5xx for the only recipient")
            .does(on(At.RCPT, says("550 5.1.1 nobody of that name")))
            .sothat(bounces("550 5.1.1 nobody of that name")),
        row("takes one recipient at a time (452 for each further one)")
            .to("bob@example.net", "carol@example.net", "dave@example.net")
            .does(oneAtATime("452 4.5.3 too many recipients"))
            .sothat(DELIVERED, DELIVERED, DELIVERED)
            .onConnections(1),
        row("takes one recipient at a time and says so by 552, as RFC 821 had it")
            .to("bob@example.net", "carol@example.net", "dave@example.net")
            .does(oneAtATime("552 too many recipients"))
            .sothat(DELIVERED, DELIVERED, DELIVERED)
            .onConnections(1),
        row("452 for the only recipient (its disk is full)")
            .does(on(At.RCPT, says("452 4.3.1 no room")))
            .sothat(waits("452 4.3.1 no room")),
        row("552 for the second recipient, alone too (a full mailbox)")
            .to("bob@example.net", "carol@example.net")
            .does(carolIs("552 5.2.2 mailbox full"))
            .sothat(DELIVERED, bounces("552 5.2.2 mailbox full"))
            .onConnections(1),
        row("4xx in the place of 354")
            .does(on(At.DATA, says("451 4.3.0 not now")))
            .sothat(waits("451 4.3.0 not now")),
        row("5xx in the place of 354")
            .does(on(At.DATA, says("554 5.7.1 no")))
            .sothat(bounces("554 5.7.1 no")),
        row("4xx behind the end of the message")
            .does(on(At.END, says("451 4.7.0 the virus scanner is resting")))
            .sothat(waits("451 4.7.0 the virus scanner is resting")),
        row("5xx behind the end of the message")
            .does(on(At.END, says("554 5.7.1 we think this is spam")))
            .sothat(bounces("554 5.7.1 we think this is spam")),
        row("5xx behind the end of the message, for two recipients")
            .to("bob@example.net", "carol@example.net")
            .does(on(At.END, says("554-5.7.1 we think this is spam\r\n554 5.7.1 see our rules")))
            .sothat(bounces("554 5.7.1 we think this is spam / see our rules"), bounces("554"))
            .onConnections(1),
        row("421 at MAIL")
            .does(on(At.MAIL, says("421 4.3.2 shutting down")))
            .sothat(waits("421 4.3.2 shutting down")),
        row("421 at the second recipient")
            .to("bob@example.net", "carol@example.net")
            .does(on(At.RCPT, 2, says("421 4.3.2 shutting down")))
            .sothat(waits("421 4.3.2 shutting down"), waits("421 4.3.2 shutting down")),
        row("421 in the place of 354")
            .does(on(At.DATA, says("421 4.3.2 shutting down")))
            .sothat(waits("421 4.3.2 shutting down")),
        row("421 behind the end of the message")
            .does(on(At.END, says("421 4.3.2 shutting down")))
            .sothat(waits("421 4.3.2 shutting down")));
  }

  private static Whim carolIs(String words) {
    return moment ->
        moment.at() == At.RCPT && moment.line().contains("carol@")
            ? Optional.of(says(words))
            : Optional.empty();
  }

  private static Whim oneAtATime(String words) {
    return moment ->
        moment.at() == At.RCPT && moment.nth() > 1 ? Optional.of(says(words)) : Optional.empty();
  }

  private List<Misbehaviour> silences() {
    return List.of(
        row("hangs up at MAIL")
            .does(on(At.MAIL, HANGS_UP))
            .sothat(waits("451 4.4.2 the other side hung up at MAIL")),
        row("says nothing behind MAIL")
            .does(on(At.MAIL, STILL))
            .shortCommand()
            .sothat(waits("451 4.4.2 no answer in time at MAIL")),
        row("hangs up at RCPT")
            .does(on(At.RCPT, HANGS_UP))
            .sothat(waits("451 4.4.2 the other side hung up at RCPT")),
        row("says nothing behind RCPT")
            .does(on(At.RCPT, STILL))
            .shortCommand()
            .sothat(waits("451 4.4.2 no answer in time at RCPT")),
        row("hangs up at DATA")
            .does(on(At.DATA, HANGS_UP))
            .sothat(waits("451 4.4.2 the other side hung up at DATA")),
        row("says nothing behind DATA")
            .does(on(At.DATA, STILL))
            .shortData()
            .sothat(waits("451 4.4.2 no answer in time at DATA")),
        row("hangs up in the text")
            .large()
            .does(on(At.TEXT, HANGS_UP))
            .sothat(waits("451 4.4.2 the other side hung up at the message")),
        row("stops reading in the text")
            .large()
            .does(on(At.TEXT, new Move.Play(wire -> Thread.sleep(Duration.ofMinutes(1)))))
            .shortBlock()
            .sothat(waits("451 4.4.2 no answer in time at the message")),
        row("takes the text octet by octet, too slowly")
            .large()
            .does(on(At.TEXT, new Move.Play(Misbehaviours::sip)))
            .shortBlock()
            .sothat(waits("451 4.4.2 no answer in time at the message")),
        row("takes the text slowly, but each block of it in time")
            .large()
            .does(on(At.TEXT, new Move.Play(Misbehaviours::drink)))
            .sothat(DELIVERED)
            .onConnections(1),
        row("hangs up behind the end of the message")
            .does(on(At.END, HANGS_UP))
            .sothat(waits("451 4.4.2 the other side hung up at the end of the message"))
            .mayComeTwice(),
        row("says nothing behind the end of the message")
            .does(on(At.END, STILL))
            .shortEnd()
            .sothat(waits("451 4.4.2 no answer in time at the end of the message"))
            .mayComeTwice(),
        row("says 354 and then hears nothing of a small message")
            .does(on(At.TEXT, new Move.Play(wire -> Thread.sleep(Duration.ofMinutes(1)))))
            .shortEnd()
            .sothat(waits("451 4.4.2 no answer in time at the end of the message"))
            .note("A small message is out of our hands by then: it may arrive twice."));
  }

  private static void sip(heddle.dial.Peer.Wire wire) throws Exception {
    while (wire.octets(1).length == 1) {
      Thread.sleep(20);
    }
  }

  private static void drink(heddle.dial.Peer.Wire wire) throws Exception {
    for (int i = 0; i < 20; i++) {
      Thread.sleep(20);
      for (int j = 0; j < 100; j++) {
        wire.hear();
      }
    }
  }

  private List<Misbehaviour> kept() {
    return List.of(
        row("had closed it meanwhile")
            .behindAnother()
            .does(on(At.IDLE, 1, HANGS_UP))
            .sothat(DELIVERED)
            .onConnections(2),
        row("had said 421 and closed it meanwhile")
            .behindAnother()
            .does(on(At.IDLE, 1, says("421 4.4.2 idle for too long")))
            .sothat(DELIVERED)
            .onConnections(2),
        row("says 421 to the next MAIL")
            .behindAnother()
            .does(on(At.MAIL, 2, says("421 4.7.0 one message for each connection")))
            .sothat(DELIVERED)
            .onConnections(2),
        row("hangs up at the next MAIL")
            .behindAnother()
            .does(on(At.MAIL, 2, HANGS_UP))
            .sothat(DELIVERED)
            .onConnections(2),
        row("says nothing to the next MAIL")
            .behindAnother()
            .does(on(At.MAIL, 2, STILL))
            .shortCommand()
            .sothat(DELIVERED)
            .onConnections(2),
        row("refused the message before and does not know RSET")
            .behindAnother()
            .does(warmIs("550 5.1.1 nobody").and(on(At.RSET, says("502 5.5.1 what?"))))
            .sothat(DELIVERED)
            .onConnections(2),
        row("refused the message before, and refuses BDAT though it offers CHUNKING")
            .alsoOffering("CHUNKING")
            .behindAnother()
            .does(warmIs("550 5.1.1 nobody").and(on(At.CHUNK, says("502 5.5.1 what?"))))
            .sothat(DELIVERED)
            .onConnections(2));
  }

  private static Whim warmIs(String words) {
    return moment ->
        moment.at() == At.RCPT && moment.line().contains("warm@")
            ? Optional.of(says(words))
            : Optional.empty();
  }

  private List<Misbehaviour> promises() {
    return List.of(
        row("offers CHUNKING and does not know BDAT (500)")
            .alsoOffering("CHUNKING")
            .does(on(At.CHUNK, says("500 5.5.1 what?")))
            .sothat(DELIVERED)
            .onConnections(2)
            .note("The second time by DATA; from then on always by DATA."),
        row("offers PIPELINING and answers one by one, slowly")
            .alsoOffering("PIPELINING")
            .to("bob@example.net", "carol@example.net")
            .does(on(At.RCPT, new Move.Play(Misbehaviours::slowly)))
            .sothat(DELIVERED, DELIVERED)
            .onConnections(1),
        row("offers PIPELINING and forgets what came behind the first command")
            .alsoOffering("PIPELINING")
            .does(on(At.MAIL, new Move.Play(Misbehaviours::forgetful)))
            .shortCommand()
            .sothat(waits("451 4.4.2 no answer in time at RCPT")),
        row("takes no message of this size, and says so by SIZE")
            .notOffering("SIZE")
            .alsoOffering("SIZE 50")
            .sothat(bounces("552 5.3.4 the next server takes no message of this size")),
        row("takes no message of this size, and says so at MAIL")
            .does(on(At.MAIL, says("552 5.3.4 too large for us")))
            .sothat(bounces("552 5.3.4 too large for us")),
        row("does not offer 8BITMIME, and the text has 8-bit octets")
            .notOffering("8BITMIME")
            .saying("Grüße")
            .sothat(bounces("554 5.6.3 the next server takes no 8-bit text")),
        row("does not offer SMTPUTF8, and one recipient's address has UTF-8 in it")
            .notOffering("SMTPUTF8")
            .to("bob@example.net", "jürgen@example.net")
            .sothat(DELIVERED, bounces("554 5.6.7 the next server takes no address in UTF-8")),
        row("does not offer SMTPUTF8, and the sender's address has UTF-8 in it")
            .notOffering("SMTPUTF8")
            .from("jürgen@example.org")
            .sothat(bounces("554 5.6.7 the next server takes no sender in UTF-8")),
        row("does not offer SMTPUTF8, and the header has UTF-8 in it")
            .notOffering("SMTPUTF8")
            .headed("X-Greeting: Grüße")
            .sothat(bounces("554 5.6.9 the next server takes no header in UTF-8")),
        row("offers DSN and refuses NOTIFY (555)")
            .notifying()
            .does(
                moment ->
                    moment.line().contains("NOTIFY=")
                        ? Optional.of(says("555 5.5.4 I do not know NOTIFY"))
                        : Optional.empty())
            .sothat(bounces("555 5.5.4 I do not know NOTIFY")));
  }

  private static void slowly(heddle.dial.Peer.Wire wire) throws Exception {
    Thread.sleep(60);
    wire.say("250 2.1.5 ok");
  }

  private static void forgetful(heddle.dial.Peer.Wire wire) throws Exception {
    wire.expect("RCPT");
    wire.say("250 2.1.0 ok");
  }

  private List<Misbehaviour> speech() {
    return List.of(
        row("answers in many lines")
            .does(
                on(At.MAIL, says("250-2.1.0 we\r\n250-2.1.0 are\r\n250 2.1.0 glad"))
                    .and(on(At.DATA, says("354-go\r\n354 ahead"))))
            .sothat(DELIVERED)
            .onConnections(1),
        row("answers with a code and nothing behind it")
            .does(on(At.MAIL, says("250")).and(on(At.RCPT, says("250"))))
            .sothat(DELIVERED)
            .onConnections(1),
        row("answers without a code")
            .does(on(At.MAIL, says("fine by me")))
            .sothat(waits("451 4.5.0 no SMTP reply to MAIL: a line without a code: fine by me")),
        row("changes the code within an answer")
            .does(on(At.MAIL, says("250-yes\r\n550 no")))
            .sothat(waits("451 4.5.0 no SMTP reply to MAIL: the code changes from 250 to 550")),
        row("has an LF without a CR in its answer")
            .does(on(At.MAIL, says("250 yes\n250 yes")))
            .sothat(waits("451 4.5.0 no SMTP reply to MAIL: an LF without a CR")),
        row("ends its lines with LF alone")
            .does(on(At.GREETING, new Move.Play(wire -> wire.raw("220 hello\n"))))
            .shortOpening()
            .sothat(waits("421 4"))
            .routeDown(),
        row("answers with a line without end")
            .does(on(At.MAIL, says("250 " + "x".repeat(2_000_000))))
            .sothat(waits("451 4.5.0 no SMTP reply to MAIL: a line that is too long")),
        row("answers with lines without end")
            .does(on(At.MAIL, new Move.Play(Misbehaviours::babble)))
            .sothat(waits("451 4.5.0 no SMTP reply to MAIL: more than 128 lines")),
        row("answers without a code behind the end of the message")
            .does(on(At.END, says("thank you")))
            .sothat(waits("451 4.5.0 no SMTP reply to the end of the message"))
            .mayComeTwice(),
        row("answers 250 where 354 is due")
            .does(on(At.DATA, says("250 2.0.0 yes")))
            .sothat(waits("451 4.5.0 no SMTP reply to DATA: 250 2.0.0 yes does not belong there")),
        row("answers 354 where 250 is due")
            .does(on(At.END, says("354 go on")))
            .sothat(waits("451 4.5.0 no SMTP reply to the end of the message: 354 go on"))
            .mayComeTwice());
  }

  private static void babble(heddle.dial.Peer.Wire wire) throws Exception {
    while (true) {
      wire.say("250-and another thing");
    }
  }
}
