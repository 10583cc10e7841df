package heddle.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The other names of the suites, by the word of {@code openssl ciphers -stdname}. */
class CipherNamesTest {
  private static final Pattern LINE =
      Pattern.compile("(TLS_\\S+) +- (\\S+) .* Enc=[\\w/]+\\((\\d+)\\).*");

  @Test
  @Tag("A26")
  @Tag("A27")
  @Tag("C9")
  void A26_A27_C9_every_suite_that_the_jdk_can_speak_has_openssls_name_and_key_size()
      throws Exception {
    Process openssl =
        new ProcessBuilder("/usr/bin/openssl", "ciphers", "-v", "-stdname", "ALL:@SECLEVEL=0")
            .redirectErrorStream(true)
            .start();
    String text = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    Set<String> ours =
        Set.copyOf(
            Arrays.asList(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites()));
    var told = new TreeSet<String>();
    for (Matcher line : text.lines().map(LINE::matcher).filter(Matcher::matches).toList()) {
      if (ours.contains(line.group(1))) {
        var info = new TlsInfo("TLSv1.2", line.group(1), Optional.empty(), false, false);
        assertEquals(line.group(2), info.opensslCipher());
        assertEquals(Integer.parseInt(line.group(3)), info.keySize(), line.group());
        told.add(line.group(1));
      }
    }
    assertTrue(told.contains("TLS_AES_128_GCM_SHA256"), told.toString());
    assertTrue(told.size() >= 25, told.toString());
    ours.stream()
        .filter(suite -> suite.matches("TLS_(AES|CHACHA20|ECDHE_(EC|R)\\w+_GCM|DHE_R\\w+_GCM).*"))
        .forEach(suite -> assertTrue(told.contains(suite), suite));
  }

  @Test
  @Tag("A26")
  void A26_one_that_nobody_knows_keeps_its_name() {
    assertEquals("TLS_NEW_THING", CipherNames.openssl("TLS_NEW_THING"));
    assertEquals(0, CipherNames.keySize("TLS_NEW_THING"));
  }
}
