package heddle.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Octets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.generators.SCrypt;

/** Whatever is made of a password is its own, and nothing that differs in one octet is. */
class KeptHashProperties {
  /** Each makes a hash of four octets of salt or more, at its least cost. */
  enum Maker {
    ARGON2ID {
      @Override
      String make(byte[] password, byte[] salt) {
        return Argon2id.of(password, Octets.of(salt), new Argon2id.Cost(8, 1, 1))
            .phc()
            .utf8()
            .orElseThrow();
      }
    },
    BCRYPT {
      @Override
      String make(byte[] password, byte[] salt) {
        return OpenBSDBCrypt.generate("2y", password, salt, 4);
      }
    },
    SCRYPT {
      @Override
      String make(byte[] password, byte[] salt) {
        return "$scrypt$ln=4,r=2,p=1$"
            + UNPADDED.encodeToString(salt)
            + "$"
            + UNPADDED.encodeToString(SCrypt.generate(password, salt, 16, 2, 1, 32));
      }
    },
    SHA512_CRYPT {
      @Override
      String make(byte[] password, byte[] salt) {
        return Sha2Crypt.sha512Crypt(password.clone(), "$6$rounds=1000$" + hex(salt));
      }
    },
    SHA256_CRYPT {
      @Override
      String make(byte[] password, byte[] salt) {
        return "{CRYPT}" + Sha2Crypt.sha256Crypt(password.clone(), "$5$rounds=1000$" + hex(salt));
      }
    },
    SSHA256 {
      @Override
      String make(byte[] password, byte[] salt) {
        return "{SSHA256}" + Base64.getEncoder().encodeToString(salted(password, salt));
      }
    },
    SSHA256_HEX {
      @Override
      String make(byte[] password, byte[] salt) {
        return "{SSHA256.HEX}" + java.util.HexFormat.of().formatHex(salted(password, salt));
      }
    };

    private static final Base64.Encoder UNPADDED = Base64.getEncoder().withoutPadding();

    /** Not in the form of which it was written, but as the program that keeps it would. */
    abstract String make(byte[] password, byte[] salt);

    private static String hex(byte[] salt) {
      return java.util.HexFormat.of().formatHex(salt, 0, 8);
    }

    private static byte[] salted(byte[] password, byte[] salt) {
      try {
        var digest = MessageDigest.getInstance("SHA-256");
        digest.update(password);
        byte[] both = Arrays.copyOf(digest.digest(salt), 32 + salt.length);
        System.arraycopy(salt, 0, both, 32, salt.length);
        return both;
      } catch (java.security.NoSuchAlgorithmException impossible) {
        throw new AssertionError(impossible);
      }
    }
  }

  @Provide
  Arbitrary<byte[]> passwords() {
    // No NUL: no password has one, and bcrypt would end there.
    return Arbitraries.bytes().filter(b -> b != 0).array(byte[].class).ofMinSize(1).ofMaxSize(72);
  }

  @Property(tries = 400)
  void a_hash_is_of_its_password_and_of_none_that_differs_in_one_octet(
      @ForAll Maker maker,
      @ForAll("passwords") byte[] password,
      @ForAll @Size(16) byte[] salt,
      @ForAll @IntRange(max = 1000) int where,
      @ForAll @IntRange(min = 1, max = 255) int flip) {
    KeptHash hash = KeptHash.parse(Octets.ofUtf8(maker.make(password, salt))).orElseThrow();
    assertTrue(hash.matches(password));
    byte[] other = password.clone();
    other[where % other.length] ^= (byte) flip;
    if (other[where % other.length] != 0) {
      assertFalse(hash.matches(other));
    }
    assertFalse(
        maker != Maker.BCRYPT && hash.matches(Arrays.copyOf(password, where % password.length)));
    Statistics.label("maker").collect(maker);
  }

  @Property(tries = 600)
  void a_hash_that_was_changed_in_one_octet_is_none_or_another_one(
      @ForAll Maker maker,
      @ForAll("passwords") byte[] password,
      @ForAll @Size(16) byte[] salt,
      @ForAll @IntRange(max = 10_000) int where,
      @ForAll @IntRange(min = ' ', max = '~') int character) {
    String text = maker.make(password, salt);
    int begin = text.indexOf('}') + 1;
    int at = begin + where % (text.length() - begin);
    String changed = text.substring(0, at) + (char) character + text.substring(at + 1);
    if (same(maker, text, changed)) {
      return;
    }
    Optional<KeptHash> other = KeptHash.parse(Octets.of(changed.getBytes(StandardCharsets.UTF_8)));
    boolean dear = other.filter(KeptHashProperties::dear).isPresent();
    assertFalse(!dear && other.filter(h -> h.matches(password)).isPresent(), changed);
    Statistics.label("read").collect(other.isPresent());
    Statistics.label("read")
        .coverage(
            seen -> {
              seen.check(true).count(n -> n > 50);
              seen.check(false).count(n -> n > 50);
            });
  }

  /** Two spellings of one thing: the case of hexadecimal digits, and bcrypt's three names. */
  private static boolean same(Maker maker, String one, String other) {
    return one.equals(other)
        || maker == Maker.SSHA256_HEX
            && one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT))
        || maker == Maker.BCRYPT && List.of("$2a$", "$2b$").contains(other.substring(0, 4));
  }

  /**
   * Made so dear by the change that it would take the test's time: it is another one by its cost.
   */
  private static boolean dear(KeptHash hash) {
    return hash instanceof Bcrypt b && b.cost() > 8 || hash.memory() > 4096;
  }

  @Property(tries = 2000)
  void whatever_is_read_is_a_hash_a_password_or_refused(@ForAll("texts") String text) {
    switch (ImportedPassword.read(text)) {
      case ImportedPassword.Hashed(var kept) -> assertTrue(KeptHash.parse(kept).isPresent());
      case ImportedPassword.Clear(var password) -> assertFalse(password.isEmpty());
      case ImportedPassword.Refused(var why) ->
          assertFalse(why.contains(text) && text.length() > 9);
      case ImportedPassword.None _ ->
          assertEquals(Optional.empty(), KeptHash.parse(Octets.ofUtf8(text)));
    }
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> beginning =
        Arbitraries.of(
            "",
            "{SSHA}",
            "{CRYPT}",
            "{PLAIN}",
            "{PBKDF2}",
            "$argon2id$",
            "$2y$",
            "$5$",
            "$7$",
            "$scrypt$",
            "$pbkdf2$",
            "{",
            "$",
            "{X}");
    Arbitrary<String> rest = Arbitraries.strings().withCharRange('$', 'z').ofMaxLength(70);
    return net.jqwik.api.Combinators.combine(beginning, rest).as(String::concat);
  }
}
