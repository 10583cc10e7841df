package heddle.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Secret;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
  private static final String ISSUER = "https://login.example.org";
  @TempDir Path home;
  private House house;
  private Tokens tokens;
  private PublicJsonWebKey rsa;
  private PublicJsonWebKey ec;
  private List<JsonWebKey> published;
  private boolean down;
  private final AtomicInteger fetches = new AtomicInteger();

  @BeforeEach
  void open() throws Exception {
    house = new House(home, "example.org");
    house.add("anna@example.org", "pencil");
    rsa = key("RSA", "one");
    ec = key("EC", "two");
    published = List.of(rsa);
    var issuer =
        new Issuer(
            "provider",
            ISSUER,
            "heddle",
            new Issuer.Way.Signed(
                URI.create("https://login.example.org/jwks"), List.of("RS256", "ES256")),
            "email");
    tokens =
        Tokens.of(
            List.of(issuer),
            _ ->
                () -> {
                  fetches.incrementAndGet();
                  if (down) {
                    throw new IOException("down");
                  }
                  return new JsonWebKeySet(published)
                      .toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
                },
            java.net.http.HttpClient.newHttpClient(),
            house.accounts,
            house.clock,
            _ -> {});
  }

  @AfterEach
  void close() {
    house.close();
  }

  private static PublicJsonWebKey key(String kind, String id) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
    if (kind.equals("EC")) {
      generator.initialize(new ECGenParameterSpec("secp256r1"));
    } else {
      generator.initialize(2048);
    }
    KeyPair pair = generator.generateKeyPair();
    PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
    key.setPrivateKey(pair.getPrivate());
    key.setKeyId(id);
    return key;
  }

  private JwtClaims claims() {
    var claims = new JwtClaims();
    claims.setIssuer(ISSUER);
    claims.setAudience("heddle");
    claims.setClaim("email", "Anna@example.org");
    Instant end = house.clock.instant().plusSeconds(600);
    claims.setExpirationTime(NumericDate.fromMilliseconds(end.toEpochMilli()));
    return claims;
  }

  private static String signed(JwtClaims claims, PublicJsonWebKey key, String algorithm)
      throws Exception {
    var signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setKey(key.getPrivateKey());
    signature.setKeyIdHeaderValue(key.getKeyId());
    signature.setAlgorithmHeaderValue(algorithm);
    return signature.getCompactSerialization();
  }

  private String verdict(String token, String... authz) throws Exception {
    return House.verdict(check(token, authz));
  }

  private Decision check(String token, String... authz) throws Exception {
    Optional<String> name = authz.length == 0 ? Optional.empty() : Optional.of(authz[0]);
    return tokens.check(new Claim.Token(name, Secret.ofUtf8(token)), House.attempt("198.51.100.7"));
  }

  @Test
  void a_token_of_its_issuer_proves_a_name_until_it_ends() throws Exception {
    var accept = (Decision.Accept) check(signed(claims(), rsa, "RS256"));
    assertEquals("anna@example.org", accept.who().authz());
    assertEquals(Optional.of("anna@example.org"), accept.who().account());
    assertEquals("token:provider", accept.who().credential());
    Instant end = house.clock.instant().plusSeconds(600);
    assertEquals(end.getEpochSecond(), accept.who().until().orElseThrow().getEpochSecond());
    assertEquals("accept", verdict(signed(claims(), rsa, "RS256"), "anna@EXAMPLE.org"));
    assertEquals("reject notallowed", verdict(signed(claims(), rsa, "RS256"), "bob@example.org"));
    house.now = house.now.plus(Duration.ofMinutes(20));
    JwtClaims old = claims();
    old.setExpirationTime(
        NumericDate.fromMilliseconds(house.clock.instant().minusSeconds(60).toEpochMilli()));
    assertEquals("reject badtoken", verdict(signed(old, rsa, "RS256")));
  }

  @Test
  void a_token_that_proves_nothing_is_a_no() throws Exception {
    JwtClaims other = claims();
    other.setAudience("another");
    assertEquals("reject badtoken", verdict(signed(other, rsa, "RS256")));
    JwtClaims stranger = claims();
    stranger.setIssuer("https://evil.example.org");
    assertEquals("reject badtoken", verdict(signed(stranger, rsa, "RS256")));
    JwtClaims nameless = claims();
    nameless.unsetClaim("email");
    assertEquals("reject badtoken", verdict(signed(nameless, rsa, "RS256")));
    JwtClaims endless = claims();
    endless.unsetClaim("exp");
    assertEquals("reject badtoken", verdict(signed(endless, rsa, "RS256")));
    PublicJsonWebKey forged = key("RSA", "one");
    assertEquals("reject badtoken", verdict(signed(claims(), forged, "RS256")));
    assertEquals("reject badtoken", verdict(signed(claims(), rsa, "RS512")), "not listed");
    assertEquals("reject badtoken", verdict("abc"));
    assertEquals("reject badtoken", verdict("a.b.c"));
  }

  @Test
  void nobody_signs_with_nothing_nor_with_what_everybody_knows() throws Exception {
    var none = new JsonWebSignature();
    none.setPayload(claims().toJson());
    none.setAlgorithmConstraints(org.jose4j.jwa.AlgorithmConstraints.ALLOW_ONLY_NONE);
    none.setAlgorithmHeaderValue("none");
    assertEquals("reject badtoken", verdict(none.getCompactSerialization()));
    var hmac = new JsonWebSignature();
    hmac.setPayload(claims().toJson());
    hmac.setKey(new HmacKey(rsa.getPublicKey().getEncoded()));
    hmac.setKeyIdHeaderValue("one");
    hmac.setAlgorithmHeaderValue("HS256");
    assertEquals("reject badtoken", verdict(hmac.getCompactSerialization()));
  }

  @Test
  void keys_are_fetched_once_a_minute_at_most_and_go_on_counting_while_the_issuer_is_down()
      throws Exception {
    String known = signed(claims(), rsa, "RS256");
    String unknown = signed(claims(), ec, "ES256");
    assertEquals("accept", verdict(known));
    for (int i = 0; i < 20; i++) {
      assertEquals("reject badtoken", verdict(unknown), "its set was seen a moment ago");
    }
    assertEquals(1, fetches.get());
    down = true;
    house.now = house.now.plus(Duration.ofMinutes(2));
    assertEquals("accept", verdict(known));
    assertTrue(verdict(unknown).startsWith("defer"), "nobody can say whose it is");
    assertTrue(verdict(unknown).startsWith("defer"));
    assertEquals(2, fetches.get());
    down = false;
    published = List.of(rsa, ec);
    assertTrue(verdict(unknown).startsWith("defer"), "not before the minute is over");
    house.now = house.now.plus(Duration.ofMinutes(1));
    assertEquals("accept", verdict(unknown));
    assertEquals(3, fetches.get());
  }

  @Test
  void an_issuer_that_was_never_there_is_no_reason_for_a_no() throws Exception {
    down = true;
    assertEquals("defer unavailable", verdict(signed(claims(), rsa, "RS256")));
  }
}
