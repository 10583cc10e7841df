package heddle.real;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole exchanges go through to a real Dovecot, spoken by a client that is not ours. */
@Tag("D4")
class RelayIT {
  private static Dovecot dovecot;
  private static ServerProcess server;

  @BeforeAll
  static void a_server_that_asks_dovecot() throws Exception {
    dovecot =
        Dovecot.start(
            Dovecot.Setup.of(ServerProcess.USER + ":{PLAIN}over there::::::").withoutImap());
    server =
        ServerProcess.start(
            ServerProcess.CONFIG
                + """
                [session.auth]
                mechanisms = [
                  "PLAIN", "LOGIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "CRAM-MD5", "DIGEST-MD5", "NTLM",
                ]
                lookup = "remote/dovecot"
                [session.auth.errors]
                wait = "1ms"
                [remote.dovecot]
                protocol = "dovecot"
                socket = "%s"
                timeout = "20s"
                """
                    .formatted(dovecot.authSocket()));
    // What it speaks it tells in its own time.
    long until = System.nanoTime() + 10_000_000_000L;
    while (!offer().contains("SCRAM-SHA-256") && System.nanoTime() < until) {
      Thread.sleep(100);
    }
  }

  @AfterAll
  static void closed() throws Exception {
    server.close();
    dovecot.stop();
  }

  private static String offer() throws Exception {
    return gsasl("PLAIN", "nothing");
  }

  private static String gsasl(String mechanism, String password) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "gsasl",
                "--smtp",
                "--no-cb",
                "--connect",
                "127.0.0.1:" + server.port("submission"),
                "--x509-ca-file=" + server.certificate(),
                "--mechanism",
                mechanism,
                "-a",
                ServerProcess.USER,
                "-z",
                ServerProcess.USER,
                "--realm",
                "",
                "--service",
                "smtp",
                "--hostname",
                "localhost",
                "-p",
                password));
    var result = ServerProcess.run(command, "", Map.of());
    return result.out() + result.err();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "LOGIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "CRAM-MD5"})
  void a_client_logs_in_with_the_password_that_only_dovecot_knows(String mechanism)
      throws Exception {
    String in = gsasl(mechanism, "over there");
    assertTrue(in.contains("235 2.7.0"), in);
    server.awaitLog(
        line ->
            line.contains(": auth-ok mech=" + mechanism + " credential=remote/dovecot ")
                && line.contains(" user=" + ServerProcess.USER + " "));
    String wrong = gsasl(mechanism, "wrong");
    assertTrue(wrong.contains("535 5.7.8"), wrong);
  }

  @Test
  void what_dovecot_speaks_and_we_do_not_is_offered_and_what_neither_does_is_not()
      throws Exception {
    String offer = offer();
    assertTrue(offer.contains("DIGEST-MD5"), offer);
    assertTrue(!offer.contains("NTLM") && !offer.contains("-PLUS"), offer);
  }
}
