package heddle.tls;

import heddle.event.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One pair of files and what was last read from them. Guarded by {@link ServerKeys}. */
final class KeyFiles {
  private final String name;
  private final ServerKeys.Pair files;
  private final boolean selfSigned;
  private final InstantSource clock;

  /** Of the contents last looked at, good or bad: what is the same is not complained of again. */
  private String seen = "";

  private boolean cannotRenew;
  private @Nullable CertifiedKey inForce;

  private KeyFiles(String name, ServerKeys.Pair files, boolean selfSigned, InstantSource clock) {
    this.name = name;
    this.files = files;
    this.selfSigned = selfSigned;
    this.clock = clock;
  }

  static KeyFiles given(String name, ServerKeys.Pair files, InstantSource clock) {
    return new KeyFiles(name, files, false, clock);
  }

  static KeyFiles selfSigned(String hostname, Path folder, InstantSource clock) {
    Path file = folder.resolve(SelfSigned.FILE);
    return new KeyFiles(hostname, new ServerKeys.Pair(file, file), true, clock);
  }

  boolean isSelfSigned() {
    return selfSigned;
  }

  Path file() {
    return files.certificate();
  }

  /** What could be loaded, and is not. */
  ServerKeys.Lying lying() {
    try {
      byte[] certificate = contents(files.certificate(), "certificate");
      byte[] key = contents(files.key(), "key");
      return new ServerKeys.Lying.Good(read(certificate, key).chain());
    } catch (TlsRefused no) {
      return new ServerKeys.Lying.Bad(no);
    }
  }

  /**
   * @return whether another certificate is in force
   * @throws TlsRefused each time where they are no good; the one before stays
   */
  boolean loadAgain() throws TlsRefused {
    String before = inForce().fingerprint();
    seen = "";
    loadIfChanged();
    return !inForce().fingerprint().equals(before);
  }

  private CertifiedKey read(byte[] certificate, byte[] key) throws TlsRefused {
    return PemPair.read(
        name, files.certificate().toString(), certificate, files.key().toString(), key);
  }

  CertifiedKey inForce() {
    CertifiedKey key = inForce;
    if (key == null) {
      throw new IllegalStateException("not loaded");
    }
    return key;
  }

  /** The first reading. */
  void load() throws TlsRefused {
    if (!selfSigned) {
      loadIfChanged();
      return;
    }
    try {
      loadIfChanged();
    } catch (TlsRefused missingOrDamaged) {
      make();
    }
    loadIfChanged(); // the new one, or again the old one renewed
  }

  /**
   * @return whether something new is in force
   * @throws TlsRefused once for each change that is no good
   */
  boolean loadIfChanged() throws TlsRefused {
    if (inForce != null) {
      renewIfDue();
    }
    byte[] certificate;
    byte[] key;
    try {
      certificate = contents(files.certificate(), "certificate");
      key = contents(files.key(), "key");
    } catch (TlsRefused unreadable) {
      return complainOnce(unreadable);
    }
    String stamp = stamp(certificate, key);
    if (stamp.equals(seen)) {
      return false;
    }
    seen = stamp;
    inForce = read(certificate, key);
    if (selfSigned) {
      share();
    }
    return true;
  }

  /** The certificate alone, for clients that are to trust it: nobody should hand out the key. */
  private void share() throws TlsRefused {
    try {
      SelfSigned.share(files.certificate().resolveSibling(SelfSigned.SHARED), inForce());
    } catch (IOException cannotWrite) {
      throw new TlsRefused(
          "The self-signed certificate cannot be written beside " + files.certificate() + ".",
          "The folder cannot be written.",
          "Give it to the server's user, or name a certificate in the configuration.");
    }
  }

  private boolean complainOnce(TlsRefused refused) throws TlsRefused {
    if (refused.what().equals(seen)) {
      return false;
    }
    seen = refused.what();
    throw refused;
  }

  /** Only makes the file; what reads it finds it changed. */
  private void renewIfDue() throws TlsRefused {
    if (!selfSigned || !SelfSigned.due(inForce().certificate(), name, clock.instant())) {
      return;
    }
    try {
      make();
      cannotRenew = false;
    } catch (TlsRefused refused) {
      if (!cannotRenew) {
        cannotRenew = true;
        throw refused;
      }
    }
  }

  private void make() throws TlsRefused {
    try {
      SelfSigned.make(files.key(), name, clock.instant());
    } catch (IOException cannotWrite) {
      throw new TlsRefused(
          "No self-signed certificate can be made at " + files.key() + ".",
          "The folder cannot be written.",
          "Give it to the server's user, or name a certificate in the configuration.");
    }
  }

  /** What an administrator should know about what was just loaded. */
  List<Event> oddities() {
    var found = new ArrayList<Event>();
    Instant now = clock.instant();
    if (inForce().expires().isBefore(now)) {
      found.add(
          new Event.Warning(
              "The certificate for " + name + " has expired.",
              "It ended " + inForce().expires() + "; clients will refuse it.",
              "Renew it and put it in " + files.certificate() + "."));
    }
    if (inForce().certificate().getNotBefore().toInstant().isAfter(now)) {
      found.add(
          new Event.Warning(
              "The certificate for " + name + " is not valid yet.",
              "It begins " + inForce().certificate().getNotBefore().toInstant() + ".",
              "Check this machine's clock."));
    }
    if (readableByOthers(files.key())) {
      found.add(
          new Event.Warning(
              "The key file " + files.key() + " can be read by every user of this machine.",
              "Whoever reads it can pretend to be this server.",
              "Run: chmod o-rwx " + files.key()));
    }
    return found;
  }

  private static boolean readableByOthers(Path file) {
    try {
      Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(file);
      return allowed.contains(PosixFilePermission.OTHERS_READ)
          || allowed.contains(PosixFilePermission.OTHERS_WRITE);
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }

  private static byte[] contents(Path file, String kind) throws TlsRefused {
    String what = "The " + kind + " file " + file + " cannot be read.";
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException missing) {
      throw new TlsRefused(what, "It does not exist.", "Correct the path, or put the file there.");
    } catch (AccessDeniedException denied) {
      throw new TlsRefused(
          what, "The server's user may not read it.", "Give that user or its group the right.");
    } catch (IOException broken) {
      throw new TlsRefused(what, "Reading it failed.", "Check that it is a file on a sound disk.");
    }
  }

  private static String stamp(byte[] certificate, byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(certificate);
      digest.update("|".getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(key));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
