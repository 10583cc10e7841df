package heddle.dial;

import static heddle.dial.Calls.ANN;
import static heddle.dial.Calls.open;
import static heddle.dial.Calls.ready;
import static heddle.dial.Calls.trouble;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Octets;
import heddle.mail.Secret;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LoginTest {
  private static String coded(String text) {
    return Octets.ofUtf8(text).base64();
  }

  private static Opened login(Peer.Script script, Credentials credentials) throws Exception {
    try (Peer peer = Peer.playing(script)) {
      Opened opened = open(peer, peer.clear(), credentials);
      if (opened instanceof Opened.Ready(var client)) {
        client.close();
      }
      return opened;
    }
  }

  /** RFC 7677 §3, word for word. */
  @Test
  void scram_says_what_the_rfc_says() throws Exception {
    var client = new ScramClient("user", Secret.ofUtf8("pencil"), "rOprNGfwEbeRWgbNEkqO");
    assertEquals("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", client.first());
    assertEquals(
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        client.answer(
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
    assertFalse(client.proven());
    assertEquals("", client.answer("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
    assertTrue(client.proven());
  }

  @Test
  void scram_believes_no_server_that_does_not_prove_itself() throws Exception {
    String first = "r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=";
    for (String bad :
        new String[] {
          "r=xbcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
          "r=abc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
          "m=x," + first + "4096",
          first + "4095",
          first + "1000001",
          first + "-1",
          "e=other-error",
          ""
        }) {
      var client = new ScramClient("user", Secret.ofUtf8("pencil"), "abc");
      assertThrows(Voice.Unproven.class, () -> client.answer(bad), bad);
    }
    var client = new ScramClient("user", Secret.ofUtf8("pencil"), "abc");
    client.answer(first + "4096");
    assertThrows(
        Voice.Unproven.class,
        () -> client.answer("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
  }

  @Test
  void a_server_that_accepts_scram_without_a_signature_is_left() throws Exception {
    Opened opened =
        login(
            wire -> {
              wire.greet("AUTH PLAIN SCRAM-SHA-256");
              wire.expect("AUTH SCRAM-SHA-256 ");
              wire.say("235 welcome");
              wire.stayStill();
            },
            ANN);
    trouble(Trouble.ServerUnproven.class, opened);
  }

  @Test
  void plain_goes_with_the_command() throws Exception {
    ready(
        login(
            wire -> {
              wire.greet("AUTH CRAM-MD5 LOGIN PLAIN");
              wire.expect("AUTH PLAIN " + coded("\0user\0pencil"));
              wire.say("235 ok");
              wire.stayStill();
            },
            ANN));
  }

  @Test
  void an_initial_response_that_does_not_fit_waits_to_be_asked_for() throws Exception {
    String password = "p".repeat(500);
    ready(
        login(
            wire -> {
              wire.greet("AUTH PLAIN");
              assertEquals("AUTH PLAIN", wire.hear());
              wire.say("334 ");
              wire.expect(coded("\0user\0" + password));
              wire.say("235 ok");
              wire.stayStill();
            },
            new Credentials.Password("user", () -> Secret.ofUtf8(password))));
  }

  @Test
  void login_answers_two_questions_and_cram_md5_its_challenge() throws Exception {
    ready(
        login(
            wire -> {
              wire.greet("AUTH LOGIN");
              assertEquals("AUTH LOGIN", wire.hear());
              wire.say("334 " + coded("Username:"));
              wire.expect(coded("user"));
              wire.say("334 " + coded("Password:"));
              wire.expect(coded("pencil"));
              wire.say("235 ok");
              wire.stayStill();
            },
            ANN));
    // RFC 2195 §2, word for word.
    ready(
        login(
            wire -> {
              wire.greet("AUTH CRAM-MD5");
              wire.expect("AUTH CRAM-MD5");
              wire.say("334 " + coded("<1896.697170952@postoffice.reston.mci.net>"));
              wire.expect(coded("tim b913a602c7eda7a495b4e6e7334d3890"));
              wire.say("235 ok");
              wire.stayStill();
            },
            new Credentials.Password("tim", () -> Secret.ofUtf8("tanstaaftanstaaf"))));
  }

  @Test
  void external_says_that_it_has_nothing_to_say() throws Exception {
    ready(
        login(
            wire -> {
              wire.greet("AUTH EXTERNAL PLAIN");
              assertEquals("AUTH EXTERNAL =", wire.hear());
              wire.say("235 ok");
              wire.stayStill();
            },
            new Credentials.Certificate()));
  }

  @Test
  void a_mechanism_not_known_after_all_gives_way_but_a_wrong_password_is_not_tried_twice()
      throws Exception {
    Opened opened =
        login(
            wire -> {
              wire.greet("AUTH SCRAM-SHA-256 PLAIN LOGIN");
              wire.expect("AUTH SCRAM-SHA-256");
              wire.say("504 5.5.4 not here");
              wire.expect("AUTH PLAIN");
              wire.say("535 5.7.8 wrong");
              assertEquals(null, wire.hear());
            },
            ANN);
    assertEquals(535, trouble(Trouble.LoginRefused.class, opened).reply().code());
  }

  @Test
  void a_challenge_that_is_no_base64_is_answered_by_a_star() throws Exception {
    try (Peer peer =
        Peer.playing(
            wire -> {
              wire.greet("AUTH LOGIN");
              wire.expect("AUTH LOGIN");
              wire.say("334 Username:");
              wire.expect("*");
              wire.say("501 cancelled");
            })) {
      trouble(Trouble.BadReply.class, open(peer, peer.clear(), ANN));
      peer.played();
    }
  }

  @Test
  void the_password_is_wiped_whatever_comes_of_it_and_stands_in_no_trouble() throws Exception {
    var lent = new AtomicReference<Secret>();
    Opened opened =
        login(
            wire -> {
              wire.greet("AUTH PLAIN");
              wire.expect("AUTH PLAIN");
            },
            new Credentials.Password(
                "user",
                () -> {
                  lent.set(Secret.ofUtf8("pencil"));
                  return lent.get();
                }));
    assertEquals(Phase.AUTH, trouble(Trouble.HungUp.class, opened).phase());
    assertTrue(lent.get().matches("\0".repeat(6)));
  }

  @Test
  void where_no_mechanism_is_shared_nothing_is_sent() throws Exception {
    assertEquals(
        "GSSAPI",
        trouble(Trouble.NoMechanism.class, login(w -> w.greet("AUTH GSSAPI"), ANN)).offered());
    assertEquals(
        "no login is offered",
        trouble(Trouble.NoMechanism.class, login(w -> w.greet("SIZE"), ANN)).words());
  }

  @Test
  void where_external_is_not_offered_the_certificate_has_said_enough() throws Exception {
    assertInstanceOf(
        Opened.Ready.class, login(w -> w.greet("SIZE"), new Credentials.Certificate()));
  }
}
