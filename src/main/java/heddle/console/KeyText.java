package heddle.console;

import heddle.control.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;

/** What was typed for a key: a file, a fingerprint, a name. */
sealed interface KeyText {
  /** As the server keeps it: {@code sha256:…}, {@code unix:anna}. */
  record Good(String proof) implements KeyText {}

  record Bad(Answer answer) implements KeyText {}

  static KeyText read(String typed, boolean spki) {
    if (typed.matches("(?i)(unix|email|subject|token):.+")) {
      int colon = typed.indexOf(':');
      return new Good(typed.substring(0, colon).toLowerCase(Locale.ROOT) + typed.substring(colon));
    }
    String digits =
        typed.replaceFirst("(?i)^(sha-?(1|256|512)|md5)[:=]", "").replace(":", "").strip();
    if (digits.matches("[0-9A-Fa-f]{32,128}")) {
      return fingerprint(digits.toLowerCase(Locale.ROOT), spki);
    }
    return file(typed, spki);
  }

  private static KeyText fingerprint(String hex, boolean spki) {
    String kind = spki ? "spki-" : "";
    return switch (hex.length()) {
      case 64 -> new Good(kind + "sha256:" + hex);
      case 128 -> new Good(kind + "sha512:" + hex);
      case 32, 40 ->
          bad(
              (hex.length() == 32 ? "MD5" : "SHA-1") + " fingerprints can be forged",
              "give the SHA-256: openssl x509 -noout -fingerprint -sha256 -in FILE");
      default ->
          bad("a SHA-256 has 64 digits, a SHA-512 has 128", "give one of these, or the file");
    };
  }

  private static KeyText file(String name, boolean spki) {
    try {
      byte[] text = Files.readAllBytes(Path.of(name));
      var certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(text));
      byte[] octets = spki ? certificate.getPublicKey().getEncoded() : certificate.getEncoded();
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(octets);
      return new Good((spki ? "spki-" : "") + "sha256:" + HexFormat.of().formatHex(digest));
    } catch (IOException | InvalidPathException missing) {
      return bad(
          "there is no file " + name + " that can be read, and it is no fingerprint",
          "give a certificate in PEM, a SHA-256, or unix:NAME");
    } catch (GeneralSecurityException none) {
      return bad(name + " holds no certificate", "give a certificate in PEM, not the key alone");
    }
  }

  private static KeyText bad(String why, String remedy) {
    return new Bad(Answer.no(Answer.USAGE, "nothing was changed", why, remedy));
  }
}
