package heddle.session;

import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/** Bearer tokens, and one issuer of them. */
enum Tokens {
  GOOD(Words.ANNA, 24 * 60, true),
  OVER(Words.ANNA, -10, true),
  /** Signed by somebody else. */
  FORGED(Words.ANNA, 24 * 60, false),
  BOBS(Words.BOB, 24 * 60, true);

  static final String ISSUER = "https://login.example.org";

  private static final class Keys {
    static final PublicJsonWebKey ISSUERS = key();
    static final PublicJsonWebKey OTHER = key();

    private static PublicJsonWebKey key() {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
        key.setPrivateKey(pair.getPrivate());
        key.setKeyId("one");
        return key;
      } catch (java.security.GeneralSecurityException | JoseException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }

  private final String name;
  private final int minutes;
  private final boolean genuine;
  private String text = "";

  Tokens(String name, int minutes, boolean genuine) {
    this.name = name;
    this.minutes = minutes;
    this.genuine = genuine;
  }

  /** What the issuer publishes. */
  static String keySet() {
    return new JsonWebKeySet(Keys.ISSUERS).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
  }

  synchronized String text() {
    if (text.isEmpty()) {
      text = signed();
    }
    return text;
  }

  private String signed() {
    try {
      var claims = new JwtClaims();
      claims.setIssuer(ISSUER);
      claims.setAudience("heddle");
      claims.setClaim("email", name);
      claims.setExpirationTimeMinutesInTheFuture(minutes);
      var signature = new JsonWebSignature();
      signature.setPayload(claims.toJson());
      signature.setKey((genuine ? Keys.ISSUERS : Keys.OTHER).getPrivateKey());
      signature.setKeyIdHeaderValue("one");
      signature.setAlgorithmHeaderValue("ES256");
      return signature.getCompactSerialization();
    } catch (JoseException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
