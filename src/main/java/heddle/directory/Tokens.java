package heddle.directory;

import heddle.event.Event;
import heddle.event.Events;
import heddle.sasl.Attempt;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Refusals;
import heddle.sasl.Shown;
import heddle.store.Account;
import heddle.store.Accounts;
import heddle.store.Credential;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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

  /** An issuer and how it is asked. */
  private sealed interface Trusted {
    Issuer issuer();

    record Signing(Issuer issuer, List<String> algorithms, KeySet keys) implements Trusted {}

    record Asked(Issuer issuer, Introspection about) implements Trusted {}
  }

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
    return of(issuers, signed -> KeySet.at(signed.jwks(), http), http, accounts, clock, events);
  }

  static Tokens of(
      List<Issuer> issuers,
      Function<Issuer.Way.Signed, KeySet.Source> sources,
      HttpClient http,
      Accounts accounts,
      InstantSource clock,
      Events events) {
    List<Trusted> trusted = new ArrayList<>();
    for (Issuer each : issuers) {
      trusted.add(
          switch (each.way()) {
            case Issuer.Way.Signed signed ->
                new Trusted.Signing(
                    each, signed.algorithms(), new KeySet(sources.apply(signed), clock));
            case Issuer.Way.Asked asked -> new Trusted.Asked(each, new Introspection(asked, http));
          });
    }
    return new Tokens(trusted, accounts, clock, events);
  }

  /** Whether any issuer is trusted. */
  boolean any() {
    return !trusted.isEmpty();
  }

  Decision check(Claim.Token claim, Attempt attempt) throws InterruptedException {
    String text = claim.token().use(octets -> new String(octets, StandardCharsets.US_ASCII));
    Optional<String> issuer = issuer(text);
    boolean unheard = false;
    for (Trusted each : trusted) {
      // A token that says whose it is goes to no other; of the rest an issuer that is asked may
      // know.
      if (issuer.map(each.issuer().issuer()::equals).orElse(each instanceof Trusted.Asked)) {
        Decision decision =
            switch (each) {
              case Trusted.Signing signing -> signed(signing, text, claim, attempt);
              case Trusted.Asked asked -> asked(asked, claim, attempt);
            };
        if (decision instanceof Decision.Accept || issuer.isPresent()) {
          return decision;
        }
        unheard |= decision instanceof Decision.Defer;
      }
    }
    return unheard
        ? new Decision.Defer(Refusals.UNAVAILABLE)
        : new Decision.Reject(Refusals.BAD_TOKEN);
  }

  private Decision signed(Trusted.Signing signing, String text, Claim.Token claim, Attempt attempt)
      throws InterruptedException {
    Optional<String> keyId = keyId(text);
    return switch (signing.keys().keys(keyId.orElse(null))) {
      case KeySet.Known.Keys(var keys) ->
          named(signing.issuer(), verified(text, signing, keys, keyId), claim, attempt);
      case KeySet.Known.Nothing(var why) ->
          away("the keys of token issuer " + signing.issuer().name() + " cannot be fetched", why);
    };
  }

  private Decision asked(Trusted.Asked asked, Claim.Token claim, Attempt attempt)
      throws InterruptedException {
    return switch (asked.about().about(claim.token())) {
      case Introspection.Said.Active(var claims) ->
          named(
              asked.issuer(),
              Optional.of(claims).filter(c -> isMeant(c, asked.issuer())),
              claim,
              attempt);
      case Introspection.Said.Inactive _ -> new Decision.Reject(Refusals.BAD_TOKEN);
      case Introspection.Said.Nothing(var why) ->
          away("token issuer " + asked.issuer().name() + " cannot be asked", why);
    };
  }

  private Decision away(String what, String why) {
    events.tell(
        new Event.Warning(what, why, "logins by its tokens get 454 until it is there again"));
    return new Decision.Defer(Refusals.UNAVAILABLE);
  }

  /** RFC 7662 §4: that it is active is not enough; it must be for us, and not be over. */
  private boolean isMeant(JwtClaims claims, Issuer issuer) {
    try {
      NumericDate end = claims.getExpirationTime();
      long now = clock.instant().getEpochSecond() - SKEW_SECONDS;
      return claims.hasAudience()
          && claims.getAudience().contains(issuer.audience())
          && (claims.getIssuer() == null || claims.getIssuer().equals(issuer.issuer()))
          && (end == null || end.getValue() > now);
    } catch (MalformedClaimException odd) {
      return false;
    }
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
      String text, Trusted.Signing signing, List<JsonWebKey> keys, Optional<String> keyId) {
    for (JsonWebKey each : keys) {
      boolean meant = keyId.isEmpty() || keyId.get().equals(each.getKeyId());
      if (meant && each instanceof PublicJsonWebKey key) {
        try {
          return Optional.of(
              new JwtConsumerBuilder()
                  .setRequireExpirationTime()
                  .setAllowedClockSkewInSeconds(SKEW_SECONDS)
                  .setEvaluationTime(NumericDate.fromMilliseconds(clock.instant().toEpochMilli()))
                  .setExpectedIssuer(signing.issuer().issuer())
                  .setExpectedAudience(signing.issuer().audience())
                  .setVerificationKey(key.getPublicKey())
                  .setJwsAlgorithmConstraints(
                      new AlgorithmConstraints(
                          ConstraintType.PERMIT, signing.algorithms().toArray(String[]::new)))
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
    // A subject that somebody has among their keys says more than a name, which may change hands.
    Optional<Account> holder = claims.flatMap(Tokens::subject).flatMap(s -> holder(issuer, s));
    Optional<String> name =
        holder
            .map(Account::name)
            .or(
                () ->
                    claims
                        .map(c -> c.getClaimValueAsString(issuer.usernameClaim()))
                        .flatMap(LoginName::normal));
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
    Optional<Credential> key = holder.flatMap(h -> key(h, issuer, claims.get()));
    key.ifPresent(
        k ->
            accounts.used(
                k.id(), attempt.client().ip(), attempt.mechanism(), attempt.hello().orElse("")));
    return new Decision.Accept(
        new Identity(
            name.get(),
            name.get(),
            claim.authz().orElse(name.get()),
            account.map(Account::name),
            key.map(Credential::shown).orElseGet(() -> Shown.as("token:" + issuer.name())),
            attempt.mechanism(),
            Set.of(),
            until(claims.get())));
  }

  private static Optional<String> subject(JwtClaims claims) {
    try {
      return Optional.ofNullable(claims.getSubject()).filter(s -> !s.isBlank());
    } catch (MalformedClaimException none) {
      return Optional.empty();
    }
  }

  /** What the key of an account says of a subject: {@code token:NAME:SUBJECT}. */
  private static String proof(Issuer issuer, String subject) {
    return "token:" + issuer.name() + ":" + subject;
  }

  private Optional<Account> holder(Issuer issuer, String subject) {
    return accounts.snapshot().holder(proof(issuer, subject));
  }

  private static Optional<Credential> key(Account holder, Issuer issuer, JwtClaims claims) {
    Optional<String> proof = subject(claims).map(s -> proof(issuer, s));
    return holder.keys().stream().filter(k -> k.proof().equals(proof)).findFirst();
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
