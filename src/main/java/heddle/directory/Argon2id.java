package heddle.directory;

import heddle.mail.Octets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * One Argon2id hash (RFC 9106) with what it was made with, as a PHC string holds it.
 *
 * @param salt 8 to 64 octets
 * @param hash 16 to 64 octets
 */
record Argon2id(Cost cost, Octets salt, Octets hash) implements KeptHash {
  /**
   * What one run costs.
   *
   * @param memory in KiB
   */
  record Cost(int memory, int passes, int lanes) {
    /** 19 MiB, two passes, one lane: OWASP's choice for a server that has other work too. */
    static final Cost USUAL = new Cost(19 * 1024, 2, 1);

    /** 64 MiB, 16 passes, 8 lanes, and as much work as four passes over 64 MiB. */
    boolean bearable() {
      return memory >= 8 * lanes
          && memory <= 64 * 1024
          && passes >= 1
          && passes <= 16
          && memory * passes <= 4 * 64 * 1024
          && lanes >= 1
          && lanes <= 8;
    }

    boolean atLeast(Cost other) {
      return memory >= other.memory && passes >= other.passes;
    }
  }

  private static final int VERSION = 0x13;
  static final int HASH_OCTETS = 32;
  static final int SALT_OCTETS = 16;
  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,4}),p=(\\d{1,3})"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  /**
   * @return empty where it is no such string, or one that costs more than a login may
   */
  static Optional<Argon2id> parse(Octets phc) {
    Matcher parts = PHC.matcher(phc.utf8().orElse(""));
    if (!parts.matches()) {
      return Optional.empty();
    }
    var cost =
        new Cost(
            Integer.parseInt(parts.group(1)),
            Integer.parseInt(parts.group(2)),
            Integer.parseInt(parts.group(3)));
    return cost.bearable()
        ? Encodings.unpadded(parts.group(4))
            .flatMap(
                salt ->
                    Encodings.unpadded(parts.group(5)).map(hash -> new Argon2id(cost, salt, hash)))
        : Optional.empty();
  }

  /** One run. 19 MiB and some 30 ms of a core: only where {@link HashWorkers} says so. */
  static Argon2id of(byte[] password, Octets salt, Cost cost) {
    return new Argon2id(
        cost, salt, Octets.of(run(Argon2Parameters.ARGON2_id, password, salt, cost, HASH_OCTETS)));
  }

  @Override
  public boolean matches(byte[] password) {
    return MessageDigest.isEqual(
        run(Argon2Parameters.ARGON2_id, password, salt, cost, hash.size()), hash.toArray());
  }

  @Override
  public int memory() {
    return cost.memory();
  }

  @Override
  public boolean isOurs(Cost usual) {
    return cost.atLeast(usual);
  }

  static byte[] run(int type, byte[] password, Octets salt, Cost cost, int octets) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(type)
            .withVersion(VERSION)
            .withMemoryAsKB(cost.memory())
            .withIterations(cost.passes())
            .withParallelism(cost.lanes())
            .withSalt(salt.toArray())
            .build());
    byte[] hash = new byte[octets];
    generator.generateBytes(password, hash);
    return hash;
  }

  Octets phc() {
    var encoder = Base64.getEncoder().withoutPadding();
    return Octets.ofUtf8(
        "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
            .formatted(
                cost.memory(),
                cost.passes(),
                cost.lanes(),
                encoder.encodeToString(salt.toArray()),
                encoder.encodeToString(hash.toArray())));
  }
}
