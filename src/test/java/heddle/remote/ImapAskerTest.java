package heddle.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.dial.Papers;
import heddle.dial.Peer;
import heddle.dial.Security;
import heddle.dial.Target;
import heddle.dial.Trust;
import heddle.mail.Octets;
import heddle.wire.Deadline;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImapAskerTest {
  private static final String PASSWORD = "over the hills";
  private static final String NO_STARTTLS =
      "STARTTLS is not offered, and without it no password is sent";
  private static Papers papers;
  private static Trust trust;

  @BeforeAll
  static void certify() throws Exception {
    papers = Papers.of("localhost", Duration.ofDays(30));
    trust = new Trust.Site(List.of(papers.authority()));
  }

  private static Verdict ask(ImapScript script) throws Exception {
    try (Peer peer = Peer.playing(script)) {
      return Asking.ask(new ImapAsker(peer.dialer, peer.clear(), false), "anna", PASSWORD);
    }
  }

  private static ImapScript answering(String answer) {
    var script = new ImapScript();
    script.answer = answer;
    return script;
  }

  private static String why(Verdict verdict) {
    return assertInstanceOf(Verdict.Unavailable.class, verdict, verdict.toString()).why();
  }

  /** A word for each verdict; of the last, what it says. */
  private static String told(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Yes yes -> "yes";
      case Verdict.No(Verdict.Why why) -> why.name();
      case Verdict.Expired expired -> "expired";
      case Verdict.Kept kept -> "kept";
      case Verdict.Unavailable(String why) -> why;
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OK welcome                            | yes
          OK                                    | yes
          ok [CAPABILITY IMAP4rev1] hello       | yes
          OK [ALERT] the house closes at eight  | yes
          NO                                    | WRONG
          NO Login failed.                      | WRONG
          no [AuthenticationFailed] no          | WRONG
          NO [AUTHORIZATIONFAILED] no           | WRONG
          NO [ALERT] Invalid credentials        | WRONG
          NO [EXPIRED] change it                | expired
          NO [UNAVAILABLE] LDAP is down         | no verdict: [UNAVAILABLE] LDAP is down
          NO [INUSE] in use                     | no verdict: [INUSE] in use
          NO [LIMIT] too many                   | no verdict: [LIMIT] too many
          NO [SERVERBUG] oops                   | no verdict: [SERVERBUG] oops
          NO [CONTACTADMIN] ask                 | no verdict: [CONTACTADMIN] ask
          NO [PRIVACYREQUIRED] not in clear     | it wants TLS: [PRIVACYREQUIRED] not in clear
          NO [REFERRAL imap://b.example/] there | it sends us to another server: [REFERRAL imap://b.example/] there
          BAD what?                             | the login was not understood: what?
          BYE so long                           | what came is no IMAP response
          MAYBE                                 | what came is no IMAP response
          """)
  void an_answer_to_the_login_is_a_verdict(String answer, String verdict) throws Exception {
    assertEquals(verdict, told(ask(answering(answer))));
    ImapScript byLogin = answering(answer);
    byLogin.capabilities = "IMAP4rev1";
    assertEquals(verdict, told(ask(byLogin)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          * OK hello                                     | yes
          * OK                                           | yes
          * ok [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello   | yes
          * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] away | LOGIN is disabled there, and AUTHENTICATE PLAIN is not offered
          * PREAUTH hello anna                           | the server greets us as somebody already, so no login can be tried
          * BYE too busy                                 | greeted with: BYE too busy
          * NO not today                                 | greeted with: not today
          + go on                                        | what came is no IMAP response
          * CAPABILITY IMAP4rev1                         | what came is no IMAP response
          h1 OK early                                    | what came is no IMAP response
          220 mail.example ESMTP                         | what came is no IMAP response
          """)
  void a_greeting_decides_whether_there_is_a_login(String greeting, String verdict)
      throws Exception {
    var script = new ImapScript();
    script.greeting = greeting;
    assertEquals(verdict, told(ask(script)));
  }

  @Test
  void a_login_that_is_disabled_is_not_tried_but_authenticate_is() throws Exception {
    var script = new ImapScript();
    script.capabilities = "IMAP4rev1 LOGINDISABLED";
    try (Peer peer = Peer.playing(script)) {
      why(Asking.ask(new ImapAsker(peer.dialer, peer.clear(), false), "anna", PASSWORD));
      peer.played();
    }
    assertEquals(List.of("CAPABILITY", "LOGOUT"), script.verbs);
    script.capabilities = "IMAP4rev1 LOGINDISABLED AUTH=PLAIN";
    assertEquals(Verdict.Yes.PLAIN, ask(script));
  }

  @Test
  void what_is_said_besides_is_passed_over() throws Exception {
    var script = new ImapScript();
    script.faultAt = 2;
    script.fault =
        (wire, answer) -> {
          wire.say("* OK [ALERT] mind the step");
          wire.say("* NO the disk is nearly full");
          wire.say("* BAD that was odd");
          wire.say("* CAPABILITY IMAP4rev1");
          wire.say("* 3 EXISTS");
          wire.say(answer);
        };
    assertEquals(Verdict.Yes.PLAIN, ask(script));
  }

  /** Somebody whose password was never heard cannot have the wrong one. */
  @ParameterizedTest
  @ValueSource(strings = {"NO not that way", "BAD what?", "OK welcome"})
  void a_login_that_ends_before_the_password_is_no_verdict(String end) throws Exception {
    for (String offered : List.of("IMAP4rev1 AUTH=PLAIN", "IMAP4rev1")) {
      var script = new ImapScript();
      script.capabilities = offered;
      script.faultAt = 2;
      script.fault = (wire, answer) -> wire.say("h2 " + end);
      try (Peer peer = Peer.playing(script)) {
        var asker = new ImapAsker(peer.dialer, peer.clear(), false);
        String why = why(Asking.ask(asker, "anna", "pass\r\nword"));
        assertTrue(why.startsWith("the login was ended early: "), why);
      }
      assertEquals(List.of(), script.logins);
    }
  }

  @Test
  void a_server_that_wants_more_than_a_password_gets_no_more() throws Exception {
    var script = new ImapScript();
    script.faultAt = 2;
    script.fault = (wire, answer) -> wire.say("+ and now?");
    assertEquals("the server asks for more than a password", why(ask(script)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NO [UNAVAILABLE] I know not what '%s' is",
        "BAD h2 AUTHENTICATE PLAIN %c",
        "NO [LIMIT] %p"
      })
  void words_that_quote_the_login_are_left_out(String answer) throws Exception {
    String coded = Octets.ofUtf8("\0anna\0" + PASSWORD).base64();
    String said =
        answer.replace("%s", PASSWORD).replace("%c", coded).replace("%p", PASSWORD.substring(4));
    String why = why(ask(answering(said)));
    assertTrue(why.endsWith("(words left out: they quote the login)"), why);
    var bye = new ImapScript();
    bye.faultAt = 2;
    bye.fault = (wire, text) -> wire.say("* BYE " + said);
    assertEquals("the server said BYE: (words left out: they quote the login)", why(ask(bye)));
  }

  @Test
  void what_was_sent_is_wiped() {
    for (String offered : List.of("AUTH=PLAIN", "AUTH=PLAIN SASL-IR", "IMAP4REV2", "IMAP4REV1")) {
      for (String password : List.of("over the hills", "far\r\naway")) {
        List<byte[]> pieces;
        Question question = Asking.question("anna", password);
        Set<String> capabilities = Set.of(offered.split(" "));
        try (ImapLogin login = ImapLogin.of("h1", capabilities, question).orElseThrow()) {
          pieces = login.pieces();
          assertTrue(login.isQuotedBy(Octets.of(pieces.getLast())), offered);
        }
        for (byte[] piece : pieces) {
          assertEquals(Octets.of(new byte[piece.length]), Octets.of(piece));
        }
        assertTrue(question.password().matches(password)); // that one is the caller's
      }
    }
  }

  @Test
  void words_for_a_log_hold_no_control_characters() throws Exception {
    assertEquals("no verdict: [LIMIT] ?[31mred", why(ask(answering("NO [LIMIT] \u001b[31mred"))));
  }

  // ---- TLS

  private static ImapScript offering(String capabilities) {
    var script = new ImapScript();
    script.papers = Optional.of(papers);
    script.capabilities = capabilities;
    return script;
  }

  private static Verdict askAbroad(ImapScript script, Security security, boolean allowPlaintext)
      throws Exception {
    try (Peer peer = Peer.playing(script);
        Abroad abroad = Abroad.open()) {
      Target there = Abroad.target(peer.port(), security, new Trust.Pinned(pin()));
      var asker = new ImapAsker(peer.dialer, there, allowPlaintext);
      Verdict verdict = Asking.ask(asker, "anna", PASSWORD);
      // What went out in clear is what a listener has.
      boolean inClear = script.logins.stream().anyMatch(login -> !login.secured());
      assertEquals(inClear, abroad.heard(PASSWORD) || abroad.heardCoded(PASSWORD));
      return verdict;
    }
  }

  private static Set<String> pin() throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(papers.server().getEncoded());
    return Set.of(HexFormat.of().formatHex(digest));
  }

  @Test
  void starttls_is_used_where_it_is_offered_and_what_was_said_before_is_forgotten()
      throws Exception {
    ImapScript script = offering("IMAP4rev1 STARTTLS AUTH=PLAIN SASL-IR");
    script.greeting = "* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] hello";
    script.securedCapabilities = "IMAP4rev1 LITERAL+";
    for (boolean allowed : new boolean[] {false, true}) {
      assertEquals(Verdict.Yes.PLAIN, askAbroad(script, Security.STARTTLS, allowed));
    }
    assertEquals(2, script.logins.size());
    for (ImapScript.Login login : script.logins) {
      assertTrue(login.secured());
      assertEquals(ImapScript.Way.QUOTED, login.way());
    }
    assertEquals(List.of("STARTTLS", "CAPABILITY", "LOGIN"), script.verbs.subList(0, 3));
  }

  @Test
  void tls_from_the_first_octet() throws Exception {
    ImapScript script = offering("IMAP4rev1");
    script.implicit = true;
    assertEquals(Verdict.Yes.PLAIN, askAbroad(script, Security.IMPLICIT, false));
    assertTrue(script.logins.getFirst().secured());
  }

  @Test
  void without_starttls_a_password_goes_to_ourselves_or_by_the_sites_own_word() throws Exception {
    ImapScript script = offering("IMAP4rev1 AUTH=PLAIN SASL-IR");
    assertEquals(NO_STARTTLS, why(askAbroad(script, Security.STARTTLS, false)));
    assertEquals(
        "a password is not sent without TLS", why(askAbroad(script, Security.NONE, false)));
    assertEquals(List.of(), script.logins);
    assertEquals(Verdict.Yes.PLAIN, askAbroad(script, Security.STARTTLS, true));
    assertEquals(Verdict.Yes.PLAIN, askAbroad(script, Security.NONE, true));
    try (Peer peer = Peer.playing(script)) {
      var asker = new ImapAsker(peer.dialer, peer.target(Security.STARTTLS, trust), false);
      assertEquals(Verdict.Yes.PLAIN, Asking.ask(asker, "anna", PASSWORD));
    }
    assertEquals(3, script.logins.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"NO not now", "BAD what?", "OK go on\r\n* OK [CAPABILITY IMAP4rev1]"})
  void starttls_that_is_offered_and_fails_is_never_done_without(String answer) throws Exception {
    ImapScript script = offering("IMAP4rev1 STARTTLS AUTH=PLAIN");
    script.startTls = answer;
    try (Peer peer = Peer.playing(script)) {
      var asker = new ImapAsker(peer.dialer, peer.target(Security.STARTTLS, trust), true);
      why(Asking.ask(asker, "anna", PASSWORD));
    }
    assertEquals(List.of(), script.logins);
  }

  @Test
  void a_certificate_that_is_not_trusted_gets_no_password() throws Exception {
    ImapScript script = offering("IMAP4rev1 STARTTLS AUTH=PLAIN");
    try (Peer peer = Peer.playing(script)) {
      Target strange = peer.target(Security.STARTTLS, new Trust.Public());
      String why = why(Asking.ask(new ImapAsker(peer.dialer, strange, true), "anna", PASSWORD));
      assertTrue(why.startsWith("certificate refused: "), why);
    }
    assertEquals(List.of(), script.logins);
  }

  // ---- misbehaviour

  enum Misbehaviour {
    HANG,
    HALF,
    DRIP,
    HANG_UP,
    GARBAGE,
    LONG_LINE,
    WITHOUT_END;

    void play(Peer.Wire wire, String answer) throws Exception {
      switch (this) {
        case HANG -> wire.stayStill();
        case HALF -> {
          wire.raw(answer.substring(0, answer.length() / 2));
          wire.stayStill();
        }
        case DRIP -> {
          for (char each : ("* OK and\r\n".repeat(9) + answer).toCharArray()) {
            wire.raw(String.valueOf(each));
            Thread.sleep(50);
          }
        }
        case HANG_UP -> wire.hangUp();
        case GARBAGE -> {
          wire.say("\u00ff\u0000\r\r\n\n");
          wire.stayStill();
        }
        case LONG_LINE -> {
          wire.say("* OK " + "x".repeat(20_000));
          wire.stayStill();
        }
        case WITHOUT_END -> {
          while (true) {
            wire.say("* OK and");
          }
        }
      }
    }
  }

  /** At the greeting, CAPABILITY, STARTTLS, the handshake, CAPABILITY again, and the login. */
  @ParameterizedTest
  @EnumSource
  void whatever_a_server_does_the_verdict_comes_by_the_deadline(Misbehaviour misbehaviour)
      throws Exception {
    List<String> told = new ArrayList<>();
    for (int at = 0; at <= 7; at++) {
      ImapScript script = offering("IMAP4rev1 STARTTLS");
      script.securedCapabilities = "IMAP4rev1 AUTH=PLAIN";
      script.faultAt = at;
      script.fault = misbehaviour::play;
      try (Peer peer = Peer.playing(script)) {
        var asker = new ImapAsker(peer.dialer, peer.target(Security.STARTTLS, trust), false);
        long begun = System.nanoTime();
        // At the last there is no fault left.
        Deadline deadline = Deadline.in(Duration.ofMillis(at == 7 ? 9000 : 400));
        Verdict verdict = asker.ask(Asking.question("anna", PASSWORD), deadline);
        long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        if (at == 7) {
          assertEquals(Verdict.Yes.PLAIN, verdict);
        } else {
          told.add(why(verdict));
          assertTrue(millis < 1500, misbehaviour + " at " + at + " took " + millis + " ms");
        }
      }
    }
    assertEquals(7, told.size());
    assertFalse(told.toString().contains(PASSWORD));
  }

  @Test
  void the_verdict_does_not_wait_for_the_farewell() throws Exception {
    var heard = new CompletableFuture<String>();
    try (Peer peer =
        Peer.playing(
            wire -> {
              wire.say("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hello");
              wire.expect("h1 AUTHENTICATE PLAIN ");
              wire.say("h1 OK welcome");
              heard.complete(wire.hear());
              wire.stayStill();
            })) {
      var asker = new ImapAsker(peer.dialer, peer.clear(), false);
      long begun = System.nanoTime();
      assertEquals(Verdict.Yes.PLAIN, Asking.ask(asker, "anna", PASSWORD));
      assertTrue(System.nanoTime() - begun < 400_000_000L);
      assertEquals("h2 LOGOUT", heard.get(5, TimeUnit.SECONDS));
    }
  }

  @Test
  void where_nobody_is_there_is_no_verdict() throws Exception {
    try (Peer peer = Peer.playing(wire -> {})) {
      Target nobody = Target.of("127.0.0.1", 1, Security.NONE, trust);
      var asker = new ImapAsker(peer.dialer, nobody, false);
      assertEquals("no connection to 127.0.0.1 port 1", why(Asking.ask(asker, "a", "b")));
    }
  }

  @Test
  void one_who_is_told_to_stop_stops() throws Exception {
    try (Peer peer = Peer.playing(Peer.Wire::stayStill)) {
      var asker = new ImapAsker(peer.dialer, peer.clear(), false);
      var end = new CompletableFuture<Throwable>();
      Thread asking =
          Thread.startVirtualThread(
              () ->
                  end.complete(
                      assertThrows(
                          InterruptedException.class, () -> Asking.ask(asker, "anna", PASSWORD))));
      Thread.sleep(100);
      asking.interrupt();
      assertInstanceOf(InterruptedException.class, end.get(5, TimeUnit.SECONDS));
    }
  }
}
