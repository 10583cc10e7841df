package heddle.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.dial.Manner;
import heddle.dial.Papers;
import heddle.dial.Peer;
import heddle.dial.Security;
import heddle.dial.Target;
import heddle.dial.Trust;
import heddle.mail.Octets;
import heddle.wire.Deadline;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SmtpAskerTest {
  private static final String PASSWORD = "over the hills";
  private static final String CODED = Octets.ofUtf8("\0anna\0" + PASSWORD).base64();
  private static final Predicate<Manner.Hello> OURSELVES =
      hello -> hello.extensions().all().getOrDefault("XLOOP", List.of()).contains("ME");
  private static Papers papers;

  @BeforeAll
  static void certify() throws Exception {
    papers = Papers.of("localhost", Duration.ofDays(30));
  }

  private static Trust pinned() throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(papers.server().getEncoded());
    return new Trust.Pinned(Set.of(HexFormat.of().formatHex(digest)));
  }

  private static SmtpAsker asker(Peer peer, Target target, boolean allowPlaintext) {
    return new SmtpAsker(peer.dialer, target, allowPlaintext, "client.example", OURSELVES);
  }

  private static Verdict ask(Peer.Script script) throws Exception {
    try (Peer peer = Peer.playing(script)) {
      return Asking.ask(asker(peer, peer.clear(), false), "anna", PASSWORD);
    }
  }

  private static String why(Verdict verdict) {
    return assertInstanceOf(Verdict.Unavailable.class, verdict, verdict.toString()).why();
  }

  private static void answer(Peer.Wire wire, String reply) throws Exception {
    wire.expect("AUTH PLAIN " + CODED);
    wire.say(reply);
    wire.expect("QUIT");
    wire.say("221 bye");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          235 2.7.0 welcome                         | yes
          235 welcome                               | yes
          535 5.7.8 wrong                           | WRONG
          535 wrong                                 | WRONG
          525 5.7.13 account disabled               | DISABLED
          432 4.7.12 a password transition is needed | expired
          454 4.7.0 later                           | login refused: 454 4.7.0 later
          421 4.3.2 closing                         | login refused: 421 4.3.2 closing
          451 4.3.0 oops                            | login refused: 451 4.3.0 oops
          534 5.7.9 too weak                        | login refused: 534 5.7.9 too weak
          538 5.7.11 not without TLS                | login refused: 538 5.7.11 not without TLS
          500 5.5.6 too long                        | login refused: 500 5.5.6 too long
          250 2.0.0 ok                              | login refused: 250 2.0.0 ok
          """)
  void a_reply_to_the_login_is_a_verdict(String reply, String verdict) throws Exception {
    Verdict came =
        ask(
            wire -> {
              wire.greet("AUTH PLAIN LOGIN");
              answer(wire, reply);
            });
    String told =
        switch (came) {
          case Verdict.Yes yes -> "yes";
          case Verdict.No(Verdict.Why why) -> why.name();
          case Verdict.Expired expired -> "expired";
          case Verdict.Kept kept -> "kept";
          case Verdict.Unavailable(String why) -> why;
        };
    assertEquals(verdict, told);
  }

  /** Whoever keeps hashes of some and keys of others says 535 to SCRAM for the former. */
  @Test
  void the_password_itself_is_asked_about_where_that_can_be_done() throws Exception {
    Verdict verdict =
        ask(
            wire -> {
              wire.greet("AUTH SCRAM-SHA-256 CRAM-MD5 LOGIN PLAIN");
              answer(wire, "235 ok");
            });
    assertEquals(Verdict.Yes.PLAIN, verdict);
  }

  @Test
  void without_a_login_in_common_there_is_no_verdict() throws Exception {
    assertEquals("no login is offered", why(ask(wire -> wire.greet("SIZE"))));
    assertEquals(
        "no login mechanism in common; offered: GSSAPI",
        why(ask(wire -> wire.greet("AUTH GSSAPI"))));
  }

  @Test
  void who_hears_his_own_voice_does_not_ask() throws Exception {
    Verdict verdict =
        ask(
            wire -> {
              wire.greet("AUTH PLAIN", "XLOOP ME");
              wire.expect("QUIT");
            });
    assertEquals("the directory leads back to this server", why(verdict));
    Verdict other =
        ask(
            wire -> {
              wire.greet("AUTH PLAIN", "XLOOP ANOTHER");
              answer(wire, "235 ok");
            });
    assertEquals(Verdict.Yes.PLAIN, other);
  }

  @Test
  void words_that_quote_the_login_are_left_out() throws Exception {
    for (String quote : List.of(PASSWORD, CODED)) {
      Verdict verdict =
          ask(
              wire -> {
                wire.greet("AUTH PLAIN");
                answer(wire, "500 5.5.2 what is " + quote);
              });
      assertEquals("login refused: 500 5.5.2 (words left out: they quote our login)", why(verdict));
    }
  }

  // ---- TLS

  private record Told(Verdict verdict, boolean inClear) {}

  /** Asks somebody who is not this machine, and looks at what a listener could hear. */
  private static Told abroad(Security security, boolean allowPlaintext, Peer.Script script)
      throws Exception {
    try (Peer peer = Peer.playing(script);
        Abroad abroad = Abroad.open()) {
      Target there = Abroad.target(peer.port(), security, pinned());
      Verdict verdict = Asking.ask(asker(peer, there, allowPlaintext), "anna", PASSWORD);
      return new Told(verdict, abroad.heard(PASSWORD) || abroad.heardCoded(PASSWORD));
    }
  }

  private static void secured(Peer.Wire wire) throws Exception {
    wire.greet("STARTTLS", "AUTH PLAIN");
    wire.expect("STARTTLS");
    wire.say("220 go on");
    wire.secure(papers.context());
    wire.expect("EHLO");
    wire.offer("AUTH PLAIN");
    answer(wire, "235 ok");
  }

  private static void clear(Peer.Wire wire) throws Exception {
    wire.greet("AUTH PLAIN");
    answer(wire, "235 ok");
  }

  @Test
  void starttls_is_used_where_it_is_offered() throws Exception {
    for (boolean allowed : new boolean[] {false, true}) {
      assertEquals(
          new Told(Verdict.Yes.PLAIN, false),
          abroad(Security.STARTTLS, allowed, SmtpAskerTest::secured));
    }
  }

  @Test
  void tls_from_the_first_octet() throws Exception {
    Peer.Script implicit =
        wire -> {
          wire.secure(papers.context());
          clear(wire);
        };
    assertEquals(new Told(Verdict.Yes.PLAIN, false), abroad(Security.IMPLICIT, false, implicit));
  }

  @Test
  void without_starttls_a_password_goes_to_ourselves_or_by_the_sites_own_word() throws Exception {
    assertEquals(
        new Told(
            new Verdict.Unavailable("STARTTLS is not offered, and without it no password is sent"),
            false),
        abroad(Security.STARTTLS, false, SmtpAskerTest::clear));
    assertEquals(
        new Told(new Verdict.Unavailable("a password is not sent without TLS"), false),
        abroad(Security.NONE, false, SmtpAskerTest::clear));
    for (Security each : List.of(Security.STARTTLS, Security.NONE)) {
      assertEquals(new Told(Verdict.Yes.PLAIN, true), abroad(each, true, SmtpAskerTest::clear));
    }
    try (Peer peer = Peer.playing(SmtpAskerTest::clear)) {
      Target here = peer.target(Security.STARTTLS, pinned());
      assertEquals(Verdict.Yes.PLAIN, Asking.ask(asker(peer, here, false), "anna", PASSWORD));
    }
  }

  @Test
  void starttls_that_is_offered_and_fails_is_never_done_without() throws Exception {
    for (String reply : List.of("454 4.7.0 not now", "501 what?", "220 go on\r\n250 here I am")) {
      Told told =
          abroad(
              Security.STARTTLS,
              true,
              wire -> {
                wire.greet("STARTTLS", "AUTH PLAIN");
                wire.expect("STARTTLS");
                wire.say(reply);
                wire.stayStill();
              });
      why(told.verdict());
      assertFalse(told.inClear());
    }
  }

  // ---- misbehaviour

  /** At the greeting, EHLO, and the login. */
  @ParameterizedTest
  @EnumSource(ImapAskerTest.Misbehaviour.class)
  void whatever_a_server_does_the_verdict_comes_by_the_deadline(
      ImapAskerTest.Misbehaviour misbehaviour) throws Exception {
    for (int at = 0; at < 3; at++) {
      int fault = at;
      Peer.Script script =
          wire -> {
            if (fault > 0) {
              wire.say("220 hello");
              wire.expect("EHLO");
            }
            if (fault > 1) {
              wire.offer("AUTH PLAIN");
              wire.expect("AUTH PLAIN");
            }
            misbehaviour.play(wire, "220 hello");
          };
      try (Peer peer = Peer.playing(script)) {
        long begun = System.nanoTime();
        Deadline deadline = Deadline.in(Duration.ofMillis(400));
        why(asker(peer, peer.clear(), false).ask(Asking.question("anna", PASSWORD), deadline));
        long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        assertTrue(millis < 1500, misbehaviour + " at " + at + " took " + millis + " ms");
      }
    }
  }

  @Test
  void several_slow_answers_have_one_deadline_together() throws Exception {
    Peer.Script slow =
        wire -> {
          Thread.sleep(250);
          wire.say("220 hello");
          wire.expect("EHLO");
          Thread.sleep(250);
          wire.offer("AUTH PLAIN");
          wire.expect("AUTH PLAIN");
          Thread.sleep(250);
          wire.say("235 too late");
        };
    try (Peer peer = Peer.playing(slow)) {
      Deadline deadline = Deadline.in(Duration.ofMillis(600));
      Verdict verdict =
          asker(peer, peer.clear(), false).ask(Asking.question("anna", PASSWORD), deadline);
      assertTrue(why(verdict).startsWith("no answer in time at "), why(verdict));
    }
  }

  @Test
  void the_verdict_does_not_wait_for_the_farewell() throws Exception {
    var heard = new CompletableFuture<String>();
    Peer.Script script =
        wire -> {
          wire.greet("AUTH PLAIN");
          wire.expect("AUTH PLAIN");
          wire.say("235 ok");
          heard.complete(wire.hear());
          wire.stayStill();
        };
    try (Peer peer = Peer.playing(script)) {
      long begun = System.nanoTime();
      assertEquals(
          Verdict.Yes.PLAIN, Asking.ask(asker(peer, peer.clear(), false), "anna", PASSWORD));
      assertTrue(System.nanoTime() - begun < 1_000_000_000L); // QUIT is waited for twice as long
      assertEquals("QUIT", heard.get(5, TimeUnit.SECONDS));
    }
  }
}
