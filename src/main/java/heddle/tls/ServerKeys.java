package heddle.tls;

import heddle.event.Event;
import heddle.event.Events;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * The certificates we serve, and the one place where they are read, watched and exchanged. Safe to
 * share: a handshake takes what is in force and keeps it, whatever is loaded meanwhile.
 */
public final class ServerKeys {
  /** A certificate chain and its key, both in PEM; they may be one file. */
  public record Pair(Path certificate, Path key) {}

  /**
   * Where the certificates are.
   *
   * @param hostname what a self-signed certificate is made for
   * @param folder where a self-signed one is kept ({@code var/tls})
   * @param standard for clients that ask for no name, or for an unknown one; none: self-signed
   * @param names by host name, or {@code *.} and a domain
   */
  public record Settings(
      String hostname, Path folder, Optional<Pair> standard, Map<String, Pair> names) {
    public Settings {
      names = Map.copyOf(names);
    }
  }

  /** What is served for a name now; the fingerprint is SHA-256 in hexadecimal with colons. */
  public record Serving(String name, String fingerprint, Instant expires, boolean selfSigned) {}

  private final Events events;
  private final KeyFiles standard;
  private final Map<String, KeyFiles> names = new HashMap<>();

  /**
   * Tickets and sessions live in the context, so a new one refuses to resume sessions that were
   * begun with an older certificate: each client does one full handshake after a reload, and a
   * certificate that was replaced because its key leaked is out of use at once.
   */
  private volatile SSLContext context;

  private ServerKeys(Settings settings, Events events, InstantSource clock) throws TlsRefused {
    this.events = events;
    String host = settings.hostname().toLowerCase(Locale.ROOT);
    this.standard =
        settings.standard().isPresent()
            ? KeyFiles.given(host, settings.standard().get(), clock)
            : KeyFiles.selfSigned(host, settings.folder(), clock);
    for (var each : settings.names().entrySet()) {
      String name = each.getKey().toLowerCase(Locale.ROOT);
      names.put(name, KeyFiles.given(name, each.getValue(), clock));
    }
    for (KeyFiles files : all()) {
      files.load();
      tellLoaded(files);
    }
    this.context = generate();
  }

  /**
   * Reads every certificate; makes the self-signed one where none is named and none was made.
   *
   * @param events hears of every certificate loaded, and of what is odd about it
   * @throws TlsRefused where a file is missing, damaged, or does not fit its other half
   */
  public static ServerKeys open(Settings settings, Events events) throws TlsRefused {
    return open(settings, events, InstantSource.system());
  }

  static ServerKeys open(Settings settings, Events events, InstantSource clock) throws TlsRefused {
    return new ServerKeys(settings, events, clock);
  }

  /**
   * Looks at the files again and serves what is new from the next handshake on. A pair that is
   * broken or half written leaves the old one in force, and is complained of once for each change.
   * Also renews the self-signed one in time. Cheap enough for every minute.
   *
   * @return whether anything else is served now
   */
  public synchronized boolean reloadIfChanged() {
    boolean changed = false;
    for (KeyFiles files : all()) {
      try {
        if (files.loadIfChanged()) {
          changed = true;
          tellLoaded(files);
        }
      } catch (TlsRefused refused) {
        events.tell(
            new Event.Warning(
                refused.what(),
                refused.why() + " The certificate loaded before stays in force.",
                refused.remedy()));
      }
    }
    if (changed) {
      context = generate();
    }
    return changed;
  }

  /** What is served now, the standard certificate first, then by name. */
  public synchronized List<Serving> serving() {
    var all = new ArrayList<Serving>();
    for (KeyFiles files : all()) {
      CertifiedKey key = files.inForce();
      all.add(new Serving(key.name(), key.fingerprint(), key.expires(), files.isSelfSigned()));
    }
    return all;
  }

  /**
   * A certificate as it is in force.
   *
   * @param chain our own first
   * @param file where it was read
   */
  public record Certificate(
      String name, List<X509Certificate> chain, Path file, boolean selfSigned) {
    public Certificate {
      chain = List.copyOf(chain);
    }

    /** As {@code openssl x509 -fingerprint -sha256} prints it. */
    public String fingerprint() {
      return CertifiedKey.fingerprint(chain.getFirst());
    }
  }

  /** What is in force now, the standard certificate first, then by name. */
  public synchronized List<Certificate> certificates() {
    return all().stream()
        .map(
            files ->
                new Certificate(
                    files.inForce().name(),
                    files.inForce().chain(),
                    files.file(),
                    files.isSelfSigned()))
        .toList();
  }

  /**
   * Reads the files of each certificate and loads none of them, in the order of {@link
   * #certificates}.
   */
  public synchronized List<Lying> lying() {
    return all().stream().map(KeyFiles::lying).toList();
  }

  /** What lies in the files of a certificate, in force or not. */
  public sealed interface Lying {
    /** It could be served. */
    record Good(List<X509Certificate> chain) implements Lying {}

    record Bad(TlsRefused why) implements Lying {}
  }

  /**
   * What came of {@link #reload}.
   *
   * @param loaded names of which another certificate is served now
   */
  public record Reloaded(List<String> loaded, List<TlsRefused> refused) {}

  /** As {@link #reloadIfChanged}, at once, and told to whoever asks. */
  public synchronized Reloaded reload() {
    List<String> loaded = new ArrayList<>();
    List<TlsRefused> refused = new ArrayList<>();
    for (KeyFiles files : all()) {
      try {
        if (files.loadAgain()) {
          loaded.add(files.inForce().name());
          tellLoaded(files);
        }
      } catch (TlsRefused no) {
        refused.add(no);
      }
    }
    if (!loaded.isEmpty()) {
      context = generate();
    }
    return new Reloaded(loaded, refused);
  }

  /** The context for the next handshake. */
  SSLContext context() {
    return context;
  }

  private List<KeyFiles> all() {
    return Stream.concat(
            Stream.of(standard),
            names.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(Map.Entry::getValue))
        .toList();
  }

  private SSLContext generate() {
    var keys = new HashMap<String, CertifiedKey>();
    names.forEach((name, files) -> keys.put(name, files.inForce()));
    var choice = new KeyChoice(standard.inForce(), keys);
    try {
      SSLContext fresh = SSLContext.getInstance("TLS");
      fresh.init(
          new KeyManager[] {choice},
          new TrustManager[] {new RecordingTrustManager()},
          new SecureRandom());
      return fresh;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void tellLoaded(KeyFiles files) {
    CertifiedKey key = files.inForce();
    events.tell(
        new Event.CertificatesLoaded(key.name(), key.fingerprint(), key.expires().toString()));
    files.oddities().forEach(events::tell);
  }

  /** How long the certificate that ends first still holds; negative where it is over. */
  public Duration shortestLife(Instant now) {
    return serving().stream()
        .map(each -> Duration.between(now, each.expires()))
        .min(Duration::compareTo)
        .orElse(Duration.ZERO);
  }
}
