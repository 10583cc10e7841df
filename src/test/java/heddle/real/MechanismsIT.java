package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are not ours log in by every mechanism that they know. */
class MechanismsIT {
  private static final String PIPE = "localhost";
  private static Path folder;
  private static Authority authority;
  private static TokenIssuer issuer;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    folder = Tools.folder("mechanisms");
    authority = Authority.make(folder, "ca");
    authority.certify("localhost", "DNS:localhost");
    authority.certify("anna", "email:anna@example.org");
    authority.certify("stranger", "email:bob@example.org");
    issuer = TokenIssuer.open(folder, authority);
    String config =
        ServerProcess.CONFIG
            + """

            [session.auth]
            mechanisms = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1",
              "CRAM-MD5", "EXTERNAL", "OAUTHBEARER", "XOAUTH2", "PLAIN", "LOGIN"]
            [session.auth.errors]
            wait = "1ms"
            total = 1000
            [tls]
            client-certificate = "request"
            """
            + issuer.config();
    server = ServerProcess.prepare(config, issuer.environment());
    server.serve();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    issuer.close();
  }

  private static String accepted(String mechanism, String credential) throws Exception {
    return server.awaitLog(
        line ->
            line.contains(": auth-ok mech=" + mechanism + " ")
                && line.contains("credential=" + credential));
  }

  // ---- gsasl

  private static ServerProcess.Result gsasl(String mechanism, String password, String... more)
      throws Exception {
    List<String> command = new ArrayList<>(gsaslCommand(mechanism));
    command.addAll(List.of("-p", password));
    command.addAll(List.of(more));
    return ServerProcess.run(command, "", Map.of());
  }

  private static List<String> gsaslCommand(String mechanism) {
    return List.of(
        "gsasl",
        "--smtp",
        "--connect",
        PIPE + ":" + server.port("submission"),
        "--x509-ca-file=" + server.certificate(),
        "--mechanism",
        mechanism,
        "-a",
        ServerProcess.USER,
        "-z",
        ServerProcess.USER);
  }

  @Tag("D6")
  @ParameterizedTest
  @ValueSource(strings = {"SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN"})
  void gsasl_logs_in(String mechanism) throws Exception {
    // Where a channel could be bound gsasl does not log in without; --no-cb lets it.
    var in = gsasl(mechanism, ServerProcess.PASSWORD, "--no-cb");
    assertTrue((in.out() + in.err()).contains("235 2.7.0"), in.toString());
    accepted(mechanism, "password");
    var wrong = gsasl(mechanism, "wrong", "--no-cb");
    assertTrue((wrong.out() + wrong.err()).contains("535 5.7.8"), wrong.toString());
  }

  @Test
  void gsasl_logs_in_by_scram_bound_to_its_tls_connection() throws Exception {
    var in = gsasl("SCRAM-SHA-256-PLUS", ServerProcess.PASSWORD);
    String said = in.out() + in.err();
    assertTrue(said.contains("235 2.7.0") && said.contains("server trusted"), in.toString());
    String event = accepted("SCRAM-SHA-256-PLUS", "password");
    assertTrue(event.contains(" binding=tls-exporter "), event);
    String connection = event.replaceFirst("^.*?(\\w{12}: )auth-ok .*", "$1");
    server.awaitLog(line -> line.contains(connection + "tls tls=TLSv1.3 "));
    var wrong = gsasl("SCRAM-SHA-256-PLUS", "wrong");
    assertTrue((wrong.out() + wrong.err()).contains("535 5.7.8"), wrong.toString());
  }

  /** Its certificate is good and its wire is flawless; still it is not the client's other end. */
  @Test
  void through_a_man_in_the_middle_the_same_client_is_refused() throws Exception {
    try (var middle =
        new Interceptor(server.port("submission"), folder.resolve("issuer.p12"), "x12345")) {
      List<String> client = new ArrayList<>(gsaslCommand("SCRAM-SHA-256-PLUS"));
      client.replaceAll(
          word ->
              word.startsWith(PIPE)
                  ? PIPE + ":" + middle.port()
                  : word.startsWith("--x509-ca-file=")
                      ? "--x509-ca-file=" + authority.certificate()
                      : word);
      client.addAll(List.of("-p", ServerProcess.PASSWORD));
      var refused = ServerProcess.run(client, "", Map.of());
      assertTrue((refused.out() + refused.err()).contains("535 5.7.8"), refused.toString());
      server.awaitLog(line -> line.contains(": auth-failed why=notbound mech=SCRAM-SHA-256-PLUS"));
      // Nothing is wrong with the line: by a login that binds nothing it lets the client in.
      client.replaceAll(word -> word.equals("SCRAM-SHA-256-PLUS") ? "PLAIN" : word);
      client.add("--no-cb");
      var in = ServerProcess.run(client, "", Map.of());
      assertTrue((in.out() + in.err()).contains("235 2.7.0"), in.toString());
    }
  }

  // ---- msmtp and curl

  private static ServerProcess.Result msmtp(String mechanism, String secret, String... more)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "msmtp",
                "--host=localhost",
                "--port=" + server.port("submissions"),
                "--tls=on",
                "--tls-starttls=off",
                "--tls-trust-file=" + server.certificate(),
                "--auth=" + mechanism,
                "--user=" + ServerProcess.USER,
                "--passwordeval=echo '" + secret + "'",
                "--from=" + ServerProcess.USER));
    command.addAll(List.of(more));
    command.add("bob@example.net");
    return ServerProcess.run(command, "Subject: x\r\n\r\nx\r\n", Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"scram-sha-256", "scram-sha-1", "cram-md5"})
  void msmtp_sends(String mechanism) throws Exception {
    var sent = msmtp(mechanism, ServerProcess.PASSWORD);
    assertEquals(0, sent.exit(), sent.toString());
    accepted(mechanism.toUpperCase(), "password");
    assertFalse(msmtp(mechanism, "wrong").exit() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"oauthbearer", "xoauth2"})
  void msmtp_sends_by_a_token_and_not_by_one_that_is_over(String mechanism) throws Exception {
    var sent = msmtp(mechanism, issuer.token(600));
    assertEquals(0, sent.exit(), sent.toString());
    accepted(mechanism.toUpperCase(), "token:provider");
    assertFalse(msmtp(mechanism, issuer.token(-600)).exit() == 0);
  }

  private static ServerProcess.Result curl(String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "curl",
                "-sS",
                "-v",
                "--cacert",
                server.certificate().toString(),
                "--url",
                "smtps://localhost:" + server.port("submissions"),
                "--mail-from",
                ServerProcess.USER,
                "--mail-rcpt",
                "bob@example.net",
                "--upload-file",
                "-"));
    command.addAll(List.of(more));
    return ServerProcess.run(command, "Subject: x\r\n\r\nx\r\n", Map.of());
  }

  /** A message that has begun goes on; with the token's end ends the right to begin another. */
  @Test
  void with_its_token_the_right_to_begin_a_message_ends() throws Exception {
    try (var client = new Client(server.port("submissions"))) {
      client.command("EHLO client", 250);
      String bearer =
          "n,a=" + ServerProcess.USER + ",\u0001auth=Bearer " + issuer.token(4) + "\u0001\u0001";
      client.command(
          "AUTH OAUTHBEARER "
              + Base64.getEncoder().encodeToString(bearer.getBytes(StandardCharsets.US_ASCII)),
          235);
      client.command("MAIL FROM:<" + ServerProcess.USER + ">", 250);
      Thread.sleep(5_000);
      client.command("RCPT TO:<bob@example.net>", 250);
      client.command("DATA", 354);
      client.write("Subject: begun in time\r\n\r\nx\r\n.\r\n");
      client.expect(250);
      client.command("MAIL FROM:<" + ServerProcess.USER + ">", 530);
    }
  }

  @Test
  void curl_sends_by_a_token() throws Exception {
    var sent =
        curl(
            "--user",
            ServerProcess.USER,
            "--oauth2-bearer",
            issuer.token(600),
            "--login-options",
            "AUTH=OAUTHBEARER");
    assertEquals(0, sent.exit(), sent.toString());
  }

  @Test
  void curl_sends_by_its_certificate_when_that_is_a_key_and_not_before_nor_after()
      throws Exception {
    String[] external = {
      "--cert",
      authority.file("anna", "crt").toString(),
      "--key",
      authority.file("anna", "key").toString(),
      "--user",
      ServerProcess.USER + ":",
      "--login-options",
      "AUTH=EXTERNAL"
    };
    assertFalse(curl(external).err().contains("AUTH SCRAM-SHA-256-PLUS EXTERNAL"));
    assertFalse(curl(external).exit() == 0, "nobody's key yet");
    String file = authority.file("anna", "crt").toString();
    var added = server.heddle("", "key", "add", ServerProcess.USER, file, "--label", "laptop");
    assertEquals(0, added.exit(), added.toString());
    var sent = curl(external);
    assertEquals(0, sent.exit(), sent.toString());
    accepted("EXTERNAL", "key:laptop");
    assertTrue(server.heddle("", "key", "list").out().contains("laptop"));
    assertTrue(server.heddle("", "key", "add", ServerProcess.USER, file).exit() != 0, "twice");
    assertEquals(0, server.heddle("", "key", "remove", ServerProcess.USER, "laptop").exit());
    assertFalse(curl(external).exit() == 0, "removed");
  }

  @Test
  void a_fingerprint_that_can_be_forged_is_no_key() throws Exception {
    for (String forged : List.of("ab".repeat(16), "AB:".repeat(19) + "AB")) {
      var refused = server.heddle("", "key", "add", ServerProcess.USER, forged);
      assertEquals(2, refused.exit(), refused.toString());
      assertTrue(refused.err().contains("can be forged"), refused.toString());
    }
    assertEquals(2, server.heddle("", "key", "add", ServerProcess.USER, "/nonexistent.pem").exit());
  }
}
