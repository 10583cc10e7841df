package heddle.peer;

import heddle.mail.Octets;
import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The certificate that a client has shown, and what there is to be held against it. That it is here
 * says only that the client has its key: whether anybody vouches for it says {@link #trusted}. Safe
 * to share.
 */
public final class PeerCertificate {
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";
  private final List<X509Certificate> chain;
  private final List<VerifyCode> errors;

  /**
   * @param chain as it was shown, the client's own certificate first
   * @param errors in the order in which they were found
   */
  public PeerCertificate(List<X509Certificate> chain, List<VerifyCode> errors) {
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("no certificate");
    }
    this.chain = List.copyOf(chain);
    this.errors = List.copyOf(errors);
  }

  /** The client's own. */
  public X509Certificate x509() {
    return chain.getFirst();
  }

  /** All that were shown, the client's own first; not necessarily those by which it was judged. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** Whether the authorities of this server vouch for it, with nothing to complain of. */
  public boolean trusted() {
    return errors.isEmpty();
  }

  /** The number that OpenSSL's {@code SSL_get_verify_result} has for it: the last error, or 0. */
  public int verifyCode() {
    return last().number();
  }

  /** {@link #verifyCode} in OpenSSL's words. */
  public String verifyText() {
    return last().words();
  }

  /** Every error, in the order in which OpenSSL tells its callback; empty where it is trusted. */
  public List<VerifyCode> verifyErrors() {
    return errors;
  }

  private VerifyCode last() {
    return errors.isEmpty() ? VerifyCode.OK : errors.getLast();
  }

  /** In the order of the certificate, duplicates included. */
  public List<Attribute> subject() {
    return Attribute.all(tbs().subject());
  }

  /** In the order of the certificate, duplicates included. */
  public List<Attribute> issuer() {
    return Attribute.all(tbs().issuer());
  }

  /** The subject as RFC 2253 writes it: the last attribute first, {@code CN=anna,O=Example}. */
  public String subjectText() {
    return x509().getSubjectX500Principal().getName();
  }

  /** Of every kind, in the order of the certificate. */
  public List<AlternativeName> alternativeNames() {
    byte[] value = x509().getExtensionValue(ALTERNATIVE_NAMES);
    try {
      return value == null
          ? List.of()
          : AlternativeName.all(Der.of(value).next().contents()); // an OCTET STRING around it
    } catch (IllegalArgumentException damaged) {
      return List.of();
    }
  }

  /** The values of one kind. */
  public List<String> alternativeNames(AlternativeName.Kind kind) {
    return alternativeNames().stream()
        .filter(n -> n.kind() == kind)
        .map(AlternativeName::value)
        .toList();
  }

  /** The mail addresses among the alternative names; none with a control character in it. */
  public List<String> emails() {
    Predicate<String> printable = e -> e.chars().noneMatch(Character::isISOControl);
    return alternativeNames().stream()
        .filter(
            n ->
                n.kind() == AlternativeName.Kind.EMAIL
                    || n.kind() == AlternativeName.Kind.SMTP_UTF8)
        .map(AlternativeName::value)
        .filter(printable)
        .toList();
  }

  /** Lower case, two digits for each octet, as {@code openssl x509 -serial} has it. */
  public String serialHex() {
    BigInteger serial = x509().getSerialNumber();
    String digits = serial.abs().toString(16);
    return (serial.signum() < 0 ? "-" : "") + (digits.length() % 2 == 0 ? "" : "0") + digits;
  }

  public Instant notBefore() {
    return x509().getNotBefore().toInstant();
  }

  public Instant notAfter() {
    return x509().getNotAfter().toInstant();
  }

  /** The certificate as it was shown. */
  public Octets der() {
    return Octets.of(encoded(x509()));
  }

  /** Of the whole certificate: what an administrator pins. */
  public Fingerprint fingerprint(Digest digest) {
    return Fingerprint.of(digest, encoded(x509()));
  }

  /** Of its key (SubjectPublicKeyInfo), the same through every renewal that keeps the key. */
  public Fingerprint spkiFingerprint(Digest digest) {
    return Fingerprint.of(digest, tbs().key().whole());
  }

  /**
   * What Halon's {@code TLSSocket.getpeercert()} returns: numbers, texts, lists and maps only, in
   * its order and with its names.
   *
   * @param digest for {@code fingerprint}; empty: there is none
   */
  public Map<String, Object> halonMap(Optional<Digest> digest) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("subject", grouped(subject()));
    map.put("issuer", grouped(issuer()));
    List<String> hosts = alternativeNames(AlternativeName.Kind.DNS);
    map.put("subject_alt_name", hosts.isEmpty() ? Map.of() : Map.of("DNS", hosts));
    map.put("version", (long) x509().getVersion() - 1); // as in the certificate: 2 is v3
    map.put("serial_number", serialHex());
    map.put("not_valid_before", notBefore().getEpochSecond());
    map.put("not_valid_after", notAfter().getEpochSecond());
    digest.ifPresent(d -> map.put("fingerprint", fingerprint(d).hex()));
    return map;
  }

  /** An attribute that is there more than once has a list. */
  private static Map<String, Object> grouped(List<Attribute> attributes) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    for (Attribute each : attributes) {
      lists.computeIfAbsent(each.name(), _ -> new ArrayList<>()).add(each.value());
    }
    Map<String, Object> grouped = new LinkedHashMap<>();
    lists.forEach(
        (name, values) -> grouped.put(name, values.size() == 1 ? values.getFirst() : values));
    return grouped;
  }

  /** The parts of a certificate that the JDK does not give as they stand. */
  private record Tbs(Der.Element issuer, Der.Element subject, Der.Element key) {}

  private Tbs tbs() {
    Der parts = Der.of(encoded(x509())).next().inside().next().inside();
    Der.Element first = parts.next();
    if (first.is(Der.EXPLICIT)) {
      parts.next(); // there was a version; this is the serial number
    }
    parts.next(); // the algorithm of the signature
    Der.Element issuer = parts.next();
    parts.next(); // validity
    Der.Element subject = parts.next();
    return new Tbs(issuer, subject, parts.next());
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Who it is and which one: no more, for logs. */
  @Override
  public String toString() {
    String name =
        subject().stream()
            .filter(a -> a.name().equals("CN"))
            .map(a -> a.value().replaceAll("\\p{Cntrl}", "?"))
            .findFirst()
            .orElse("");
    return "PeerCertificate[CN=" + name + ", " + fingerprint(Digest.SHA256) + "]";
  }
}
