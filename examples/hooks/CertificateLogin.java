import static heddle.hook.Decisions.accept;
import static heddle.hook.Decisions.reject;
import static heddle.hook.Decisions.reply;
import static heddle.hook.Decisions.verify;

import heddle.hook.AuthAttempt;
import heddle.hook.AuthHook;
import heddle.hook.Decision;
import heddle.peer.Digest;
import heddle.peer.PeerCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * EXTERNAL: whoever shows a certificate with one of the fingerprints listed is logged in. The list
 * has a line for each, {@code DIGEST FINGERPRINT NAME}, where the digest is md5, sha1, sha256 or
 * sha512, and the fingerprint has colons or has none.
 */
public final class CertificateLogin implements AuthHook {
  private static final Path LIST =
      Path.of(System.getProperty("heddle.home", "."), "etc", "fingerprints");

  @Override
  public Decision auth(AuthAttempt attempt) throws IOException {
    if (!attempt.mechanism().equals("EXTERNAL")) {
      return verify();
    }
    Optional<PeerCertificate> peer = attempt.connection().peer();
    if (peer.isEmpty()) {
      return reject("Show a certificate");
    }
    // 18 is "self-signed": with a fingerprint in the list nobody else needs to vouch for it.
    if (peer.get().verifyCode() != 0 && peer.get().verifyCode() != 18) {
      return reject("The certificate is not good: " + peer.get().verifyText());
    }
    // RFC 4954 §4: who speaks first and has said nothing yet is asked with an empty challenge.
    if (attempt.response().isEmpty()) {
      return reply("");
    }
    for (String line : Files.readAllLines(LIST)) {
      String[] words = line.split(" ");
      Digest digest = Digest.named(words[0]).orElseThrow();
      if (peer.get().fingerprint(digest).matches(words[1])) {
        // RFC 4422, appendix A: the client may say as whom; here as itself only.
        boolean itself = attempt.text().isEmpty() || attempt.text().equals(words[2]);
        return itself ? accept(words[2]) : reject("This certificate is somebody else's");
      }
    }
    return reject("This certificate is nobody's here");
  }
}
