package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the clients that people have through this server to a Postfix, octet for octet. */
class SmarthostIT {
  private static final String TLS = "smtpd_tls_security_level=encrypt";
  private static final Map<String, List<String>> SERVICES = new LinkedHashMap<>();

  static {
    SERVICES.put("bdat", List.of());
    SERVICES.put("data", List.of("smtpd_discard_ehlo_keywords=chunking"));
    SERVICES.put("starttls", List.of(TLS, "login"));
    SERVICES.put("implicit", List.of("smtpd_tls_wrappermode=yes", TLS, "login"));
    SERVICES.put("pinned", List.of("smtpd_tls_wrappermode=yes", TLS, "login"));
    SERVICES.put("starttls-pinned", List.of(TLS, "login"));
    for (String each : List.of("scram-sha-256", "plain", "login", "cram-md5")) {
      SERVICES.put(each, List.of(TLS, "login", "smtpd_sasl_mechanism_filter=" + each));
    }
    SERVICES.put(
        "certificate",
        List.of(
            TLS,
            "smtpd_tls_req_ccert=yes",
            "smtpd_recipient_restrictions=permit_tls_clientcerts,reject"));
  }

  private static Postfix postfix;
  private static Authority stranger;
  private static ServerProcess server;
  private static int identical;
  private static long octets;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Tools.isRoot(), "Postfix starts as root only");
    postfix = new Postfix(SERVICES);
    stranger = Authority.make(postfix.authority().folder(), "stranger");
    stranger.certify("unknown", "DNS:localhost");
    server = ServerProcess.prepare(config(), Map.of());
    Path password = server.home().resolve("etc/password");
    Files.writeString(password, Postfix.PASSWORD + "\n");
    Files.writeString(server.home().resolve("etc/wrong"), "far away\n");
    server.serve();
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
      System.out.printf(
          "smarthost: %d messages, %d octets, identical at Postfix behind the lines put on top%n",
          identical, octets);
    }
    if (postfix != null) {
      postfix.close();
    }
  }

  private static String config() throws Exception {
    String ca = "ca = [\"" + postfix.authority().certificate() + "\"]\n";
    String pin = "pin = [\"" + postfix.authority().fingerprint("server") + "\"]\n";
    String login = "username = \"heddle\"\npassword = { file = \"password\" }\n";
    var config =
        new StringBuilder(ServerProcess.CONFIG)
            .append(
                """
                [route.reports]
                if = "recipient-domain"
                eq = "example.org"
                to = "maildir"
                path = "var/mail"
                """);
    route(config, "bdat", "bdat", "none", "");
    route(config, "data", "data", "none", "");
    route(config, "starttls", "starttls", "starttls", ca + login);
    route(config, "implicit", "implicit", "implicit", ca + login);
    route(config, "pinned", "pinned", "implicit", pin + login);
    route(config, "starttls-pinned", "starttls-pinned", "starttls", pin + login);
    for (String each : List.of("scram-sha-256", "plain", "login", "cram-md5")) {
      route(config, each, each, "starttls", ca + login);
    }
    String ours =
        "certificate = \"%s\"\nkey = \"%s\"\n"
            .formatted(
                postfix.authority().file("client", "crt"),
                postfix.authority().file("client", "key"));
    route(config, "certificate", "certificate", "starttls", ca + ours);
    // Those where the mail has to wait.
    String strange = "ca = [\"" + stranger.certificate() + "\"]\n";
    route(config, "strange", "starttls", "starttls", strange + login);
    route(config, "strange-implicit", "implicit", "implicit", strange + login);
    String other = "pin = [\"" + stranger.fingerprint("unknown") + "\"]\n";
    route(config, "mispinned", "starttls", "starttls", other + login);
    route(config, "public", "starttls", "starttls", login);
    route(config, "other-name", "starttls", "starttls", ca + login, "127.0.0.1");
    route(
        config,
        "wrong-password",
        "starttls",
        "starttls",
        ca + login.replace("\"password\"", "\"wrong\""));
    route(config, "no-certificate", "certificate", "starttls", ca);
    route(config, "no-tls", "data", "starttls", ca);
    return config.toString();
  }

  private static void route(
      StringBuilder config, String name, String service, String tls, String more) {
    route(config, name, service, tls, more, "localhost");
  }

  private static void route(
      StringBuilder config, String name, String service, String tls, String more, String host) {
    config.append(
        """
        [route.%s]
        if = "recipient-domain"
        starts-with = "%s."
        to = "smarthost"
        address = "%s"
        port = %d
        tls = "%s"
        """
            .formatted(name, name, host, postfix.port(service), tls));
    config.append(more);
  }

  private static void arrives(String service, Letter letter) throws Exception {
    byte[] stored;
    try {
      stored = postfix.await(service, letter);
    } catch (AssertionError missing) {
      throw new AssertionError(missing.getMessage() + "\n" + String.join("\n", server.log()));
    }
    byte[] there = Letter.withoutTrace(stored);
    assertEquals(
        Letter.sha256(letter.expected()),
        Letter.sha256(there),
        () -> "not the same: " + difference(letter.expected(), there));
    identical++;
    octets += there.length;
  }

  private static String difference(byte[] expected, byte[] there) {
    int at = Arrays.mismatch(expected, there);
    return "at %d expected <%s>, there <%s>".formatted(at, around(expected, at), around(there, at));
  }

  private static String around(byte[] text, int at) {
    int from = Math.max(0, at - 40);
    return Letter.latin(Arrays.copyOfRange(text, from, Math.min(text.length, at + 40)));
  }

  @ParameterizedTest
  @CsvSource({
    "SWAKS, bdat", "SWAKS, data",
    "MSMTP, bdat", "MSMTP, data",
    "CURL, bdat", "CURL, data",
    "BY_DATA, bdat", "BY_DATA, data",
    "BY_BDAT, bdat", "BY_BDAT, data"
  })
  void dots_long_lines_and_eight_bits_arrive_octet_for_octet(Clients client, String service)
      throws Exception {
    Letter letter = Letter.of("odd-" + client + "-" + service);
    long bdat = postfix.heard(service, "BDAT ");
    long data = postfix.heard(service, "DATA");
    arrives(service, client.send(server, letter, "bob@" + service + ".example"));
    boolean chunking = service.equals("bdat");
    assertEquals(chunking ? 1 : 0, postfix.heard(service, "BDAT ") - bdat);
    assertEquals(chunking ? 0 : 1, postfix.heard(service, "DATA") - data);
  }

  @ParameterizedTest
  @CsvSource({
    "SWAKS, bdat", "SWAKS, data",
    "MSMTP, bdat", "MSMTP, data",
    "CURL, bdat", "CURL, data",
    "BY_DATA, bdat", "BY_DATA, data",
    "BY_BDAT, bdat", "BY_BDAT, data"
  })
  void ten_megabytes_arrive_octet_for_octet(Clients client, String service) throws Exception {
    Letter letter = Letter.large("large-" + client + "-" + service, 10_000_000);
    arrives(service, client.send(server, letter, "bob@" + service + ".example"));
  }

  /** Of the clients, swaks and msmtp do not know SMTPUTF8. */
  @ParameterizedTest
  @CsvSource({
    "CURL, bdat",
    "CURL, data",
    "BY_DATA, bdat",
    "BY_DATA, data",
    "BY_BDAT, bdat",
    "BY_BDAT, data"
  })
  void addresses_and_headers_in_utf8_arrive(Clients client, String service) throws Exception {
    Letter letter = Letter.international("utf8-" + client + "-" + service);
    arrives(service, client.send(server, letter, "müller@" + service + ".bücher.example"));
    assertTrue(
        postfix.heard(service).stream()
            .anyMatch(c -> c.startsWith("MAIL FROM:<anna@example.org>") && c.contains("SMTPUTF8")));
  }

  @ParameterizedTest
  @CsvSource({"starttls", "implicit", "pinned", "starttls-pinned"})
  void under_tls_to_a_certificate_that_was_checked(String service) throws Exception {
    Letter letter = Letter.of("tls-" + service);
    arrives(service, Clients.BY_DATA.send(server, letter, "bob@" + service + ".example"));
    assertTrue(
        postfix.log(service).stream()
            .anyMatch(l -> l.contains("TLS connection established from localhost")),
        "no TLS in the log");
  }

  @ParameterizedTest
  @CsvSource({"scram-sha-256", "plain", "login", "cram-md5"})
  void logged_in_by_the_mechanism_that_is_offered(String mechanism) throws Exception {
    Letter letter = Letter.plain("auth-" + mechanism);
    arrives(mechanism, Clients.BY_DATA.send(server, letter, "bob@" + mechanism + ".example"));
    assertLogin(mechanism, mechanism);
  }

  @Test
  void the_best_of_all_mechanisms_is_chosen() throws Exception {
    Letter letter = Letter.plain("auth-best");
    arrives("starttls", Clients.BY_DATA.send(server, letter, "bob@starttls.example"));
    assertLogin("starttls", "scram-sha-256");
  }

  private static void assertLogin(String service, String mechanism) throws Exception {
    String wanted = "sasl_method=" + mechanism.toUpperCase() + ", sasl_username=heddle";
    assertTrue(
        postfix.log(service).stream().anyMatch(l -> l.contains(wanted)),
        () -> "not in the log: " + wanted);
  }

  /** Postfix passes no certificate on to Dovecot, so EXTERNAL is not offered: TLS says it all. */
  @Test
  void logged_in_by_our_certificate_alone() throws Exception {
    Letter letter = Letter.plain("certificate");
    arrives("certificate", Clients.BY_DATA.send(server, letter, "bob@certificate.example"));
    assertTrue(
        postfix.log("certificate").stream()
            .anyMatch(l -> l.contains("Trusted TLS connection established from localhost")));
  }

  /** RFC 5321 §4.5.4.1: the mail is in order; what is wrong between the two can be mended. */
  @Test
  void mail_waits_where_the_other_side_is_not_trusted_or_does_not_trust_us() throws Exception {
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put("strange", "certificate refused: its issuer is not trusted");
    reasons.put("strange-implicit", "certificate refused: its issuer is not trusted");
    reasons.put("public", "certificate refused: its issuer is not trusted");
    reasons.put("other-name", "certificate refused: it is for another host");
    reasons.put("mispinned", "is not the pinned one");
    reasons.put("wrong-password", "login refused: 535 5.7.8");
    reasons.put("no-certificate", "No client certificate presented");
    reasons.put("no-tls", "STARTTLS is not offered, and without it nothing is sent");
    for (String route : reasons.keySet()) {
      String to = "bob@" + route + ".example";
      Clients.BY_DATA.send(server, Letter.plain("waits-" + route), to);
    }
    for (var reason : reasons.entrySet()) {
      String to = " to=bob@" + reason.getKey() + ".example ";
      String line = server.awaitLog(l -> l.contains(": deferred ") && l.contains(to));
      assertTrue(line.contains(reason.getValue()), line);
    }
    String queue = server.heddle("", "queue", "list").out();
    reasons.keySet().forEach(route -> assertTrue(queue.contains(route + ".example"), queue));
  }

  @Test
  void the_senders_wishes_for_reports_are_passed_on_and_fulfilled_there() throws Exception {
    Letter letter = Letter.of("dsn");
    String id;
    try (Client client = new Client(server.port("submissions")).login()) {
      client.command("MAIL FROM:<anna@example.org> BODY=8BITMIME RET=HDRS ENVID=QQ314159+2B1", 250);
      client.command(
          "RCPT TO:<bob@bdat.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Bob+2Bx@bdat.example",
          250);
      client.command("RCPT TO:<carol@bdat.example> NOTIFY=NEVER", 250);
      client.command("DATA", 354);
      client.write(letter.stuffed());
      client.write(".\r\n");
      id = client.expect(250).replaceAll(".* ", "");
    }
    arrives("bdat", letter);
    List<String> heard = postfix.heard("bdat");
    for (String words :
        List.of(
            " RET=HDRS ENVID=QQ314159+2B1",
            "RCPT TO:<bob@bdat.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Bob+2Bx@bdat.example",
            "RCPT TO:<carol@bdat.example> NOTIFY=NEVER")) {
      assertTrue(heard.stream().anyMatch(c -> c.contains(words)), words);
    }
    String report =
        Tools.await(
            "Postfix's report of success",
            Duration.ofSeconds(20),
            () -> {
              for (Path each : postfix.box("sender")) {
                if (text(each).contains("Original-Envelope-Id: QQ314159+1")) {
                  return text(each);
                }
              }
              return null;
            });
    assertTrue(report.contains("Original-Recipient: rfc822;Bob+x@bdat.example"), report);
    assertTrue(report.contains("Action: delivered"), report);
    assertTrue(report.contains("Content-Type: text/rfc822-headers"), report);
    assertTrue(!report.contains("carol"), report);
    assertTrue(!report.contains(".leading"), "RET=HDRS");
    assertEquals(1, postfix.box("sender").size());
    assertTrue(
        server.log().stream().noneMatch(l -> l.contains(": report ") && l.contains(id)),
        "and none of our own");
  }

  @Test
  void a_recipient_that_is_refused_there_comes_back_as_a_report_that_python_reads()
      throws Exception {
    Letter letter = Letter.of("bounce");
    try (Client client = new Client(server.port("submissions")).login()) {
      client.command("MAIL FROM:<anna@example.org> BODY=8BITMIME ENVID=there-and-back", 250);
      client.command("RCPT TO:<nobody@data.example>", 250);
      client.command("RCPT TO:<bob@data.example>", 250);
      client.command("DATA", 354);
      client.write(letter.stuffed());
      client.write(".\r\n");
      client.expect(250);
    }
    arrives("data", letter);
    Path bounce =
        Tools.await(
            "the report",
            Duration.ofSeconds(20),
            () ->
                server.arrived("anna@example.org").isEmpty()
                    ? null
                    : server.arrived("anna@example.org").getFirst());
    String program =
        """
        import email, email.policy, sys
        report = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
        assert not report.defects, report.defects
        print(report["Return-Path"], report["To"], report.get_content_type(), report.get_param("report-type"))
        notice, status, original = report.iter_parts()
        print(notice.get_content_type(), status.get_content_type(), original.get_content_type())
        message, recipient = status.iter_parts()
        print(message["Original-Envelope-Id"])
        for name in ("Final-Recipient", "Action", "Status", "Remote-MTA", "Diagnostic-Code"):
            print(recipient[name])
        print(original.get_payload(0)["Message-ID"])
        """;
    List<String> read = Tools.run("python3", "-c", program, bounce.toString()).lines().toList();
    assertEquals(
        List.of(
            "<> anna@example.org multipart/report delivery-status",
            "text/plain message/delivery-status message/rfc822",
            "there-and-back",
            "rfc822;nobody@data.example",
            "failed",
            "5.1.1",
            "dns; localhost",
            "smtp; 550 5.1.1 <nobody@data.example>: Recipient address rejected: User unknown in"
                + " virtual mailbox table",
            "<bounce@example.org>"),
        read);
    assertEquals(1, server.arrived("anna@example.org").size());
  }

  private static String text(Path file) throws Exception {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}
