package heddle.peer;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a rule may ask of a client's certificate, by name: {@code verify-code}, {@code serial},
 * {@code subject} and {@code issuer} as RFC 2253 writes them or one of their attributes ({@code
 * subject.cn}), the first {@code email} or {@code dns} of its alternative names, and its digests in
 * lower-case hexadecimal, of the whole ({@code sha256}) or of its key ({@code spki.sha256}).
 */
public final class CertificateFacts {
  /** As the manual lists them. */
  public static final List<String> NAMES =
      List.of(
          "verify-code",
          "serial",
          "subject",
          "issuer",
          "subject.cn",
          "email",
          "dns",
          "sha256",
          "spki.sha256");

  private static final Pattern NAME =
      Pattern.compile(
          "verify-code|serial|email|dns|(?:subject|issuer)(?:\\.[a-z0-9-]+)?"
              + "|(?:spki\\.)?(?:md5|sha1|sha256|sha512)");
  private static final Pattern ATTRIBUTE = Pattern.compile("(subject|issuer)\\.([a-z0-9-]+)");

  private CertificateFacts() {}

  /** Whether there is such a fact. */
  public static boolean isOne(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Its value; empty where the certificate has none, or one with a control character: whoever
   * compares the end of it must not be led astray by what stands before.
   */
  public static Optional<String> of(PeerCertificate certificate, String name) {
    return value(certificate, name).filter(v -> v.chars().noneMatch(Character::isISOControl));
  }

  private static Optional<String> value(PeerCertificate certificate, String name) {
    Matcher attribute = ATTRIBUTE.matcher(name);
    if (attribute.matches()) {
      List<Attribute> all =
          attribute.group(1).equals("subject") ? certificate.subject() : certificate.issuer();
      return all.stream()
          .filter(a -> a.name().toLowerCase(Locale.ROOT).equals(attribute.group(2)))
          .map(Attribute::value)
          .findFirst();
    }
    return switch (name) {
      case "verify-code" -> Optional.of(Integer.toString(certificate.verifyCode()));
      case "serial" -> Optional.of(certificate.serialHex());
      case "subject" -> Optional.of(certificate.subjectText());
      case "issuer" -> Optional.of(certificate.x509().getIssuerX500Principal().getName());
      case "email" -> certificate.emails().stream().findFirst();
      case "dns" -> certificate.alternativeNames(AlternativeName.Kind.DNS).stream().findFirst();
      default ->
          name.startsWith("spki.")
              ? Digest.named(name.substring("spki.".length()))
                  .map(d -> certificate.spkiFingerprint(d).hex())
              : Digest.named(name).map(d -> certificate.fingerprint(d).hex());
    };
  }
}
