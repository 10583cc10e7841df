package heddle.session;

import heddle.directory.OneTimeLogin;
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
import heddle.sasl.Voiced;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Passes claims on: it remembers the name in them, for the log, and asks patience before each and
 * tells it what came of it. Used for one exchange.
 */
final class Overheard implements Verifier {
  private final Verifier verifier;
  private final LoginPatience patience;
  private final Function<String, Optional<String>> account;
  private Optional<String> name = Optional.empty();
  private Optional<String> binding = Optional.empty();
  private final List<Voiced> voices = new ArrayList<>();
  private boolean counted;

  /**
   * @param account from a name as it was given to the account that it means
   */
  Overheard(Verifier verifier, LoginPatience patience, Function<String, Optional<String>> account) {
    this.verifier = verifier;
    this.patience = patience;
    this.account = account;
  }

  /** As the client gave it. */
  Optional<String> name() {
    return name;
  }

  Optional<String> binding() {
    return binding;
  }

  /** What each voice behind this one said, in order. */
  List<Voiced> voices() {
    return voices;
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

  /** A voice that reads names and secrets itself: only its network is asked about, at each step. */
  Authenticator patient(Authenticator voice) {
    return attempt ->
        switch (patience.enter(attempt.client(), Optional.empty(), Optional.empty())) {
          case LoginPatience.Entry.Held _ -> held();
          case LoginPatience.Entry.Go(var turn) -> looked(voice, attempt, turn);
        };
  }

  private Decision held() {
    counted = true;
    var held = new Decision.Defer(Refusals.TOO_MANY_FAILURES);
    voices.add(new Voiced("patience", held, Duration.ZERO));
    return held;
  }

  private Decision looked(Authenticator voice, Attempt attempt, LoginPatience.Turn turn)
      throws Exception {
    try {
      return switch (voice.decide(attempt)) {
        case Decision.Accept accept -> {
          turn.succeeded();
          patience.succeeded(attempt.client(), accept.who().authn());
          yield accept;
        }
        case Decision.Reject reject -> {
          if (reject.words().reason().guesses()) {
            turn.failed();
          }
          counted = true;
          yield reject;
        }
        // The client may take its time to answer; nobody is to wait for it.
        case Decision.Reply(var prompt, var then, var unanswered) ->
            new Decision.Reply(prompt, patient(then), unanswered);
        case Decision.Defer defer -> defer;
        case Decision.Pass pass -> pass;
      };
    } finally {
      turn.undecided(); // where nothing was said of it yet
    }
  }

  @Override
  public Decision check(Claim claim, Attempt attempt) throws Exception {
    Optional<Secret> secret =
        switch (claim) {
          case Claim.Password password -> Optional.of(password.password());
          case Claim.Token token -> Optional.of(token.token());
          // What the line tells is the same each time.
          case Claim.Present _ -> Optional.of(Secret.ofUtf8("present"));
          // A proof is another one each time, of a stale password too.
          case Claim.Scram _, Claim.CramMd5 _ -> Optional.empty();
        };
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
    return switch (patience.enter(attempt.client(), name.flatMap(account), secret)) {
      case LoginPatience.Entry.Held _ -> held();
      case LoginPatience.Entry.Go(var turn) -> looked(claim, attempt, turn);
    };
  }

  private Decision looked(Claim claim, Attempt attempt, LoginPatience.Turn turn) throws Exception {
    try {
      Decision decision = verifier.check(claim, attempt, voices::add);
      switch (decision) {
        // The server's own look says nothing of whoever else comes from this machine.
        case Decision.Accept(var who, _) when who.credential().equals(OneTimeLogin.CREDENTIAL) -> {}
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
