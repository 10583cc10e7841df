package heddle.dial;

import static heddle.dial.Calls.open;
import static heddle.dial.Calls.ready;
import static heddle.dial.Calls.trouble;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OpeningTest {
  private static Opened call(Peer.Script script) throws Exception {
    try (Peer peer = Peer.playing(script)) {
      Opened opened = open(peer, peer.clear());
      if (opened instanceof Opened.Ready(var client)) {
        client.close();
      }
      return opened;
    }
  }

  @Test
  void a_port_where_nobody_listens_refuses() throws Exception {
    Peer peer = Peer.playing(wire -> {});
    peer.close();
    assertTrue(trouble(Trouble.Refused.class, open(peer, peer.clear())).temporary());
  }

  @Test
  void a_name_that_is_none_is_no_temporary_trouble() throws Exception {
    try (Peer peer = Peer.playing(wire -> {})) {
      Target nowhere = Target.of("not a name", peer.port(), Security.NONE, new Trust.Public());
      assertFalse(trouble(Trouble.NoSuchName.class, open(peer, nowhere)).temporary());
    }
  }

  @Test
  void silence_is_named_with_its_phase() throws Exception {
    assertEquals(Phase.GREETING, trouble(Trouble.Silent.class, call(Peer.Wire::stayStill)).phase());
    Opened behindGreeting =
        call(
            wire -> {
              wire.say("220 hello");
              wire.stayStill();
            });
    assertEquals(Phase.EHLO, trouble(Trouble.Silent.class, behindGreeting).phase());
  }

  @Test
  void a_greeting_that_drips_does_not_extend_the_deadline() throws Exception {
    Opened opened =
        call(
            wire -> {
              while (true) {
                wire.say("220-and");
                Thread.sleep(50);
              }
            });
    assertEquals(Phase.GREETING, trouble(Trouble.Silent.class, opened).phase());
  }

  @Test
  void hanging_up_is_named_with_its_phase() throws Exception {
    assertEquals(Phase.GREETING, trouble(Trouble.HungUp.class, call(wire -> {})).phase());
    Opened behindGreeting =
        call(
            wire -> {
              wire.say("220 hello");
              wire.expect("EHLO");
            });
    assertEquals(Phase.EHLO, trouble(Trouble.HungUp.class, behindGreeting).phase());
  }

  @Test
  void a_greeting_may_send_us_away_for_now_or_for_good() throws Exception {
    assertTrue(trouble(Trouble.Greeting.class, call(w -> w.say("421 4.3.2 busy"))).temporary());
    assertFalse(trouble(Trouble.Greeting.class, call(w -> w.say("554 5.7.1 no"))).temporary());
  }

  @Test
  void what_is_no_reply_is_a_trouble_and_its_text_is_cleaned() throws Exception {
    for (String bad :
        List.of(
            "hello",
            "220-a\r\n250 b",
            "2x0 a",
            "620 a",
            "220a",
            "220 a\nb",
            "220 \u0000",
            "220-" + "x".repeat(13_000),
            ("220-" + "x".repeat(1000) + "\r\n").repeat(80) + "220 x",
            "220-a\r\n".repeat(200) + "220 a")) {
      Opened opened =
          call(
              wire -> {
                wire.say(bad);
                wire.stayStill();
              });
      assertTrue(trouble(Trouble.BadReply.class, opened).words().length() < 400);
    }
    Opened coloured = call(wire -> wire.say("\u001b[31mroot"));
    assertTrue(trouble(Trouble.BadReply.class, coloured).words().contains("?[31mroot"));
  }

  @Test
  void extensions_are_read_in_any_letter_case() throws Exception {
    try (Peer peer =
            Peer.playing(
                wire -> {
                  wire.greet("size 1000", "Auth=plain login", "x-own a b");
                  wire.stayStill();
                });
        SmtpClient client = ready(open(peer, peer.clear()))) {
      assertEquals(1000, client.extensions().maxSize().orElseThrow());
      assertEquals(List.of("PLAIN", "LOGIN"), client.extensions().mechanisms());
      assertTrue(client.extensions().has("X-OWN"));
    }
  }

  @Test
  void a_server_of_the_old_kind_is_greeted_by_helo_where_nothing_is_lost_by_it() throws Exception {
    Peer.Script old =
        wire -> {
          wire.say("220 old");
          wire.expect("EHLO");
          wire.say("502 what?");
          if (wire.hear() instanceof String line && line.startsWith("HELO client.example")) {
            wire.say("250 hi");
            wire.stayStill();
          }
        };
    try (Peer peer = Peer.playing(old)) {
      ready(open(peer, peer.clear())).close();
      trouble(Trouble.Declined.class, open(peer, peer.clear(), Calls.ANN));
    }
  }

  @Test
  void our_own_voice_is_recognised() throws Exception {
    try (Peer peer = Peer.playing(wire -> wire.greet("X-OURS 17"))) {
      var manner =
          new Manner(
              "client.example",
              new Credentials.None(),
              Patience.of(Peer.SHORT),
              hello -> hello.extensions().has("X-OURS"));
      trouble(Trouble.Ourselves.class, SmtpClient.open(peer.dialer, peer.clear(), manner));
    }
  }

  // ---- TLS

  private static final Duration YEAR = Duration.ofDays(365);

  private static Opened secured(Papers papers, Security security, Trust trust) throws Exception {
    try (Peer peer =
        Peer.playing(
            wire -> {
              if (security == Security.STARTTLS) {
                wire.greet("STARTTLS");
                wire.expect("STARTTLS");
                wire.say("220 go on");
              }
              wire.secure(papers.context());
              if (security == Security.STARTTLS) {
                wire.expect("EHLO");
                wire.offer("SIZE 7");
              } else {
                wire.greet("SIZE 7");
              }
              wire.stayStill();
            })) {
      Opened opened =
          SmtpClient.open(
              peer.dialer,
              peer.target(security, trust),
              new Manner(
                  "client.example",
                  new Credentials.None(),
                  Patience.of(Duration.ofSeconds(5)),
                  hello -> false));
      if (opened instanceof Opened.Ready(var client)) {
        assertTrue(client.tls().isPresent());
        assertEquals(Set.of("SIZE"), client.extensions().all().keySet());
        client.close();
      }
      return opened;
    }
  }

  @Test
  void a_certificate_of_the_sites_authority_is_good_for_its_host() throws Exception {
    Papers papers = Papers.of("localhost", YEAR);
    var trust = new Trust.Site(List.of(papers.authority()));
    ready(secured(papers, Security.IMPLICIT, trust));
    ready(secured(papers, Security.STARTTLS, trust));
  }

  @Test
  void a_certificate_is_refused_for_what_is_wrong_with_it() throws Exception {
    Papers other = Papers.of("other.example", YEAR);
    Papers old = Papers.of("localhost", Duration.ofDays(-3));
    Papers good = Papers.of("localhost", YEAR);
    assertEquals(
        "it is for another host", refusal(other, new Trust.Site(List.of(other.authority()))));
    assertEquals("it has expired", refusal(old, new Trust.Site(List.of(old.authority()))));
    assertEquals("its issuer is not trusted", refusal(good, new Trust.Public()));
    assertTrue(refusal(good, new Trust.Pinned(Set.of("00"))).contains("is not the pinned one"));
  }

  private static String refusal(Papers papers, Trust trust) throws Exception {
    return trouble(Trouble.CertificateRefused.class, secured(papers, Security.IMPLICIT, trust))
        .why();
  }

  @Test
  void a_pinned_certificate_is_good_whatever_it_says() throws Exception {
    Papers old = Papers.of("other.example", Duration.ofDays(-3));
    String print = Judge.fingerprint(old.server()).toUpperCase(java.util.Locale.ROOT);
    String colons =
        print
            .chars()
            .mapToObj(c -> "" + (char) c)
            .collect(Collectors.joining())
            .replaceAll("(..)(?=.)", "$1:");
    ready(secured(old, Security.IMPLICIT, new Trust.Pinned(Set.of("00", colons))));
    ready(secured(old, Security.STARTTLS, new Trust.AllowInvalid()));
  }

  @Test
  void a_port_that_speaks_no_tls_is_told_apart() throws Exception {
    try (Peer peer = Peer.playing(wire -> wire.greet())) {
      Opened opened = open(peer, peer.target(Security.IMPLICIT, new Trust.AllowInvalid()));
      assertEquals(
          "TLS failed: the other side does not speak TLS there",
          trouble(Trouble.TlsFailed.class, opened).words());
    }
    try (Peer peer = Peer.playing(Peer.Wire::stayStill)) {
      Opened opened = open(peer, peer.target(Security.IMPLICIT, new Trust.AllowInvalid()));
      assertEquals(Phase.TLS, trouble(Trouble.Silent.class, opened).phase());
    }
  }

  @Test
  void starttls_that_is_not_offered_or_refused_is_never_done_without() throws Exception {
    for (boolean offered : new boolean[] {true, false}) {
      try (Peer peer =
          Peer.playing(
              wire -> {
                wire.greet(offered ? "STARTTLS" : "SIZE");
                if (offered) {
                  wire.expect("STARTTLS");
                  wire.say("454 4.7.0 not now");
                }
                assertEquals(null, wire.hear());
              })) {
        Opened opened = open(peer, peer.target(Security.STARTTLS, new Trust.AllowInvalid()));
        if (offered) {
          trouble(Trouble.Declined.class, opened);
        } else {
          trouble(Trouble.NoStartTls.class, opened);
        }
        peer.played();
      }
    }
  }

  @Test
  void octets_in_clear_behind_the_reply_to_starttls_end_it() throws Exception {
    try (Peer peer =
        Peer.playing(
            wire -> {
              wire.greet("STARTTLS");
              wire.expect("STARTTLS");
              wire.say("220 go on\r\n250 injected");
              wire.stayStill();
            })) {
      trouble(
          Trouble.Injected.class,
          open(peer, peer.target(Security.STARTTLS, new Trust.AllowInvalid())));
    }
  }
}
