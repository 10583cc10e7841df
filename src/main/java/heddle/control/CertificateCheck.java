package heddle.control;

import heddle.peer.AlternativeName;
import heddle.peer.Digest;
import heddle.peer.PeerCertificate;
import heddle.tls.ServerKeys;
import heddle.wire.Deadline;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Each certificate: as it lies in its file, and as it is served. */
public final class CertificateCheck implements Check {
  private static final Duration SOON = Duration.ofDays(14);
  private final ServerKeys keys;
  private final Supplier<List<Doorway>> doors;
  private final InstantSource clock;

  /**
   * @param doors none where no server runs
   */
  public CertificateCheck(ServerKeys keys, Supplier<List<Doorway>> doors, InstantSource clock) {
    this.keys = keys;
    this.doors = doors;
    this.clock = clock;
  }

  @Override
  public Subject subject() {
    return Subject.CERT;
  }

  @Override
  public List<Finding> look(Deadline deadline) {
    List<ServerKeys.Certificate> all = keys.certificates();
    List<ServerKeys.Lying> lying = keys.lying();
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      ServerKeys.Certificate each = all.get(i);
      String id = i == 0 ? Subject.CERT.id() : Subject.CERT.of(each.name());
      findings.add(finding(id, each, lying.get(i), deadline));
    }
    return findings;
  }

  private Finding finding(
      String id, ServerKeys.Certificate each, ServerKeys.Lying lying, Deadline deadline) {
    Served served = served(each.name(), deadline);
    return switch (lying) {
      case ServerKeys.Lying.Bad(var why) ->
          Ailment.CERT_FILE_REFUSED.foundAs(
              id, "why", why.what() + " " + why.why(), "print", each.fingerprint());
      case ServerKeys.Lying.Good(var chain) ->
          served
              .other(chain.getFirst())
              .map(o -> old(id, each, o, chain.getFirst()))
              .or(() -> flaw(id, each, chain.getFirst()))
              .orElseGet(() -> good(id, each, chain.getFirst(), served));
    };
  }

  private static Finding old(
      String id, ServerKeys.Certificate each, Shown shown, X509Certificate inFile) {
    return Ailment.CERT_OLD_SERVED.foundAs(
        id,
        "where",
        shown.where(),
        "served",
        print(shown.certificate()),
        "file",
        each.file().toString(),
        "print",
        print(inFile));
  }

  private Optional<Finding> flaw(
      String id, ServerKeys.Certificate each, X509Certificate certificate) {
    Instant now = clock.instant();
    Duration left = Duration.between(now, certificate.getNotAfter().toInstant());
    String file = each.file().toString();
    if (left.isNegative()) {
      String days = Long.toString(-left.toDays());
      return found(Ailment.CERT_ENDED, id, "name", each.name(), "days", days, "file", file);
    }
    if (now.isBefore(certificate.getNotBefore().toInstant())) {
      String from = certificate.getNotBefore().toInstant().toString();
      return found(Ailment.CERT_NOT_YET, id, "name", each.name(), "from", from);
    }
    List<String> names = names(certificate);
    if (names.stream().noneMatch(n -> covers(n, each.name()))) {
      String told = String.join(", ", names);
      return found(Ailment.CERT_OTHER_NAME, id, "name", each.name(), "names", told);
    }
    if (left.compareTo(SOON) < 0) {
      String days = Long.toString(left.toDays());
      return found(Ailment.CERT_ENDS_SOON, id, "name", each.name(), "days", days, "file", file);
    }
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
        ? found(Ailment.CERT_SELF_SIGNED, id, "name", each.name())
        : Optional.empty();
  }

  private static Optional<Finding> found(Ailment ailment, String id, String... words) {
    return Optional.of(ailment.foundAs(id, words));
  }

  private Finding good(
      String id, ServerKeys.Certificate each, X509Certificate certificate, Served served) {
    Instant ends = certificate.getNotAfter().toInstant();
    long days = Duration.between(clock.instant(), ends).toDays();
    String where =
        served.all().isEmpty()
            ? "not seen at a listener"
            : "served on " + served.where() + " (handshake checked)";
    return Finding.ok(id, each.name() + " valid " + days + " d, " + where);
  }

  /** A certificate at a listener. */
  private record Shown(String where, X509Certificate certificate) {}

  /** What was shown where somebody asked for one name. */
  private record Served(List<Shown> all) {
    Optional<Shown> other(X509Certificate than) {
      return all.stream().filter(s -> !s.certificate().equals(than)).findFirst();
    }

    String where() {
      return String.join(" and ", all.stream().map(Shown::where).distinct().toList());
    }
  }

  /** Listeners with which nobody can speak are named by their own check. */
  private Served served(String name, Deadline deadline) {
    List<Shown> all = new ArrayList<>();
    for (Doorway door : doors.get()) {
      if (door.secured() && door.shut().isEmpty() && door.reach().isPresent()) {
        Visit visit = Visit.to(door, asked(name), deadline);
        if (!visit.shown().isEmpty()) {
          all.add(new Shown(door.told(), visit.shown().getFirst()));
        }
      }
    }
    return new Served(all);
  }

  /** A name for which the certificate is chosen: one of those that a wildcard stands for. */
  public static String asked(String name) {
    return name.startsWith("*.") ? "doctor" + name.substring(1) : name;
  }

  /** The host names that a certificate speaks of. */
  public static List<String> names(X509Certificate certificate) {
    return new PeerCertificate(List.of(certificate), List.of())
        .alternativeNames(AlternativeName.Kind.DNS);
  }

  /** RFC 6125 §6.4.3: the star stands for one label, the whole left-most one. */
  private static boolean covers(String pattern, String name) {
    String lower = pattern.toLowerCase(Locale.ROOT);
    return lower.equals(name)
        || lower.startsWith("*.")
            && name.indexOf('.') > 0
            && name.substring(name.indexOf('.')).equals(lower.substring(1));
  }

  /** The first octets of its SHA-256: enough to tell two apart. */
  private static String print(X509Certificate certificate) {
    return new PeerCertificate(List.of(certificate), List.of())
            .fingerprint(Digest.SHA256)
            .hex()
            .substring(0, 16)
        + "…";
  }
}
