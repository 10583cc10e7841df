package heddle.tls;

import heddle.event.Event;
import heddle.event.Events;
import heddle.peer.PeerCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who vouches for clients, by the files that the site names, and what was taken back. Without any a
 * client's certificate is judged all the same: nobody vouches for it. Safe to share.
 */
public final class ClientAuthorities {
  /**
   * Files in PEM, each with one or more.
   *
   * @param anchors certificates of authorities
   * @param revoked revocation lists; none: nothing is asked about revocation
   */
  public record Settings(List<Path> anchors, List<Path> revoked) {
    public Settings {
      anchors = List.copyOf(anchors);
      revoked = List.copyOf(revoked);
    }
  }

  private static final Settings NOBODY = new Settings(List.of(), List.of());

  private final Settings settings;
  private final Events events;
  private final InstantSource clock;

  /** Of the contents last looked at, good or bad; an unreadable file has none. */
  private Map<Path, byte[]> seen = Map.of();

  private volatile ChainVerifier verifier;

  private ClientAuthorities(Settings settings, Events events, InstantSource clock)
      throws TlsRefused {
    this.settings = settings;
    this.events = events;
    this.clock = clock;
    this.seen = contents();
    this.verifier = read(seen);
  }

  /** Nobody vouches for anybody. */
  public static ClientAuthorities none() {
    try {
      return new ClientAuthorities(NOBODY, _ -> {}, InstantSource.system());
    } catch (TlsRefused impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Reads the files.
   *
   * @param events hears of what is odd about them
   * @throws TlsRefused where a file is missing, damaged or empty
   */
  public static ClientAuthorities open(Settings settings, Events events) throws TlsRefused {
    return open(settings, events, InstantSource.system());
  }

  static ClientAuthorities open(Settings settings, Events events, InstantSource clock)
      throws TlsRefused {
    return new ClientAuthorities(settings, events, clock);
  }

  /**
   * Looks at the files again; what is new counts from the next handshake on. Files that are broken
   * leave the old ones in force, and are complained of once for each change. Cheap enough for every
   * minute.
   *
   * @return whether anything else is in force now
   */
  public synchronized boolean reloadIfChanged() {
    Map<Path, byte[]> now = contents();
    if (same(now, seen)) {
      return false;
    }
    seen = now;
    try {
      verifier = read(now);
      return true;
    } catch (TlsRefused refused) {
      events.tell(
          new Event.Warning(
              refused.what(),
              refused.why() + " What was loaded before stays in force.",
              refused.remedy()));
      return false;
    }
  }

  /** What is to be held against the chain now. */
  PeerCertificate judge(List<X509Certificate> chain) {
    return new PeerCertificate(chain, verifier.judge(chain, clock.instant()));
  }

  private Map<Path, byte[]> contents() {
    var contents = new LinkedHashMap<Path, byte[]>();
    var files = new ArrayList<>(settings.anchors());
    files.addAll(settings.revoked());
    for (Path file : files) {
      try {
        contents.put(file, Files.readAllBytes(file));
      } catch (IOException unreadable) {
        // Told when it is asked for.
      }
    }
    return contents;
  }

  private static boolean same(Map<Path, byte[]> one, Map<Path, byte[]> other) {
    return one.keySet().equals(other.keySet())
        && one.entrySet().stream()
            .allMatch(e -> Arrays.equals(e.getValue(), other.get(e.getKey())));
  }

  private ChainVerifier read(Map<Path, byte[]> contents) throws TlsRefused {
    var anchors = new ArrayList<X509Certificate>();
    for (Path file : settings.anchors()) {
      anchors.addAll(PemPair.chain(file.toString(), demand(contents, file)));
    }
    var lists = new ArrayList<X509CRL>();
    for (Path file : settings.revoked()) {
      lists.addAll(PemPair.revocationLists(file.toString(), demand(contents, file)));
    }
    oddities(anchors, lists);
    try {
      return new ChainVerifier(
          anchors, settings.revoked().isEmpty() ? Optional.empty() : Optional.of(lists));
    } catch (RuntimeException damaged) {
      throw new TlsRefused(
          "The revocation lists of client-crl cannot be read.",
          "An extension in one of them is damaged.",
          "Make or fetch them again.");
    }
  }

  private static byte[] demand(Map<Path, byte[]> contents, Path file) throws TlsRefused {
    byte[] octets = contents.get(file);
    if (octets == null) {
      boolean missing = missing(file);
      throw new TlsRefused(
          "The file " + file + " cannot be read.",
          missing ? "It does not exist." : "The server's user may not read it.",
          missing
              ? "Correct the path, or put the file there."
              : "Give that user or its group the right.");
    }
    return octets;
  }

  private static boolean missing(Path file) {
    try {
      Files.readAttributes(file, "size");
      return false;
    } catch (NoSuchFileException none) {
      return true;
    } catch (IOException other) {
      return false;
    }
  }

  /** What an administrator should know about what was just loaded. */
  private void oddities(List<X509Certificate> anchors, List<X509CRL> lists) {
    Instant now = clock.instant();
    for (X509Certificate each : anchors) {
      String name = each.getSubjectX500Principal().getName();
      if (!each.getNotAfter().toInstant().isAfter(now)) {
        warn(
            "The authority " + name + " in client-ca has expired.",
            "It ended " + each.getNotAfter().toInstant() + "; it vouches for nobody.",
            "Take it out, or put its successor there.");
      }
      boolean led =
          anchors.stream()
              .anyMatch(a -> a.getSubjectX500Principal().equals(each.getIssuerX500Principal()));
      if (!led) {
        warn(
            "The authority " + name + " in client-ca vouches for nobody.",
            "It is not self-signed, and its issuer is not there.",
            "Put the root certificate above it beside it.");
      }
    }
    for (X509CRL each : lists) {
      if (each.getNextUpdate() != null && !each.getNextUpdate().toInstant().isAfter(now)) {
        warn(
            "The revocation list of " + each.getIssuerX500Principal().getName() + " is too old.",
            "A newer one was due " + each.getNextUpdate().toInstant() + "; nobody is trusted.",
            "Fetch or make a new one.");
      }
    }
  }

  private void warn(String what, String why, String remedy) {
    events.tell(new Event.Warning(what, why, remedy));
  }
}
