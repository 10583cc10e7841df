package heddle.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** An issuer of tokens. */
public record TokenConfig(
    @Doc(
            value = "The issuer, exactly as its tokens name it (iss).",
            example = "\"https://login.example.org\"",
            required = true)
        Optional<URI> issuer,
    @Doc(
            value = "The audience (aud) a token must be meant for.",
            example = "\"heddle\"",
            required = true)
        Optional<String> audience,
    @Doc(
            value = "Where the issuer publishes its keys.",
            example = "\"https://login.example.org/jwks\"")
        Optional<URI> jwks,
    @Doc(
            value = "Or where the issuer is asked about each token (RFC 7662), in place of jwks.",
            example = "\"https://login.example.org/introspect\"")
        Optional<URI> introspection,
    @Doc(
            value = "As what the issuer knows this server, where it wants to know who asks.",
            example = "\"heddle\"")
        Optional<String> clientId,
    @Doc(value = "The password that goes with client-id.", example = "{ file = \"token.secret\" }")
        Optional<SecretSource> clientSecret,
    @Doc(value = "Signatures that are believed.", byDefault = "[\"RS256\", \"ES256\", \"EdDSA\"]")
        List<Algorithm> algorithms,
    @Doc(value = "The claim that is the login name.", byDefault = "\"email\"")
        String usernameClaim) {
  /** A signature with a public key; RFC 7518 §3.1, RFC 8037. */
  public enum Algorithm implements Worded {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    ES512,
    EDDSA;

    @Override
    public String word() {
      return this == EDDSA ? "EdDSA" : name();
    }
  }
}
