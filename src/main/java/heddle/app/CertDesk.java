package heddle.app;

import heddle.control.Answer;
import heddle.control.CertificateCheck;
import heddle.control.Doorway;
import heddle.control.Request;
import heddle.control.Visit;
import heddle.dial.Trouble;
import heddle.peer.Digest;
import heddle.peer.PeerCertificate;
import heddle.tls.ServerKeys;
import heddle.tls.TlsRefused;
import heddle.wire.Deadline;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The verbs of {@code cert}: the certificates in force, and as they are served. */
final class CertDesk {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private final ServerKeys keys;
  private final Supplier<List<Doorway>> doors;
  private final InstantSource clock;

  /**
   * @param doors of a running server; none where none runs
   */
  CertDesk(ServerKeys keys, Supplier<List<Doorway>> doors, InstantSource clock) {
    this.keys = keys;
    this.doors = doors;
    this.clock = clock;
  }

  /** Answers, or empty where the verb is not one of these. */
  Optional<Answer> ask(Request request) {
    return switch (request.verb()) {
      case "cert.list" ->
          Optional.of(Answer.rows(keys.certificates().stream().map(this::row).toList()));
      case "cert.show" -> Optional.of(show(request.arg("name").orElse("")));
      case "cert.reload" -> Optional.of(reload());
      case "cert.test" -> Optional.of(test());
      default -> Optional.empty();
    };
  }

  private Map<String, Object> row(ServerKeys.Certificate each) {
    X509Certificate certificate = each.chain().getFirst();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", each.name());
    row.put("days", days(certificate));
    row.put("ends", certificate.getNotAfter().toInstant().toString());
    row.put("subject", certificate.getSubjectX500Principal().getName());
    row.put("issuer", certificate.getIssuerX500Principal().getName());
    row.put("names", CertificateCheck.names(certificate));
    row.put("served", where());
    row.put("sha256", each.fingerprint());
    return row;
  }

  private long days(X509Certificate certificate) {
    Instant ends = certificate.getNotAfter().toInstant();
    return Math.floorDiv(Duration.between(clock.instant(), ends).toSeconds(), 86_400L);
  }

  /**
   * By each listener with TLS, to whoever asks for the name; the first to those who ask for none.
   */
  private List<String> where() {
    return doors.get().stream().filter(Doorway::secured).map(Doorway::told).distinct().toList();
  }

  private Answer show(String typed) {
    String name = typed.toLowerCase(Locale.ROOT);
    return keys.certificates().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .map(this::details)
        .orElseGet(
            () ->
                Answer.no(
                    Answer.NOT_FOUND,
                    "there is no such certificate",
                    "there are: "
                        + String.join(
                            ", ",
                            keys.certificates().stream()
                                .map(ServerKeys.Certificate::name)
                                .toList()),
                    "see them all with: heddle cert list"));
  }

  private Answer details(ServerKeys.Certificate each) {
    X509Certificate certificate = each.chain().getFirst();
    Map<String, Object> row = row(each);
    row.put("begins", certificate.getNotBefore().toInstant().toString());
    row.put("self-signed", each.selfSigned());
    row.put("file", each.file().toString());
    row.put("key", certificate.getPublicKey().getAlgorithm());
    row.put("signature", certificate.getSigAlgName());
    row.put(
        "chain", each.chain().stream().map(c -> c.getSubjectX500Principal().getName()).toList());
    return Answer.row(row);
  }

  private Answer reload() {
    ServerKeys.Reloaded reloaded = keys.reload();
    if (!reloaded.refused().isEmpty()) {
      TlsRefused first = reloaded.refused().getFirst();
      String loaded =
          reloaded.loaded().isEmpty() ? "" : " Loaded: " + String.join(", ", reloaded.loaded());
      return Answer.no(
          Answer.FAILED,
          first.what(),
          first.why() + " The certificate loaded before stays in force." + loaded,
          first.remedy());
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (ServerKeys.Certificate each : keys.certificates()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", each.name());
      row.put("changed", reloaded.loaded().contains(each.name()));
      row.put("ends", each.chain().getFirst().getNotAfter().toInstant().toString());
      row.put("sha256", each.fingerprint());
      rows.add(row);
    }
    return Answer.rows(rows);
  }

  /** A real handshake for each name at each listener. */
  private Answer test() {
    Deadline deadline = Deadline.in(PATIENCE);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Doorway door : doors.get()) {
      if (door.secured()) {
        for (ServerKeys.Certificate each : keys.certificates()) {
          rows.add(tried(door, each, deadline));
        }
      }
    }
    return Answer.rows(rows);
  }

  private Map<String, Object> tried(Doorway door, ServerKeys.Certificate each, Deadline deadline) {
    String asked = CertificateCheck.asked(each.name());
    Optional<Visit> visit =
        door.shut().isPresent() ? Optional.empty() : Optional.of(Visit.to(door, asked, deadline));
    List<X509Certificate> shown = visit.map(Visit::shown).orElse(List.of());
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("listener", door.name());
    row.put("where", door.told());
    row.put("name", asked);
    row.put("result", result(door, each, visit, shown));
    row.put("protocol", visit.map(Visit::protocol).orElse(""));
    if (!shown.isEmpty()) {
      row.put("days", days(shown.getFirst()));
    }
    row.put("subject", shown.isEmpty() ? "" : shown.getFirst().getSubjectX500Principal().getName());
    row.put("chain", shown.size());
    row.put("sha256", shown.isEmpty() ? "" : print(shown));
    return row;
  }

  private String result(
      Doorway door,
      ServerKeys.Certificate each,
      Optional<Visit> visit,
      List<X509Certificate> shown) {
    Optional<String> trouble = visit.flatMap(Visit::trouble).map(Trouble::words);
    if (door.shut().isPresent() || trouble.isPresent()) {
      return door.shut().map(why -> "skipped: " + why).or(() -> trouble).orElseThrow();
    }
    if (shown.isEmpty()) {
      return "skipped: it has no address of TCP";
    }
    return shown.getFirst().equals(each.chain().getFirst())
        ? "ok"
        : "another certificate is served";
  }

  private static String print(List<X509Certificate> shown) {
    return new PeerCertificate(shown, List.of())
        .fingerprint(Digest.SHA256)
        .hex()
        .toUpperCase(Locale.ROOT)
        .replaceAll("(..)(?=.)", "$1:");
  }
}
