package heddle.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.control.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code config check} looks at the files that are named, too. */
class ConfigCheckTest {
  private static final Request CHECK = Request.of("config.check", Map.of());

  private static void authority(Path file, String more) throws Exception {
    String[] command =
        ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout "
                + file
                + ".key -out "
                + file
                + " -subj /CN=authority"
                + more)
            .split(" ");
    Process made = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(made.getInputStream().readAllBytes());
    assertEquals(0, made.waitFor(), said);
  }

  @Test
  void files_about_client_certificates_are_read() throws Exception {
    Home home = TestHome.make("[tls]\nclient-ca = [\"ca.pem\"]\n");
    var desk = new ConfigDesk(home);
    Path file = home.inEtc("ca.pem");
    var missing = assertThrows(Refused.class, () -> desk.ask(CHECK)).answer();
    assertEquals(78, missing.exit());
    assertEquals("The file " + file + " cannot be read.", missing.what());
    assertEquals("It does not exist.", missing.why());

    authority(file, "");
    assertTrue(desk.ask(CHECK).rows().toString().endsWith("is good}]"));
    assertEquals(1, desk.ask(CHECK).rows().size());

    Files.writeString(
        home.config(), "[tls]\nclient-ca = [\"ca.pem\"]\nclient-crl = [\"ca.pem\"]\n");
    var noList = assertThrows(Refused.class, () -> desk.ask(CHECK)).answer();
    assertEquals("The file " + file + " holds no revocation list.", noList.what());
  }
}
