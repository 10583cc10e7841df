package heddle.directory;

import heddle.event.Event;
import heddle.event.Events;
import heddle.sasl.Attempt;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Refusals;
import heddle.store.Account;
import heddle.store.Accounts;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.lang.JoseException;

/**
 * Bearer tokens, signed by an issuer that the site names (RFC 7519, RFC 9068). What a token proves
 * is a name; the rights are those of the account of that name, or of the address alone. Safe to
 * share.
 */
public final class Tokens {
  private static final int SKEW_SECONDS = 30;

  private record Trusted(Issuer issuer, KeySet keys) {}

  private final List<Trusted> trusted;
  private final Accounts accounts;
  private final InstantSource clock;
  private final Events events;

  private Tokens(List<Trusted> trusted, Accounts accounts, InstantSource clock, Events events) {
    this.trusted = List.copyOf(trusted);
    this.accounts = accounts;
    this.clock = clock;
    this.events = events;
  }

  /** Fetches nothing until the first token comes. */
  public static Tokens of(
      List<Issuer> issuers, Accounts accounts, InstantSource clock, Events events) {
    var http =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    return of(issuers, i -> KeySet.at(i.jwks(), http), accounts, clock, events);
  }

  static Tokens of(
      List<Issuer> issuers,
      java.util.function.Function<Issuer, KeySet.Source> sources,
      Accounts accounts,
      InstantSource clock,
      Events events) {
    List<Trusted> trusted = new ArrayList<>();
    issuers.forEach(i -> trusted.add(new Trusted(i, new KeySet(sources.apply(i), clock))));
    return new Tokens(trusted, accounts, clock, events);
  }

  /** Whether any issuer is trusted. */
  boolean any() {
    return !trusted.isEmpty();
  }

  Decision check(Claim.Token claim, Attempt attempt) throws InterruptedException {
    String text = claim.token().use(octets -> new String(octets, StandardCharsets.US_ASCII));
    Optional<String> issuer = issuer(text);
    Optional<String> keyId = keyId(text);
    for (Trusted each : trusted) {
      if (issuer.filter(each.issuer().issuer()::equals).isPresent()) {
        return switch (each.keys().keys(keyId.orElse(null))) {
          case KeySet.Known.Keys(var keys) ->
              named(each.issuer(), verified(text, each.issuer(), keys, keyId), claim, attempt);
          case KeySet.Known.Nothing(var why) -> {
            events.tell(
                new Event.Warning(
                    "the keys of token issuer " + each.issuer().name() + " cannot be fetched",
                    why,
                    "logins by its tokens get 454 until it is there again"));
            yield new Decision.Defer(Refusals.UNAVAILABLE);
          }
        };
      }
    }
    return new Decision.Reject(Refusals.BAD_TOKEN);
  }

  /** What it says of itself, unproven: only to know whose keys to ask. */
  private static Optional<String> issuer(String text) {
    try {
      JwtClaims claims =
          new JwtConsumerBuilder()
              .setSkipAllValidators()
              .setDisableRequireSignature()
              .setSkipSignatureVerification()
              .build()
              .processToClaims(text);
      return Optional.ofNullable(claims.getIssuer());
    } catch (InvalidJwtException | MalformedClaimException noToken) {
      return Optional.empty();
    }
  }

  private static Optional<String> keyId(String text) {
    try {
      return Optional.ofNullable(
          JsonWebStructure.fromCompactSerialization(text).getKeyIdHeaderValue());
    } catch (JoseException noToken) {
      return Optional.empty();
    }
  }

  private Optional<JwtClaims> verified(
      String text, Issuer issuer, List<JsonWebKey> keys, Optional<String> keyId) {
    for (JsonWebKey each : keys) {
      boolean meant = keyId.isEmpty() || keyId.get().equals(each.getKeyId());
      if (meant && each instanceof PublicJsonWebKey key) {
        try {
          return Optional.of(
              new JwtConsumerBuilder()
                  .setRequireExpirationTime()
                  .setAllowedClockSkewInSeconds(SKEW_SECONDS)
                  .setEvaluationTime(NumericDate.fromMilliseconds(clock.instant().toEpochMilli()))
                  .setExpectedIssuer(issuer.issuer())
                  .setExpectedAudience(issuer.audience())
                  .setVerificationKey(key.getPublicKey())
                  .setJwsAlgorithmConstraints(
                      new AlgorithmConstraints(
                          ConstraintType.PERMIT, issuer.algorithms().toArray(String[]::new)))
                  .build()
                  .processToClaims(text));
        } catch (InvalidJwtException wrong) {
          // Another key of the set may have no id either.
        }
      }
    }
    return Optional.empty();
  }

  private Decision named(
      Issuer issuer, Optional<JwtClaims> claims, Claim.Token claim, Attempt attempt) {
    Optional<String> name =
        claims.map(c -> c.getClaimValueAsString(issuer.usernameClaim())).flatMap(LoginName::normal);
    if (claims.isEmpty() || name.isEmpty()) {
      return new Decision.Reject(Refusals.BAD_TOKEN);
    }
    // RFC 7628 §3.1: the server decides whether the identity asked for is the token's; ours must
    // be the very same.
    boolean itself =
        claim
            .authz()
            .map(a -> LoginName.normal(a).filter(name.get()::equals).isPresent())
            .orElse(true);
    if (!itself) {
      return new Decision.Reject(Refusals.NOT_ALLOWED);
    }
    Optional<Account> account = accounts.snapshot().find(name.get());
    return new Decision.Accept(
        new Identity(
            name.get(),
            name.get(),
            claim.authz().orElse(name.get()),
            account.map(Account::name),
            "token:" + issuer.name(),
            attempt.mechanism(),
            Set.of(),
            until(claims.get())));
  }

  private static Optional<Instant> until(JwtClaims claims) {
    try {
      return Optional.ofNullable(claims.getExpirationTime())
          .map(end -> Instant.ofEpochMilli(end.getValueInMillis()));
    } catch (MalformedClaimException judgedAlready) {
      return Optional.empty();
    }
  }

  /** A token is a secret: it is not kept and not shown. */
  @Override
  public String toString() {
    return "Tokens[" + trusted.size() + " issuers]";
  }
}
