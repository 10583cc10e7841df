package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each hook of {@code examples/hooks}, as it lies there, by a client that is not ours. */
class ExampleHooksIT {
  private static final String PHRASE = "This is a test.";
  private static Path folder;
  private static Authority authority;
  private static @Nullable Postfix postfix;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    folder = Tools.folder("hooks");
    authority = Authority.make(folder, "ca");
    authority.certify("anna", "email:anna@example.org");
    if (Tools.isRoot()) {
      postfix =
          new Postfix(
              Map.of(
                  "asked",
                  List.of(
                      "smtpd_sasl_auth_enable=yes",
                      "smtpd_sasl_security_options=noanonymous",
                      "smtpd_tls_auth_only=no")));
    }
    StringBuilder listeners = new StringBuilder();
    for (String name : List.of("cram", "table", "cert", "otp", "lookup", "front")) {
      listeners.append(
          "[listener.%s]\nbind = [\"127.0.0.1:0\"]\ntls = \"starttls\"\n".formatted(name));
    }
    server =
        ServerProcess.prepare(
            ServerProcess.CONFIG
                + listeners
                + """
                [tls]
                client-certificate = "request"
                client-ca = ["%s"]
                [session]
                proxy = [ { if = "listener", eq = "front", then = "Xclient" }, { else = false } ]
                [session.auth]
                mechanisms = [
                  { if = "listener", eq = "cram", then = ["plain", "cram-md5"] },
                  { if = "listener", eq = "cert", then = ["external"] },
                  { if = "listener", eq = "otp", then = ["plain", "otp"] },
                  { else = ["plain"] },
                ]
                hook = [
                  { if = "listener", eq = "cram", then = "CramMd5" },
                  { if = "listener", eq = "cert", then = "CertificateLogin" },
                  { if = "listener", eq = "otp", then = "Otp" },
                  { else = false },
                ]
                lookup = [
                  { if = "listener", eq = "table", then = "hook/UserTable" },
                  { if = "listener", eq = "lookup", then = "hook/SmtpLookup" },
                  { else = "local" },
                ]
                [session.auth.errors]
                wait = "1ms"
                """
                    .formatted(authority.certificate()),
            Map.of(
                "HEDDLE_JAVA_OPTS",
                "-Dlookup.host=localhost -Dlookup.port="
                    + (postfix == null ? 1 : postfix.port("asked"))));
    Path hooks = Files.createDirectories(server.home().resolve("etc/hooks"));
    Files.setPosixFilePermissions(hooks, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (var files = Files.newDirectoryStream(Path.of("examples/hooks"), "*.java")) {
      for (Path file : files) {
        Path copy = hooks.resolve(String.valueOf(file.getFileName()));
        Files.copy(file, copy);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
      }
    }
    Files.writeString(
        server.home().resolve("etc/fingerprints"),
        "sha256 " + authority.fingerprint("anna") + " anna@example.org\n");
    Path otp = Files.createDirectories(server.home().resolve("var/otp"));
    Files.writeString(otp.resolve("anna@example.org"), "otp-md5 500 ke1234 " + otp(500) + "\n");
    server.serve();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    if (postfix != null) {
      postfix.close();
    }
  }

  /** RFC 2289: hashed and folded, so many times and once. */
  private static String otp(int times) throws Exception {
    byte[] state = ("ke1234" + PHRASE).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i <= times; i++) {
      byte[] hash = MessageDigest.getInstance("MD5").digest(state);
      state = new byte[8];
      for (int j = 0; j < 8; j++) {
        state[j] = (byte) (hash[j] ^ hash[j + 8]);
      }
    }
    return HexFormat.of().formatHex(state);
  }

  private static ServerProcess.Result run(String input, String... words) throws Exception {
    return ServerProcess.run(List.of(words), input, Map.of());
  }

  private static String swaks(String listener, String user, String password, String... more)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "swaks",
                "--server",
                "127.0.0.1",
                "--port",
                "" + server.port(listener),
                "--tls",
                "--auth",
                "PLAIN",
                "--auth-user",
                user,
                "--auth-password",
                password,
                "--quit-after",
                "AUTH"));
    command.addAll(List.of(more));
    var result = ServerProcess.run(command, "", Map.of());
    return result.out() + result.err();
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "wrong"})
  @Tag("D11")
  void gsasl_speaks_cram_md5_with_a_hook(String password) throws Exception {
    var in =
        run(
            "",
            "gsasl",
            "--smtp",
            "--connect",
            "localhost:" + server.port("cram"),
            "--x509-ca-file=" + server.certificate(),
            "--mechanism",
            "CRAM-MD5",
            "--no-cb",
            "-a",
            "john.doe",
            "-p",
            password);
    String expected = password.equals("secret") ? "235 2.7.0" : "535 5.7.8";
    assertTrue((in.out() + in.err()).contains(expected), in.toString());
  }

  @Test
  @Tag("E8")
  void swaks_is_in_the_table_of_users() throws Exception {
    assertTrue(swaks("table", "scott", "tiger").contains("235 2.7.0"));
    assertTrue(swaks("table", "scott", "lion").contains("535 5.7.8"));
    assertTrue(swaks("table", "anna@example.org", "correct horse").contains("535 5.7.8"));
  }

  @Test
  @Tag("A23")
  void curl_shows_a_certificate_whose_fingerprint_is_listed() throws Exception {
    String[] curl = {
      "curl",
      "-sS",
      "-v",
      "--ssl-reqd",
      "--cacert",
      server.certificate().toString(),
      "--cert",
      authority.file("anna", "crt").toString(),
      "--key",
      authority.file("anna", "key").toString(),
      "--user",
      "anna@example.org:",
      "--login-options",
      "AUTH=EXTERNAL",
      "--url",
      "smtp://localhost:" + server.port("cert"),
      "--mail-from",
      "anna@example.org",
      "--mail-rcpt",
      "bob@example.net",
      "--upload-file",
      "-"
    };
    var sent = run("Subject: x\r\n\r\nx\r\n", curl);
    assertEquals(0, sent.exit(), sent.toString());
    Files.writeString(server.home().resolve("etc/fingerprints"), "md5 00 anna@example.org\n");
    assertTrue(run("x", curl).exit() != 0, "no longer listed");
  }

  @Test
  @Tag("D6")
  void cyrus_speaks_otp_with_a_hook_and_each_password_once() throws Exception {
    for (int left : new int[] {499, 498}) {
      var in = smtptest(PHRASE);
      assertTrue(in.out().contains("Authenticated."), in.toString());
      assertTrue(
          Files.readString(server.home().resolve("var/otp/anna@example.org"))
              .startsWith("otp-md5 " + left + " ke1234 " + otp(left)));
    }
    var wrong = smtptest("This is no test.");
    assertTrue(wrong.out().contains("Authentication failed"), wrong.toString());
  }

  private static ServerProcess.Result smtptest(String phrase) throws Exception {
    String user = "anna@example.org";
    String port = Integer.toString(server.port("otp"));
    return run(
        "QUIT\r\n",
        "/usr/lib/cyrus/bin/smtptest",
        "-p",
        port,
        "-t",
        "",
        "-m",
        "OTP",
        "-a",
        user,
        "-u",
        user,
        "-w",
        phrase,
        "localhost");
  }

  @Test
  @Tag("C26")
  void openssl_says_commands_of_the_sites_own() throws Exception {
    var said =
        run(
            "EHLO x\nXCLIENT ADDR=1.1.1.1\nXCLIENT LOGIN=anna\nXNOTE\nfirst\nRSET\n.\nXNOTES\nQUIT\n",
            "openssl",
            "s_client",
            "-connect",
            "localhost:" + server.port("front"),
            "-starttls",
            "smtp",
            "-crlf",
            "-quiet",
            "-ign_eof");
    for (String reply :
        List.of("250 2.0.0 Noted", "501 5.5.4 ", "354 ", "250 2.0.0 2 lines noted", "1 notes")) {
      assertTrue(said.out().contains(reply), reply + " is missing in " + said);
    }
  }

  /** A real Postfix, with Dovecot behind it, is asked by the hook. */
  @Test
  @Tag("D6")
  void swaks_is_looked_up_at_postfix() throws Exception {
    assumeTrue(postfix != null, "Postfix starts as root only");
    assertTrue(swaks("lookup", Postfix.USER, Postfix.PASSWORD).contains("235 2.7.0"));
    assertTrue(swaks("lookup", Postfix.USER, "wrong").contains("535 5.7.8"));
    assertTrue(swaks("lookup", "nobody", "wrong").contains("535 5.7.8"));
  }
}
