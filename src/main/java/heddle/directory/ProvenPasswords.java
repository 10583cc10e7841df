package heddle.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.store.Account;
import heddle.store.Credential;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Passwords that were right a while ago, so that a busy account costs microseconds. It holds no
 * password, only HMACs under a key that dies with the process, and no failures. Bounded; safe to
 * share.
 */
final class ProvenPasswords {
  private final SecretKeySpec key;
  private final Cache<Octets, Id> proven =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofHours(1)).build();

  ProvenPasswords(SecureRandom random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, "HmacSHA256");
  }

  /** The version is in the key: what proved an older password proves nothing now. */
  Octets key(Account account, Credential credential, PreparedPassword password) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      // Ids have one length, so no two triples are one text.
      mac.update(account.id().value().getBytes(StandardCharsets.US_ASCII));
      mac.update(credential.id().value().getBytes(StandardCharsets.US_ASCII));
      mac.update(ByteBuffer.allocate(8).putLong(credential.version()).flip());
      return Octets.of(password.octets().use(mac::doFinal));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("no HmacSHA256", impossible);
    }
  }

  boolean holds(Octets key) {
    return proven.getIfPresent(key) != null;
  }

  void remember(Octets key, Account account) {
    proven.put(key, account.id());
  }

  void forget(Id account) {
    proven.asMap().values().removeIf(account::equals);
  }
}
