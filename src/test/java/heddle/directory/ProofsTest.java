package heddle.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Salt;
import heddle.sasl.ScramHash;
import heddle.store.ScramSalt;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is proved without the password itself. */
class ProofsTest {
  @TempDir Path home;
  private House house;

  @BeforeEach
  void open() throws Exception {
    house = new House(home, "example.org");
    house.add("anna@example.org", "pencil");
  }

  @AfterEach
  void close() {
    house.close();
  }

  private static final Octets MESSAGE = Octets.ofUtf8("n=anna,r=a,r=ab,s=x,i=4096,c=biws,r=ab");

  /** As a client makes it, from the password and the salt that it was told. */
  private Claim.Scram proof(String name, String password, ScramHash hash) throws Exception {
    Salt told = house.directory.salt(name, hash);
    ScramKeys keys =
        ScramKeys.derive(
            hash, Secret.ofUtf8(password), new ScramSalt(told.salt(), told.iterations()));
    // RFC 5802 §3; the client key is had from the stored one only by who knows the password.
    Octets client = clientKey(hash, password, told);
    byte[] proof = hmac(hash, keys.storedKey(), MESSAGE).toArray();
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= (byte) client.at(i);
    }
    return new Claim.Scram(name, name, Optional.empty(), hash, MESSAGE, Octets.of(proof));
  }

  private static Octets hmac(ScramHash hash, Octets key, Octets text) throws Exception {
    Mac mac = Mac.getInstance(hash.mac());
    mac.init(new SecretKeySpec(key.toArray(), hash.mac()));
    return Octets.of(mac.doFinal(text.toArray()));
  }

  private static Octets clientKey(ScramHash hash, String password, Salt salt) throws Exception {
    var factory = javax.crypto.SecretKeyFactory.getInstance("PBKDF2With" + hash.mac());
    byte[] salted =
        factory
            .generateSecret(
                new javax.crypto.spec.PBEKeySpec(
                    password.toCharArray(),
                    salt.salt().toArray(),
                    salt.iterations(),
                    hash.octets() * 8))
            .getEncoded();
    return hmac(hash, Octets.of(salted), Octets.ofUtf8("Client Key"));
  }

  private Decision check(Claim claim) throws Exception {
    return house.directory.check(claim, House.attempt("198.51.100.7"));
  }

  @ParameterizedTest
  @EnumSource
  void scram_lets_in_who_knows_the_password_and_shows_that_we_do(ScramHash hash) throws Exception {
    Claim.Scram right = proof("anna@example.org", "pencil", hash);
    var accept = (Decision.Accept) check(right);
    ScramKeys keys =
        ScramKeys.derive(
            hash,
            Secret.ofUtf8("pencil"),
            house.accounts.snapshot().find("anna@example.org").orElseThrow().salt());
    assertEquals(
        "v=" + hmac(hash, keys.serverKey(), MESSAGE).base64(),
        accept.last().orElseThrow().utf8().orElseThrow());
    assertEquals("anna@example.org", accept.who().authz());
    // A short name means the same account.
    assertEquals("accept", House.verdict(check(proof("anna", "pencil", hash))));
    assertEquals(
        "reject badpassword", House.verdict(check(proof("anna@example.org", "pen", hash))));
    assertEquals("reject baduser", House.verdict(check(proof("bob@example.org", "pencil", hash))));
    Claim.Scram other =
        new Claim.Scram(
            "bob@example.org", right.authn(), Optional.empty(), hash, MESSAGE, right.proof());
    assertEquals("reject notallowed", House.verdict(check(other)));
    house.accounts.disable("anna@example.org", "left");
    assertEquals("reject disabled", House.verdict(check(right)));
  }

  @Test
  void a_salt_is_told_of_nobody_too_and_always_the_same() throws Exception {
    for (String name : List.of("bob@example.org", "nobody", "\u0001", "a".repeat(300))) {
      Salt once = house.directory.salt(name, ScramHash.SHA_256);
      assertEquals(once, house.directory.salt(name, ScramHash.SHA_256));
      assertEquals(ScramSalt.OCTETS, once.salt().size());
      assertEquals(4096, once.iterations());
    }
    assertNotEquals(
        house.directory.salt("bob@example.org", ScramHash.SHA_256),
        house.directory.salt("carol@example.org", ScramHash.SHA_256));
    assertEquals(
        house.directory.salt("BOB@example.org", ScramHash.SHA_256),
        house.directory.salt("bob@EXAMPLE.org", ScramHash.SHA_256));
    Salt before = house.directory.salt("bob@example.org", ScramHash.SHA_512);
    house.close();
    house = new House(home, "example.org");
    assertEquals(before, house.directory.salt("bob@example.org", ScramHash.SHA_512));
  }

  @Test
  void the_salt_stays_when_the_password_changes_and_the_old_proof_is_worth_nothing()
      throws Exception {
    Claim.Scram old = proof("anna@example.org", "pencil", ScramHash.SHA_256);
    Salt salt = house.directory.salt("anna@example.org", ScramHash.SHA_256);
    house.enrolment.setPassword("anna@example.org", Secret.ofUtf8("crayon"));
    assertEquals(salt, house.directory.salt("anna@example.org", ScramHash.SHA_256));
    assertEquals("reject badpassword", House.verdict(check(old)));
    assertEquals(
        "accept", House.verdict(check(proof("anna@example.org", "crayon", ScramHash.SHA_256))));
  }

  @Test
  void cram_md5_keys_satisfy_the_example_of_rfc_2195() {
    CramMd5Keys keys = CramMd5Keys.derive(Secret.ofUtf8("tanstaaftanstaaf"));
    Octets challenge = Octets.ofUtf8("<1896.697170952@postoffice.reston.mci.net>");
    Octets digest = Octets.of(HexFormat.of().parseHex("b913a602c7eda7a495b4e6e7334d3890"));
    assertTrue(keys.proves(challenge, digest));
    assertFalse(keys.proves(Octets.ofUtf8("<other>"), digest));
  }

  @Test
  void cram_md5_lets_in_who_knows_the_password_however_long() throws Exception {
    for (String password : List.of("pencil", "p".repeat(64), "p".repeat(65))) {
      house.enrolment.setPassword("anna@example.org", Secret.ofUtf8(password));
      Octets challenge = Octets.ofUtf8("<1@x>");
      Mac mac = Mac.getInstance("HmacMD5");
      mac.init(new SecretKeySpec(password.getBytes(), "HmacMD5"));
      Octets digest = Octets.of(mac.doFinal(challenge.toArray()));
      assertEquals(
          "accept", House.verdict(check(new Claim.CramMd5("anna@example.org", challenge, digest))));
      assertEquals(
          "reject badpassword",
          House.verdict(
              check(new Claim.CramMd5("anna@example.org", Octets.ofUtf8("<2@x>"), digest))));
      assertEquals(
          "reject baduser",
          House.verdict(check(new Claim.CramMd5("bob@example.org", challenge, digest))));
    }
  }
}
