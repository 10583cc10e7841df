package heddle.session;

import heddle.directory.LoginName;
import heddle.limit.LoginPatience;
import heddle.mail.Secret;
import heddle.peer.Presence;
import heddle.sasl.Attempt;
import heddle.sasl.Authenticator;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Refusals;
import heddle.sasl.Salt;
import heddle.sasl.ScramHash;
import heddle.sasl.Verifier;
import java.util.Optional;
import java.util.Set;

/**
 * Passes claims on: it remembers the name in them, for the log, and asks patience before each and
 * tells it what came of it. Used for one exchange.
 */
final class Overheard implements Verifier {
  private final Verifier verifier;
  private final LoginPatience patience;
  private Optional<String> name = Optional.empty();
  private Optional<String> binding = Optional.empty();
  private boolean counted;

  Overheard(Verifier verifier, LoginPatience patience) {
    this.verifier = verifier;
    this.patience = patience;
  }

  /** As the client gave it. */
  Optional<String> name() {
    return name;
  }

  Optional<String> binding() {
    return binding;
  }

  /** Whether patience knows what came of the exchange. */
  boolean counted() {
    return counted;
  }

  @Override
  public Set<Class<? extends Claim>> proves() {
    return verifier.proves();
  }

  @Override
  public Salt salt(String authn, ScramHash hash) {
    name = Optional.of(authn);
    return verifier.salt(authn, hash);
  }

  @Override
  public boolean mayKnow(Presence presence) {
    return verifier.mayKnow(presence);
  }

  /** A voice that reads names and secrets itself: only its network is asked about. */
  Authenticator patient(Authenticator voice) {
    return attempt ->
        switch (patience.enter(attempt.client(), Optional.empty(), Optional.empty())) {
          case LoginPatience.Entry.Held _ -> {
            counted = true;
            yield new Decision.Defer(Refusals.TOO_MANY_FAILURES);
          }
          case LoginPatience.Entry.Go(var turn) -> {
            // The exchange may take its time; nobody is to wait for it.
            turn.undecided();
            yield voice.decide(attempt);
          }
        };
  }

  @Override
  public Decision check(Claim claim, Attempt attempt) throws Exception {
    Optional<Secret> secret =
        claim instanceof Claim.Password password
            ? Optional.of(password.password())
            : Optional.empty();
    name =
        switch (claim) {
          case Claim.Password password -> Optional.of(password.authn());
          case Claim.Scram scram -> {
            binding = scram.binding();
            yield Optional.of(scram.authn());
          }
          case Claim.CramMd5 cram -> Optional.of(cram.authn());
          case Claim.Present present -> present.authz();
          case Claim.Token token -> token.authz();
        };
    counted = true;
    return switch (patience.enter(attempt.client(), name.flatMap(LoginName::normal), secret)) {
      case LoginPatience.Entry.Held _ -> new Decision.Defer(Refusals.TOO_MANY_FAILURES);
      case LoginPatience.Entry.Go(var turn) -> looked(claim, attempt, turn);
    };
  }

  private Decision looked(Claim claim, Attempt attempt, LoginPatience.Turn turn) throws Exception {
    try {
      Decision decision = verifier.check(claim, attempt);
      switch (decision) {
        case Decision.Accept _ -> turn.succeeded();
        case Decision.Reject _ -> turn.failed();
        // A hook's further question: what comes of it is counted at the end.
        case Decision.Reply _ -> counted = false;
        case Decision.Defer _, Decision.Pass _ -> {}
      }
      return decision;
    } finally {
      turn.undecided(); // where nothing was said of it yet
    }
  }
}
