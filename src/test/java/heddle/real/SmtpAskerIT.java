package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import heddle.dial.Dialer;
import heddle.dial.Security;
import heddle.dial.Target;
import heddle.dial.Trust;
import heddle.dns.Names;
import heddle.mail.Octets;
import heddle.remote.Asking;
import heddle.remote.SmtpAsker;
import heddle.remote.Verdict;
import heddle.wire.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A Postfix is asked, and it asks a Dovecot. */
class SmtpAskerIT {
  private static final Verdict WRONG = new Verdict.No(Verdict.Why.WRONG);
  private static final Dialer DIALER = new Dialer(Names.of(List.of(), Optional.empty()));
  private static final String SASL = "smtpd_sasl_auth_enable=yes";
  private static final String ANONYMOUS = "smtpd_sasl_security_options=noanonymous";
  private static final Map<String, List<String>> SERVICES = new LinkedHashMap<>();
  private static final Map<String, Octets> PEOPLE =
      Map.of(
          "anna", Octets.ofUtf8("over the hills and far away"),
          "müller@bücher.example", Octets.ofUtf8("Übermut \"tut\" selten\\gut"),
          "bytes", Octets.of((byte) 0xe9, (byte) 0x80, (byte) 0xff, (byte) 0xfe),
          "long", Octets.ofUtf8("far away ".repeat(60)));

  static {
    SERVICES.put("starttls", List.of("smtpd_tls_security_level=may", SASL));
    SERVICES.put("implicit", List.of("smtpd_tls_wrappermode=yes", SASL));
    SERVICES.put("clear", List.of(SASL, ANONYMOUS));
    SERVICES.put("without", List.of("smtpd_tls_security_level=may"));
    SERVICES.put(
        "astray", List.of("smtpd_tls_security_level=may", SASL, "smtpd_sasl_path=private/nobody"));
    for (String each : List.of("login", "scram-sha-256", "cram-md5")) {
      String filter = "smtpd_sasl_mechanism_filter=" + each;
      SERVICES.put(each, List.of("smtpd_tls_security_level=may", SASL, filter));
    }
  }

  private static Postfix postfix;
  private static Trust trust;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Tools.isRoot(), "Postfix starts as root only");
    List<String> people = new ArrayList<>();
    PEOPLE.forEach((name, password) -> people.add(name + ":{PLAIN.b64}" + password.base64()));
    postfix = new Postfix(SERVICES, people);
    trust = new Trust.Pinned(Set.of(postfix.authority().fingerprint("server")));
  }

  @AfterAll
  static void stop() throws Exception {
    if (postfix != null) {
      postfix.close();
    }
  }

  private static SmtpAsker asker(String service, Security security) {
    Target target = Target.of("127.0.0.1", postfix.port(service), security, trust);
    return new SmtpAsker(DIALER, target, false, "client.example", hello -> false);
  }

  private static Verdict ask(String service, Security security, String name, Octets password)
      throws Exception {
    return Asking.ask(asker(service, security), Asking.question(name, password));
  }

  @Test
  void everybody_is_told_by_his_password_in_every_way() throws Exception {
    Map<String, Security> ways = new LinkedHashMap<>();
    ways.put("starttls", Security.STARTTLS);
    ways.put("implicit", Security.IMPLICIT);
    ways.put("clear", Security.STARTTLS);
    ways.put("login", Security.STARTTLS);
    for (var way : ways.entrySet()) {
      for (var each : PEOPLE.entrySet()) {
        String name = each.getKey();
        String who = way.getKey() + " " + name;
        byte[] other = each.getValue().toArray();
        other[0] ^= 1;
        assertEquals(
            Verdict.Yes.PLAIN, ask(way.getKey(), way.getValue(), name, each.getValue()), who);
        assertEquals(WRONG, ask(way.getKey(), way.getValue(), name, Octets.of(other)), who);
      }
    }
    assertEquals(1, postfix.heard("starttls", "STARTTLS") / (2 * PEOPLE.size()));
    Tools.await(
        "QUIT behind each login",
        Duration.ofSeconds(10),
        () -> postfix.heard("implicit", "QUIT") == 2L * PEOPLE.size() ? true : null);
  }

  @Test
  void a_server_that_wants_proofs_gets_them() throws Exception {
    for (String each : List.of("scram-sha-256", "cram-md5")) {
      Octets right = PEOPLE.get("anna");
      assertEquals(Verdict.Yes.PLAIN, ask(each, Security.STARTTLS, "anna", right));
      assertEquals(WRONG, ask(each, Security.STARTTLS, "anna", Octets.ofUtf8("far away")));
    }
  }

  @Test
  void a_server_without_logins_gives_no_verdict() throws Exception {
    assertEquals(
        new Verdict.Unavailable("no login is offered"),
        ask("without", Security.STARTTLS, "anna", PEOPLE.get("anna")));
  }

  /** A Postfix that does not find its Dovecot lets its clients wait. */
  @Test
  void where_nobody_can_tell_there_is_no_verdict() throws Exception {
    Verdict verdict =
        asker("astray", Security.STARTTLS)
            .ask(Asking.question("anna", "far away"), Deadline.in(Duration.ofSeconds(2)));
    String why = assertInstanceOf(Verdict.Unavailable.class, verdict, verdict.toString()).why();
    assertTrue(why.endsWith(" at the greeting"), why);
  }
}
