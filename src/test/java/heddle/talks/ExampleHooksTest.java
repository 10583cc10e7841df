package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.TestHome;
import heddle.peer.Digest;
import heddle.peer.Fingerprint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManager;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hooks in {@code examples/hooks}, as they lie there. */
class ExampleHooksTest {
  @TempDir static Path folder;

  private static TestServer start(String config, String hook, Map<String, String> more)
      throws Exception {
    Map<String, String> files = new HashMap<>(more);
    String name = hook + ".java";
    files.put("etc/hooks/" + name, Files.readString(Path.of("examples/hooks", name)));
    return TestServer.start(config, files);
  }

  private static String auth(String mechanisms, String hook) {
    return "[session.auth]\nmechanisms = [%s]\nhook = \"%s\"\n".formatted(mechanisms, hook);
  }

  private static String hmacMd5(String secret, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacMD5");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacMD5"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  @Tag("D6")
  @Tag("D11")
  void cram_md5_by_hand() throws Exception {
    try (TestServer server =
        start(auth("\"plain\", \"cram-md5\"", "CramMd5"), "CramMd5", Map.of())) {
      try (Speaker client = Speaker.named(server, "x")) {
        assertTrue(client.ask("AUTH CRAM-MD5 QUI=").startsWith("501 5.7.0 Bad syntax"));
        String challenge = Speaker.prompt(client.ask("AUTH CRAM-MD5"));
        assertTrue(client.answer("john.doe " + hmacMd5("wrong", challenge)).startsWith("535 "));
        String second = Speaker.prompt(client.ask("AUTH CRAM-MD5"));
        assertTrue(!second.equals(challenge), "the same challenge twice");
        assertTrue(client.answer("john.doe " + hmacMd5("secret", second)).startsWith("235 "));
      }
      try (Speaker client = Speaker.named(server, "x")) {
        String reply = client.plain("anna@example.org", "correct horse");
        assertTrue(reply.startsWith("235 "), "PLAIN is left to the server: " + reply);
      }
    }
  }

  @Test
  @Tag("E1")
  @Tag("E3")
  @Tag("E6")
  @Tag("E8")
  void a_table_of_users_and_the_accounts_behind_it() throws Exception {
    String config = "[session.auth]\nlookup = [\"hook/UserTable\", \"local\"]\n";
    try (TestServer server = start(config, "UserTable", Map.of())) {
      try (Speaker client = Speaker.named(server, "x")) {
        assertTrue(client.plain("scott", "lion").startsWith("535 "));
        assertTrue(client.plain("scott", "").startsWith("501 "));
        assertTrue(client.plain("scott", "tiger").startsWith("235 "));
      }
      try (Speaker client = Speaker.named(server, "x")) {
        client.ask("AUTH LOGIN");
        client.answer("scott");
        assertTrue(client.answer("tiger").startsWith("235 "));
      }
      try (Speaker client = Speaker.named(server, "x")) {
        assertTrue(client.plain("anna@example.org", "correct horse").startsWith("235 "));
      }
    }
  }

  @Test
  @Tag("A23")
  @Tag("A28")
  void a_certificate_by_each_of_the_four_digests() throws Exception {
    Papers papers = Papers.in(folder);
    KeyManager[] keys = papers.keys();
    String config = auth("\"external\", \"plain\"", "CertificateLogin");
    try (TestServer server =
        start(config, "CertificateLogin", Map.of("etc/fingerprints", "sha256 00 nobody\n"))) {
      for (Digest digest : Digest.values()) {
        Fingerprint print = Fingerprint.of(digest, papers.leaf());
        for (String text : new String[] {print.hex(), print.colons()}) {
          String line = digest.word() + " " + text + " anna@example.org\n";
          TestHome.write(server.home(), Map.of("etc/fingerprints", line));
          try (Speaker client = Speaker.named(server, "x", keys)) {
            assertTrue(client.ask("AUTH EXTERNAL =").startsWith("235 "), line);
            assertTrue(client.ask("MAIL FROM:<anna@example.org>").startsWith("250 "));
          }
        }
      }
      try (Speaker client = Speaker.named(server, "x", keys)) {
        assertTrue(client.ask("AUTH EXTERNAL").equals("334 "), "asked with nothing");
        assertTrue(client.answer("bob@example.org").startsWith("535 "), "as another");
        assertTrue(client.ask("AUTH EXTERNAL").equals("334 "));
        assertTrue(client.answer("anna@example.org").startsWith("235 "));
      }
      TestHome.write(server.home(), Map.of("etc/fingerprints", "sha1 00:01 anna@example.org\n"));
      try (Speaker client = Speaker.named(server, "x", keys)) {
        assertTrue(client.ask("AUTH EXTERNAL =").startsWith("535 "));
      }
      try (Speaker client = new Speaker(server)) {
        assertTrue(client.ask("EHLO x").contains("AUTH PLAIN"), "EXTERNAL without a certificate");
        assertTrue(client.ask("AUTH EXTERNAL =").startsWith("504 "));
      }
    }
  }

  @Test
  @Tag("C22")
  @Tag("C23")
  @Tag("C26")
  void xclient_and_a_command_of_several_lines() throws Exception {
    try (TestServer server = start("[session]\nproxy = \"Xclient\"\n", "Xclient", Map.of());
        Speaker client = Speaker.named(server, "x")) {
      assertEquals("250 2.0.0 Noted", client.ask("XCLIENT ADDR=1.1.1.1 NAME=example.org"));
      assertTrue(client.ask("XCLIENT LOGIN=anna").startsWith("501 5.5.4 "));
      assertTrue(client.ask("XNOTE").startsWith("354 "));
      assertTrue(client.ask("QUIT").startsWith("354 "), "a line of the note");
      assertTrue(client.ask("RSET").startsWith("354 "));
      assertEquals("250 2.0.0 2 lines noted", client.ask("."));
      assertEquals("250-2.0.0 There are|250 2.0.0 1 notes", client.ask("XNOTES"));
      assertTrue(client.plain("anna@example.org", "correct horse").startsWith("235 "));
    }
  }

  /** A server that lets in one user, and is out of order for another. */
  private static void other(ServerSocket ear) {
    while (!ear.isClosed()) {
      try (Socket socket = ear.accept();
          var in =
              new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
        say(socket, "220 other");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          String right = "AUTH PLAIN " + Speaker.base64("lisa\0lisa\0pw");
          String broken = "AUTH PLAIN " + Speaker.base64("down\0down\0pw");
          say(
              socket,
              line.startsWith("EHLO")
                  ? "250-other\r\n250 AUTH PLAIN"
                  : line.equals(right) ? "235 in" : line.equals(broken) ? "454 no" : "535 no");
        }
      } catch (IOException gone) {
        // The next, if there is one.
      }
    }
  }

  private static void say(Socket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @Tag("D6")
  void another_smtp_server_is_asked() throws Exception {
    try (ServerSocket ear = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.ofVirtual().start(() -> other(ear));
      System.setProperty("lookup.host", "127.0.0.1");
      System.setProperty("lookup.port", "" + ear.getLocalPort());
      String config = "[session.auth]\nlookup = \"hook/SmtpLookup\"\n";
      try (TestServer server = start(config, "SmtpLookup", Map.of());
          Speaker client = Speaker.named(server, "x")) {
        assertTrue(client.plain("lisa", "wrong").startsWith("535 "));
        assertTrue(client.plain("down", "pw").startsWith("454 "));
        assertTrue(client.plain("lisa", "pw").startsWith("235 "));
      }
    }
  }

  /** RFC 2289: the seed in lower case and the pass phrase, hashed and folded, again and again. */
  private static String otp(String seed, String phrase, int times) throws Exception {
    byte[] state = (seed.toLowerCase() + phrase).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i <= times; i++) {
      state = folded(state);
    }
    return HexFormat.of().formatHex(state);
  }

  private static byte[] folded(byte[] state) throws Exception {
    byte[] hash = MessageDigest.getInstance("MD5").digest(state);
    byte[] folded = new byte[8];
    for (int j = 0; j < 8; j++) {
      folded[j] = (byte) (hash[j] ^ hash[j + 8]);
    }
    return folded;
  }

  /** RFC 2444 §4, the example: tim, his challenge, and what he answers. */
  @Test
  @Tag("D6")
  void the_example_of_rfc_2444_goes_as_it_is_printed() throws Exception {
    String before = HexFormat.of().formatHex(folded(HexFormat.of().parseHex("11d4c147e227c1f1")));
    String last = "otp-md5 124 ke1234 " + before + "\n";
    try (TestServer server =
        start(auth("\"plain\", \"otp\"", "Otp"), "Otp", Map.of("var/otp/tim", last))) {
      try (Speaker client = Speaker.named(server, "x")) {
        assertEquals(
            "otp-md5 123 ke1234 ext",
            Speaker.prompt(client.ask("AUTH OTP " + Speaker.base64("\0tim"))));
        assertTrue(client.answer("hex:11d4c147e227c1f1").startsWith("235 "));
      }
    }
  }

  @Test
  @Tag("D6")
  void a_password_is_taken_once() throws Exception {
    // RFC 2289, appendix C.
    assertEquals("9e876134d90499dd", otp("TeSt", "This is a test.", 0));
    assertEquals("50fe1962c4965880", otp("TeSt", "This is a test.", 99));
    String last = "otp-md5 100 test " + otp("TeSt", "This is a test.", 100) + "\n";
    try (TestServer server =
        start(auth("\"plain\", \"otp\"", "Otp"), "Otp", Map.of("var/otp/anna@example.org", last))) {
      String names = "AUTH OTP " + Speaker.base64("\0anna@example.org");
      try (Speaker client = Speaker.named(server, "x")) {
        assertEquals("otp-md5 99 test ext", Speaker.prompt(client.ask(names)));
        assertTrue(client.answer("hex:0011223344556677").startsWith("535 "));
        assertEquals("", Speaker.prompt(client.ask("AUTH OTP")));
        assertEquals("otp-md5 99 test ext", Speaker.prompt(client.answer("\0anna@example.org")));
        assertTrue(client.answer("hex:50fe1962c4965880").startsWith("235 "));
      }
      try (Speaker client = Speaker.named(server, "x")) {
        assertEquals("otp-md5 98 test ext", Speaker.prompt(client.ask(names)));
        assertTrue(client.answer("hex:50fe1962c4965880").startsWith("535 "), "a second time");
        assertTrue(client.ask("AUTH OTP " + Speaker.base64("\0nobody")).startsWith("535 "));
      }
    }
  }
}
