package heddle.real;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The clients that people have, over both ports; each message arrives octet for octet. */
class RealClientsIT {
  private static final String TO = "bob@example.net";
  private static ServerProcess server;
  private static int passed;

  @BeforeAll
  static void start() throws Exception {
    server = ServerProcess.start(ServerProcess.CONFIG);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    System.out.println(
        "real clients: " + passed + " deliveries by curl, swaks, msmtp, openssl, smtplib");
  }

  /** Lines of dots, 8-bit, and one as long as a line may be. */
  private static byte[] message(String token) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(
        ("From: anna@example.org\r\nTo: bob@example.net\r\nSubject: "
                + token
                + "\r\nDate: Sat, 21 Nov 2026 08:00:00 +0000\r\nMessage-ID: <"
                + token
                + "@example.org>\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8));
    out.writeBytes(
        (".\r\n..\r\n.leading\r\nGrüße, 8 bit\r\n" + "x".repeat(998) + "\r\n\r\nend\r\n")
            .getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  private static void arrives(String token, byte[] sent) throws Exception {
    long until = System.nanoTime() + 20_000_000_000L;
    while (System.nanoTime() < until) {
      for (Path file : server.arrived(TO)) {
        byte[] there = Files.readAllBytes(file);
        String text = new String(there, StandardCharsets.ISO_8859_1);
        if (text.contains("Subject: " + token + "\r\n")) {
          int body = text.indexOf("\r\n\r\n");
          int sentBody = new String(sent, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
          assertArrayEquals(
              Arrays.copyOfRange(sent, sentBody, sent.length),
              Arrays.copyOfRange(there, body, there.length));
          assertTrue(text.startsWith("Return-Path: <anna@example.org>\r\n"), text);
          assertTrue(text.contains("with ESMTPSA id "), text);
          passed++;
          return;
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError(token + " did not arrive: " + server.log());
  }

  private static ServerProcess.Result run(byte[] input, String... command) throws Exception {
    var result =
        ServerProcess.run(List.of(command), new String(input, StandardCharsets.UTF_8), Map.of());
    assertEquals(0, result.exit(), Arrays.toString(command) + result);
    return result;
  }

  private static Path file(byte[] message) throws Exception {
    Path file = Files.createTempFile("message", ".eml");
    Files.write(file, message);
    file.toFile().deleteOnExit();
    return file;
  }

  @ParameterizedTest
  @CsvSource({"submissions, smtps", "submission, smtp"})
  void curl(String listener, String scheme) throws Exception {
    byte[] message = message("curl-" + listener);
    run(
        message,
        "curl",
        "-sS",
        "--ssl-reqd",
        "--cacert",
        server.certificate().toString(),
        "--url",
        scheme + "://localhost:" + server.port(listener),
        "--user",
        ServerProcess.USER + ":" + ServerProcess.PASSWORD,
        "--mail-from",
        ServerProcess.USER,
        "--mail-rcpt",
        TO,
        "--upload-file",
        "-");
    arrives("curl-" + listener, message);
  }

  @ParameterizedTest
  @CsvSource({
    "submissions, --tls-on-connect, PLAIN",
    "submission, --tls, PLAIN",
    "submissions, --tls-on-connect, LOGIN",
    "submission, --tls, LOGIN"
  })
  void swaks(String listener, String tls, String mechanism) throws Exception {
    String token = "swaks-" + mechanism + "-" + listener;
    byte[] message = message(token);
    run(
        new byte[0],
        "swaks",
        "--server",
        "127.0.0.1",
        "--port",
        "" + server.port(listener),
        tls,
        "--auth",
        mechanism,
        "--auth-user",
        ServerProcess.USER,
        "--auth-password",
        ServerProcess.PASSWORD,
        "--from",
        ServerProcess.USER,
        "--to",
        TO,
        "--helo",
        "client.example.org",
        "--data",
        "@" + file(message));
    // swaks ends a message with an empty line of its own.
    var out = new ByteArrayOutputStream();
    out.writeBytes(message);
    out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    arrives(token, out.toByteArray());
  }

  @ParameterizedTest
  @CsvSource({"submissions, off", "submission, on"})
  void msmtp(String listener, String startTls) throws Exception {
    String token = "msmtp-" + listener;
    byte[] message = message(token);
    run(
        message,
        "msmtp",
        "--host=localhost",
        "--port=" + server.port(listener),
        "--tls=on",
        "--tls-starttls=" + startTls,
        "--tls-trust-file=" + server.certificate(),
        "--auth=plain",
        "--user=" + ServerProcess.USER,
        "--passwordeval=echo '" + ServerProcess.PASSWORD + "'",
        "--from=" + ServerProcess.USER,
        "--domain=client.example.org",
        TO);
    arrives(token, message);
  }

  @ParameterizedTest
  @CsvSource({"submissions, ''", "submission, '-starttls smtp'"})
  void openssl(String listener, String startTls) throws Exception {
    String token = "openssl-" + listener;
    byte[] message = message(token);
    String login =
        Base64.getEncoder()
            .encodeToString(
                ("\0" + ServerProcess.USER + "\0" + ServerProcess.PASSWORD)
                    .getBytes(StandardCharsets.UTF_8));
    String stuffed = new String(message, StandardCharsets.UTF_8).replace("\r\n.", "\r\n..");
    String script =
        "(printf 'EHLO client\\r\\nAUTH PLAIN %s\\r\\n'; sleep 1;"
            + " printf 'MAIL FROM:<%s>\\r\\nRCPT TO:<%s>\\r\\nDATA\\r\\n'; sleep 0.3; cat \"$0\"; printf '.\\r\\nQUIT\\r\\n'; sleep 1)"
                .formatted(ServerProcess.USER, TO)
                .replace("%s", "%s");
    var result =
        run(
            new byte[0],
            "sh",
            "-c",
            script.formatted(login)
                + " | openssl s_client -quiet -connect 127.0.0.1:"
                + server.port(listener)
                + " "
                + startTls
                + " -verify_return_error -CAfile "
                + server.certificate()
                + " -ign_eof",
            file(stuffed.getBytes(StandardCharsets.UTF_8)).toString());
    assertTrue(result.out().contains("250 2.0.0 Queued as "), result.toString());
    arrives(token, message);
  }

  @ParameterizedTest
  @CsvSource({"submissions", "submission"})
  void python_smtplib(String listener) throws Exception {
    String token = "smtplib-" + listener;
    byte[] message = message(token);
    String program =
        """
        import smtplib, ssl, sys
        trust = ssl.create_default_context(cafile=sys.argv[2])
        if sys.argv[1] == "submissions":
            server = smtplib.SMTP_SSL("localhost", int(sys.argv[3]), context=trust)
        else:
            server = smtplib.SMTP("localhost", int(sys.argv[3]))
            server.starttls(context=trust)
        server.login(sys.argv[4], sys.argv[5])
        server.sendmail(sys.argv[4], [sys.argv[6]], open(sys.argv[7], "rb").read())
        server.quit()
        """;
    run(
        new byte[0],
        "python3",
        "-c",
        program,
        listener,
        server.certificate().toString(),
        "" + server.port(listener),
        ServerProcess.USER,
        ServerProcess.PASSWORD,
        TO,
        file(message).toString());
    arrives(token, message);
  }

  @Test
  void the_example_program_sends_a_message() throws Exception {
    var result =
        ServerProcess.run(
            List.of(
                "python3",
                "examples/clients/send.py",
                "localhost",
                "" + server.port("submissions"),
                ServerProcess.USER,
                "carol@example.net"),
            "Hello.\n",
            Map.of(
                "HEDDLE_PASSWORD",
                ServerProcess.PASSWORD,
                "HEDDLE_CERTIFICATE",
                server.certificate().toString()));
    assertEquals("accepted", result.out().strip(), result.toString());
  }
}
