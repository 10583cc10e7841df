package heddle.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.dial.Dialer;
import heddle.dial.Security;
import heddle.dial.Target;
import heddle.dial.Trust;
import heddle.dns.Names;
import heddle.mail.Octets;
import heddle.real.Dovecot;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Dovecot is asked. */
class ImapAskerIT {
  private static final Verdict WRONG = new Verdict.No(Verdict.Why.WRONG);
  private static final Map<String, Octets> PEOPLE =
      Map.of(
          "anna", Octets.ofUtf8("over the hills"),
          "müller@bücher.example", Octets.ofUtf8("Übermut tut selten gut"),
          "o\"hara", Octets.ofUtf8("quote \" and \\ backslash"),
          "literal", Octets.ofUtf8("{3}"),
          "bytes", Octets.of((byte) 0xe9, (byte) 0x80, (byte) 0xff, (byte) 0xfe),
          "long", Octets.ofUtf8("far away ".repeat(60)));
  private static final Dialer DIALER = new Dialer(Names.of(List.of(), Optional.empty()));

  private static Dovecot dovecot;
  private static Trust trust;

  @BeforeAll
  static void start() throws Exception {
    List<String> users = new ArrayList<>();
    // Dovecot looks up names with their quotes escaped.
    PEOPLE.forEach(
        (name, password) ->
            users.add(name.replace("\"", "\\\"") + ":{PLAIN.b64}" + password.base64()));
    dovecot = Dovecot.start(Dovecot.Setup.of(users.toArray(String[]::new)));
    try (InputStream in = Files.newInputStream(dovecot.authorityCertificate())) {
      trust =
          new Trust.Site(
              List.of(
                  (X509Certificate)
                      CertificateFactory.getInstance("X.509").generateCertificate(in)));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (dovecot != null) {
      dovecot.close();
    }
  }

  private static ImapAsker asker(String host, String service, Security security, Trust trust) {
    return new ImapAsker(DIALER, Target.of(host, dovecot.port(service), security, trust), false);
  }

  private static List<ImapAsker> ways() throws Exception {
    return List.of(
        asker("127.0.0.1", Dovecot.IMAP, Security.NONE, trust),
        asker("localhost", Dovecot.IMAP, Security.STARTTLS, trust),
        asker("127.0.0.2", Dovecot.IMAP, Security.STARTTLS, trust),
        asker("localhost", Dovecot.IMAPS, Security.IMPLICIT, trust),
        asker(
            "localhost",
            Dovecot.IMAPS,
            Security.IMPLICIT,
            new Trust.Pinned(Set.of(dovecot.fingerprint()))));
  }

  @Test
  void everybody_is_told_by_his_password_in_every_way() throws Exception {
    for (ImapAsker asker : ways()) {
      for (var each : PEOPLE.entrySet()) {
        String name = each.getKey();
        assertEquals(
            Verdict.Yes.PLAIN, Asking.ask(asker, Asking.question(name, each.getValue())), name);
        byte[] other = each.getValue().toArray();
        other[other.length - 1] ^= 1;
        assertEquals(WRONG, Asking.ask(asker, Asking.question(name, Octets.of(other))), name);
      }
      assertEquals(WRONG, Asking.ask(asker, "nobody", "over the hills"));
    }
    assertTrue(dovecot.log().stream().anyMatch(line -> line.contains("method=PLAIN")));
  }

  /** Dovecot offers AUTHENTICATE PLAIN always; LOGIN is spoken to it by itself here. */
  @ParameterizedTest
  @ValueSource(strings = {"LITERAL+", "LITERAL-", "IMAP4REV1"})
  void everybody_is_told_by_login_too(String capability) throws Exception {
    for (var each : PEOPLE.entrySet()) {
      String name = each.getKey();
      assertTrue(login(capability, name, each.getValue()).startsWith("h1 OK"), name);
      String refused = login(capability, name, Octets.ofUtf8(" \"over\\\r\nthere "));
      assertTrue(refused.startsWith("h1 NO [AUTHENTICATIONFAILED]"), refused);
    }
  }

  private static String login(String capability, String name, Octets password) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", dovecot.port(Dovecot.IMAP));
        ImapLogin login =
            ImapLogin.of("h1", Set.of(capability), Asking.question(name, password)).orElseThrow()) {
      socket.setSoTimeout(10_000);
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String line = in.readLine();
      for (byte[] piece : login.pieces()) {
        socket.getOutputStream().write(piece);
        do {
          line = in.readLine();
        } while (line.startsWith("* "));
      }
      return line;
    }
  }

  @Test
  void a_stranger_is_sent_to_tls_first() throws Exception {
    ImapAsker inClear = asker("127.0.0.2", Dovecot.IMAP, Security.NONE, trust);
    assertEquals(
        new Verdict.Unavailable("LOGIN is disabled there, and AUTHENTICATE PLAIN is not offered"),
        Asking.ask(inClear, "anna", "over the hills"));
  }

  @Test
  void where_dovecot_cannot_tell_there_is_no_verdict() throws Exception {
    ImapAsker asker = asker("localhost", Dovecot.IMAP, Security.STARTTLS, trust);
    Verdict verdict = Asking.ask(asker, Dovecot.UNTOLD, "over the hills");
    String why = assertInstanceOf(Verdict.Unavailable.class, verdict, verdict.toString()).why();
    assertTrue(why.startsWith("no verdict: [UNAVAILABLE] "), why);
  }

  @Test
  void a_certificate_of_nobody_we_trust_gets_no_password() throws Exception {
    for (Security each : List.of(Security.STARTTLS, Security.IMPLICIT)) {
      String service = each == Security.STARTTLS ? Dovecot.IMAP : Dovecot.IMAPS;
      ImapAsker asker = asker("localhost", service, each, new Trust.Public());
      Verdict verdict = Asking.ask(asker, "anna", "over the hills");
      assertTrue(
          assertInstanceOf(Verdict.Unavailable.class, verdict).why().startsWith("certificate"));
    }
  }
}
