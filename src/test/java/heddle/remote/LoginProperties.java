package heddle.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import heddle.dial.Peer;
import heddle.mail.Octets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/** What another server understands is the name and the password, octet for octet, and no more. */
class LoginProperties {
  private static final Verdict WRONG = new Verdict.No(Verdict.Why.WRONG);

  /** Any text without control characters. */
  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "anna",
            "müller",
            "@example.org",
            "\"",
            "\\",
            " ",
            "{5}",
            "{5+}",
            "%",
            "*",
            "(",
            ")",
            "🐑",
            "ß",
            "]",
            "h1 LOGOUT",
            "=",
            "+");
    return pieces.list().ofMinSize(1).ofMaxSize(8).map(all -> String.join("", all));
  }

  /** Any octets but NUL. */
  @Provide
  Arbitrary<Octets> passwords() {
    Arbitrary<byte[]> any =
        Arbitraries.bytes().filter(b -> b != 0).array(byte[].class).ofMinSize(1).ofMaxSize(40);
    Arbitrary<byte[]> pieces =
        Arbitraries.of(
                "\r\nh9 LOGOUT\r\n",
                "\"",
                "\\",
                "\r",
                "\n",
                "{3}\r\n",
                "{3+}\r\nabc",
                "ü",
                "\" ",
                "*",
                "\t",
                "over the hills")
            .list()
            .ofMinSize(1)
            .ofMaxSize(5)
            .map(all -> Octets.ofUtf8(String.join("", all)).toArray());
    Arbitrary<byte[]> long_ =
        Arbitraries.of(250, 1023, 1024, 1025, 4096, 4097, 9000)
            .flatMap(n -> Arbitraries.of("p", "ü").map(p -> Octets.ofUtf8(p.repeat(n)).toArray()));
    return Arbitraries.frequencyOf(Tuple.of(5, any), Tuple.of(5, pieces), Tuple.of(2, long_))
        .map(Octets::of);
  }

  @Provide
  Arbitrary<String> capabilities() {
    return Arbitraries.of("AUTH=PLAIN", "SASL-IR", "LITERAL+", "LITERAL-", "IMAP4rev2", "ID")
        .set()
        .ofMaxSize(4)
        .map(all -> "IMAP4rev1 " + String.join(" ", all));
  }

  @Property(tries = 300)
  void an_imap_server_reads_the_name_and_the_password_and_nothing_more(
      @ForAll("names") String name,
      @ForAll("passwords") Octets password,
      @ForAll("capabilities") String capabilities,
      @ForAll boolean right)
      throws Exception {
    var script = new ImapScript();
    script.capabilities = capabilities;
    script.answer = right ? "OK welcome" : "NO [AUTHENTICATIONFAILED] no";
    try (Peer peer = Peer.playing(script)) {
      var asker = new ImapAsker(peer.dialer, peer.clear(), false);
      Verdict verdict = Asking.ask(asker, Asking.question(name, password));
      assertEquals(right ? Verdict.Yes.PLAIN : WRONG, verdict);
      peer.played();
    }
    assertEquals(1, script.logins.size());
    ImapScript.Login login = script.logins.getFirst();
    assertEquals(Octets.ofUtf8(name), login.name());
    assertEquals(password, login.password());
    String verb = login.way().ordinal() < 2 ? "AUTHENTICATE" : "LOGIN";
    assertEquals(List.of("CAPABILITY", verb, "LOGOUT"), script.verbs);
    Statistics.label("right").collect(right);
    Statistics.label("way").collect(login.way());
    Statistics.label("right").coverage(c -> c.check(true).count(n -> n > 50));
    Statistics.label("right").coverage(c -> c.check(false).count(n -> n > 50));
    for (ImapScript.Way each : ImapScript.Way.values()) {
      Statistics.label("way").coverage(c -> c.check(each).count(n -> n > 5));
    }
  }

  @Property(tries = 150)
  void an_smtp_server_reads_the_name_and_the_password_and_nothing_more(
      @ForAll("names") String name, @ForAll("passwords") Octets password, @ForAll boolean right)
      throws Exception {
    boolean plain = password.size() % 2 == 0;
    List<Octets> heard = new CopyOnWriteArrayList<>();
    try (Peer peer =
        Peer.playing(
            wire -> {
              wire.greet("AUTH SCRAM-SHA-256 " + (plain ? "PLAIN" : "LOGIN"));
              String command = wire.expect(plain ? "AUTH PLAIN" : "AUTH LOGIN");
              if (plain) {
                heard.add(plain(wire, command));
              } else {
                wire.say("334 VXNlcm5hbWU6");
                heard.add(decoded(wire.hear()));
                wire.say("334 UGFzc3dvcmQ6");
                heard.add(decoded(wire.hear()));
              }
              wire.say(right ? "235 2.7.0 ok" : "535 5.7.8 no");
              wire.expect("QUIT");
              wire.say("221 bye");
              assertEquals(null, wire.hear());
            })) {
      var asker = new SmtpAsker(peer.dialer, peer.clear(), false, "client.example", h -> false);
      Verdict verdict = Asking.ask(asker, Asking.question(name, password));
      assertEquals(right ? Verdict.Yes.PLAIN : WRONG, verdict);
      peer.played();
    }
    Octets said = Octets.ofUtf8(name);
    assertEquals(plain ? List.of(message(said, password)) : List.of(said, password), heard);
    Statistics.label("kind").collect(right, plain);
    for (boolean r : new boolean[] {true, false}) {
      Statistics.label("kind").coverage(c -> c.check(r, true).count(n -> n > 10));
      Statistics.label("kind").coverage(c -> c.check(r, false).count(n -> n > 10));
    }
  }

  private static Octets plain(Peer.Wire wire, String command) throws Exception {
    if (command.equals("AUTH PLAIN")) {
      wire.say("334 ");
      return decoded(wire.hear());
    }
    return decoded(command.substring(11));
  }

  private static Octets decoded(String base64) {
    return Octets.ofBase64(base64).orElseThrow();
  }

  private static Octets message(Octets name, Octets password) {
    byte[] message = new byte[name.size() + password.size() + 2];
    System.arraycopy(name.toArray(), 0, message, 1, name.size());
    System.arraycopy(password.toArray(), 0, message, name.size() + 2, password.size());
    return Octets.of(message);
  }
}
