package heddle.directory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.store.ScramSalt;
import heddle.store.StoreRefused;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
  @TempDir private Path home;

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // From the reference implementation's own tests: password "password", salt "somesalt".
  @ParameterizedTest
  @ValueSource(
      strings = {
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
      })
  void hashes_of_the_reference_implementation_are_understood(String phc) {
    Argon2id hash = Argon2id.parse(Octets.ofUtf8(phc)).orElseThrow();
    assertTrue(hash.matches(utf8("password")));
    assertFalse(hash.matches(utf8("Password")));
    assertEquals(Octets.ofUtf8(phc), hash.phc());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=99,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=0$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$",
        "{SSHA}c29tZXNhbHQ="
      })
  void what_is_no_hash_of_ours_or_costs_too_much_is_not(String phc) {
    assertEquals(Optional.empty(), Argon2id.parse(Octets.ofUtf8(phc)));
  }

  // RFC 7677 §3: user "user", password "pencil", and the messages of the example.
  @Test
  void scram_keys_satisfy_the_example_of_rfc_7677() throws Exception {
    var salt = new ScramSalt(Octets.ofBase64("W22ZaJ0SNY7soEsUEjb6gQ==").orElseThrow(), 4096);
    ScramKeys keys = ScramKeys.derive(heddle.sasl.ScramHash.SHA_256, Secret.ofUtf8("pencil"), salt);
    String nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    String messages =
        "n=user,r=rOprNGfwEbeRWgbNEkqO,r="
            + nonce
            + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r="
            + nonce;
    Octets signature = hmac(keys.serverKey(), messages);
    assertEquals("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", signature.base64());
    // The client's proof gives its key away to who knows the stored one; its hash is the stored
    // one.
    byte[] proof =
        Octets.ofBase64("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=").orElseThrow().toArray();
    byte[] mask = hmac(keys.storedKey(), messages).toArray();
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= mask[i];
    }
    byte[] hashed = MessageDigest.getInstance("SHA-256").digest(proof);
    assertEquals(keys.storedKey(), Octets.of(hashed));
  }

  // RFC 5802 §5: the same user and password by SHA-1. Its salt is shorter than ours ever are, so
  // the JDK derives the keys.
  @Test
  void scram_keys_satisfy_the_example_of_rfc_5802() throws Exception {
    var hash = heddle.sasl.ScramHash.SHA_1;
    byte[] salted =
        javax.crypto.SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1")
            .generateSecret(
                new javax.crypto.spec.PBEKeySpec(
                    "pencil".toCharArray(),
                    Octets.ofBase64("QSXCR+Q6sek8bf92").orElseThrow().toArray(),
                    4096,
                    160))
            .getEncoded();
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(salted, "HmacSHA1"));
    byte[] client = mac.doFinal(utf8("Client Key"));
    byte[] server = mac.doFinal(utf8("Server Key"));
    byte[] stored = MessageDigest.getInstance("SHA-1").digest(client);
    var keys = new ScramKeys(Octets.of(stored), Octets.of(server));
    String nonce = "fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j";
    Octets messages =
        Octets.ofUtf8(
            "n=user,r=fyko+d2lbbFgONRv9qkxdawL,r="
                + nonce
                + ",s=QSXCR+Q6sek8bf92,i=4096,c=biws,r="
                + nonce);
    Octets proof = Octets.ofBase64("v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=").orElseThrow();
    assertTrue(keys.proves(hash, messages, proof));
    assertEquals("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", keys.serverFinal(hash, messages).utf8().get());
    assertFalse(keys.proves(hash, Octets.ofUtf8("another"), proof));
  }

  private static Octets hmac(Octets key, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.toArray(), "HmacSHA256"));
    return Octets.of(mac.doFinal(utf8(text)));
  }

  @Test
  void scram_keys_of_sha_512_agree_with_the_jdks_own_derivation() throws Exception {
    byte[] salt = utf8("sixteen octets!!");
    String password = "p\u00e4ss w\u00f6rd";
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
            .generateSecret(new PBEKeySpec(password.toCharArray(), salt, 5000, 512))
            .getEncoded();
    Mac mac = Mac.getInstance("HmacSHA512");
    mac.init(new SecretKeySpec(salted, "HmacSHA512"));
    byte[] server = mac.doFinal(utf8("Server Key"));
    ScramKeys keys =
        ScramKeys.derive(
            heddle.sasl.ScramHash.SHA_512,
            Secret.ofUtf8(password),
            new ScramSalt(Octets.of(salt), 5000));
    assertArrayEquals(server, keys.serverKey().toArray());
    assertEquals(64, keys.storedKey().size());
  }

  @Test
  void stored_scram_keys_open_for_their_own_account_and_mechanism_only() throws Exception {
    try (var house = new House(home)) {
      house.add("anna@example.org", "fun");
      house.add("bob@example.org", "fun");
      var anna = house.accounts.snapshot().find("anna@example.org").orElseThrow();
      var bob = house.accounts.snapshot().find("bob@example.org").orElseThrow();
      Octets sealed = anna.password().get().material().scramSha256().orElseThrow();
      var hash = heddle.sasl.ScramHash.SHA_256;
      assertEquals(
          Optional.of(ScramKeys.derive(hash, Secret.ofUtf8("fun"), anna.salt())),
          ScramKeys.unsealed(sealed, house.key, hash, anna.id().value()));
      assertEquals(Optional.empty(), ScramKeys.unsealed(sealed, house.key, hash, bob.id().value()));
      assertEquals(
          Optional.empty(),
          ScramKeys.unsealed(sealed, house.key, heddle.sasl.ScramHash.SHA_512, anna.id().value()));
    }
  }

  @Test
  void the_key_is_made_once_for_its_owner_alone_and_opens_what_it_sealed() throws Exception {
    Path file = home.resolve("store.key");
    Octets sealed = StoreKey.open(file).seal(Octets.ofUtf8("x"), "a");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(32, Files.size(file));
    assertEquals(Optional.of(Octets.ofUtf8("x")), StoreKey.open(file).unseal(sealed, "a"));
    assertEquals(Optional.empty(), StoreKey.open(home.resolve("other.key")).unseal(sealed, "a"));
  }

  @Test
  void a_key_that_others_read_or_of_another_length_is_refused_and_left_alone() throws Exception {
    Path file = home.resolve("store.key");
    StoreKey.open(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertTrue(
        assertThrows(StoreRefused.class, () -> StoreKey.open(file)).getMessage().contains("chmod"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.write(file, new byte[31]);
    assertTrue(
        assertThrows(StoreRefused.class, () -> StoreKey.open(file))
            .getMessage()
            .contains("no key of 32"));
    assertEquals(31, Files.size(file));
    assertThrows(StoreRefused.class, () -> StoreKey.open(home.resolve("no/store.key")));
  }

  @Test
  void made_passwords_are_twenty_characters_in_fives_and_never_twice_the_same() {
    var seen = new HashSet<String>();
    for (int i = 0; i < 1000; i++) {
      String made =
          PasswordMaker.make(House.RANDOM).use(b -> new String(b, StandardCharsets.US_ASCII));
      assertTrue(made.matches("[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}"), made);
      assertTrue(seen.add(made));
    }
  }
}
