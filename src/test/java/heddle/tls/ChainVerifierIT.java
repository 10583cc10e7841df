package heddle.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.peer.PeerCertificate;
import heddle.peer.VerifyCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our judgement of a client's chain beside that of a real {@code openssl s_server} at security
 * level 2, whose callback lets every error pass.
 */
@Tag("A29")
@Tag("C12")
class ChainVerifierIT {
  private static final Pattern ERROR = Pattern.compile("verify error:num=(\\d+):(.*)");
  @TempDir static Path folder;

  @BeforeAll
  static void serverKey() throws Exception {
    TlsProperties.install();
    Tools.pair(folder, "server", "server.test", Tools.EC);
  }

  private static List<VerifyCode> judged(CertificateMatrix.Case one) {
    return new ChainVerifier(one.anchors(), one.lists()).judge(one.chain(), Instant.now());
  }

  @TestFactory
  Stream<DynamicTest> A29_openssl_has_the_same_errors_in_the_same_order_and_words() {
    return CertificateMatrix.all().stream()
        .flatMap(
            c ->
                Stream.of("-tls1_3", "-tls1_2")
                    .map(v -> DynamicTest.dynamicTest(c + " " + v, () -> agree(c, v))));
  }

  private static void agree(CertificateMatrix.Case one, String version) throws Exception {
    List<String> ours =
        judged(one).stream().map(code -> code.number() + ":" + code.words()).toList();
    assertEquals(openssl(one, version), ours);
    var peer = new PeerCertificate(one.chain(), judged(one));
    assertEquals(one.errors().isEmpty() ? 0 : one.errors().getLast(), peer.verifyCode());
  }

  /** What a server of OpenSSL's says when the client shows the chain. */
  private static List<String> openssl(CertificateMatrix.Case one, String version) throws Exception {
    Path anchors = Files.createTempFile(folder, "anchors", ".pem");
    Paper.write(anchors, one.anchors());
    Path own = Files.createTempFile(folder, "own", ".pem");
    Paper.write(own, List.of(one.chain().getFirst(), one.sent().getFirst().keys().getPrivate()));
    Path rest = Files.createTempFile(folder, "rest", ".pem");
    Paper.write(rest, one.chain().subList(1, one.chain().size()));

    var server =
        new ArrayList<>(
            List.of("/usr/bin/openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1"));
    server.addAll(List.of("-cert", "server.crt", "-key", "server.key", version, "-verify", "50"));
    server.addAll(List.of("-cipher", "DEFAULT@SECLEVEL=2", "-auth_level", "2"));
    if (one.anchors().isEmpty()) {
      server.addAll(List.of("-no-CAfile", "-no-CApath", "-no-CAstore"));
    } else {
      server.addAll(List.of("-CAfile", anchors.toString()));
    }
    if (one.lists().isPresent()) {
      server.add("-crl_check_all");
      if (!one.lists().get().isEmpty()) {
        // A file with more than one is read by -CAfile's loader, not by -CRL.
        Path both = Files.createTempFile(folder, "both", ".pem");
        var parts = new ArrayList<Object>(one.anchors());
        parts.addAll(one.lists().get());
        Paper.write(both, parts);
        server.set(server.indexOf(anchors.toString()), both.toString());
      }
    }
    Path log = Files.createTempFile(folder, "server", ".log");
    Process process =
        new ProcessBuilder(server)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      int port = port(process, log);
      var client =
          new ArrayList<>(
              List.of("/usr/bin/openssl", "s_client", "-connect", "127.0.0.1:" + port, version));
      client.addAll(List.of("-cipher", "DEFAULT@SECLEVEL=0", "-cert", own.toString()));
      client.addAll(List.of("-key", own.toString()));
      if (one.chain().size() > 1) {
        client.addAll(List.of("-cert_chain", rest.toString()));
      }
      Tools.run(folder, "Q\n", client.toArray(String[]::new));
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), "s_server still runs");
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(log, StandardCharsets.ISO_8859_1);
    assertTrue(said.contains("verify return:") || said.contains("verify error:"), said);
    return ERROR.matcher(said).results().map(m -> m.group(1) + ":" + m.group(2)).toList();
  }

  private static int port(Process process, Path log) throws IOException, InterruptedException {
    Pattern accepts = Pattern.compile("ACCEPT 127\\.0\\.0\\.1:(\\d+)");
    for (int i = 0; i < 500 && process.isAlive(); i++) {
      Matcher found = accepts.matcher(Files.readString(log, StandardCharsets.ISO_8859_1));
      if (found.find()) {
        return Integer.parseInt(found.group(1));
      }
      Thread.sleep(10);
    }
    throw new IOException(Files.readString(log, StandardCharsets.ISO_8859_1));
  }
}
