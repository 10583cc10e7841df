package heddle.directory;

import heddle.mail.Octets;
import heddle.store.StoreRefused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that seals SCRAM keys: a stolen database alone lets nobody log in by them. AES-256-GCM; a
 * seal is one octet of version, twelve of nonce, the cipher text and sixteen of tag. Safe to share.
 */
public final class StoreKey {
  private static final int OCTETS = 32;
  private static final int NONCE = 12;
  private static final int TAG = 16;
  private static final byte VERSION = 1;
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private final SecretKeySpec key;
  private final SecureRandom random;

  private StoreKey(byte[] octets, SecureRandom random) {
    this.key = new SecretKeySpec(octets, "AES");
    this.random = random;
  }

  /**
   * The key of 32 octets in the file; made there, for its owner alone, where there is no file.
   *
   * @throws StoreRefused if others can read it, or it is no key
   */
  public static StoreKey open(Path file) throws StoreRefused {
    var random = new SecureRandom();
    byte[] octets = new byte[0];
    try {
      if (!Files.exists(file)) {
        create(file, random);
      }
      Set<PosixFilePermission> granted = Files.getPosixFilePermissions(file);
      if (granted.stream().anyMatch(OTHERS::contains)) {
        throw new StoreRefused(
            file + " can be read by others; if nobody did, make it private: chmod 600 " + file);
      }
      octets = Files.size(file) == OCTETS ? Files.readAllBytes(file) : octets;
      if (octets.length != OCTETS) {
        throw new StoreRefused(
            file + " is no key of " + OCTETS + " octets; put the one of your backup in its place");
      }
      return new StoreKey(octets, random);
    } catch (NoSuchFileException e) {
      throw new StoreRefused(file + " cannot be made: its folder does not exist", e);
    } catch (IOException e) {
      throw new StoreRefused(file + " cannot be read or made: " + e.getMessage(), e);
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /** Whole or not at all, and on disk: what is sealed with a key that was lost is lost. */
  private static void create(Path file, SecureRandom random) throws IOException {
    byte[] octets = new byte[OCTETS];
    random.nextBytes(octets);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      var left = ByteBuffer.wrap(octets);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
    Arrays.fill(octets, (byte) 0);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      try (var channel = FileChannel.open(folder)) {
        channel.force(true);
      }
    }
  }

  /**
   * @param bound what it belongs to; it opens only beside the same
   */
  Octets seal(Octets plain, String bound) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, bound).doFinal(plain.toArray());
      return Octets.of(
          ByteBuffer.allocate(1 + NONCE + sealed.length)
              .put(VERSION)
              .put(nonce)
              .put(sealed)
              .array());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("AES-GCM is missing", impossible);
    }
  }

  /**
   * @return empty where it was changed, belongs to something else, or another key sealed it
   */
  Optional<Octets> unseal(Octets sealed, String bound) {
    if (sealed.size() < 1 + NONCE + TAG || sealed.at(0) != VERSION) {
      return Optional.empty();
    }
    byte[] nonce = sealed.slice(1, 1 + NONCE).toArray();
    byte[] rest = sealed.slice(1 + NONCE, sealed.size()).toArray();
    try {
      return Optional.of(Octets.of(cipher(Cipher.DECRYPT_MODE, nonce, bound).doFinal(rest)));
    } catch (AEADBadTagException refused) {
      return Optional.empty();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("AES-GCM is missing", impossible);
    }
  }

  /**
   * Octets that look random, of a name alone: the same for the same name as long as the key lives,
   * and told by nobody without it.
   */
  Octets about(String name, int octets) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      byte[] all = mac.doFinal(("about " + name).getBytes(StandardCharsets.UTF_8));
      return Octets.of(Arrays.copyOf(all, octets));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("HmacSHA256 is missing", impossible);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String bound) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG * 8, nonce));
    cipher.updateAAD(Octets.ofUtf8(bound).toArray());
    return cipher;
  }

  @Override
  public String toString() {
    return "StoreKey";
  }
}
