package heddle.directory;

import heddle.event.Event;
import heddle.event.Events;
import heddle.peer.Presence;
import heddle.sasl.Attempt;
import heddle.sasl.Authenticator;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Refusal;
import heddle.sasl.Refusals;
import heddle.sasl.Salt;
import heddle.sasl.ScramHash;
import heddle.sasl.Verifier;
import heddle.sasl.Voiced;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Directories asked in order. The first yes counts. A name unknown to one goes on to the next; a
 * wrong password stops. A no is told only where somebody said no and nobody was unavailable: a
 * client forgets its password at a 535. Every yes comes through the gate. Safe to share.
 */
public final class Chain implements Verifier {
  /** What a wrong password does. */
  public enum OnFailure {
    STOP,
    NEXT
  }

  /** What an unreachable directory does. Without a yes, the end is 454 either way. */
  public enum OnUnavailable {
    DEFER,
    NEXT
  }

  /**
   * One of the list.
   *
   * @param name as the configuration has it, {@code "local"}, {@code "remote/imap"}
   */
  public record Member(
      String name, Directory directory, OnFailure onFailure, OnUnavailable onUnavailable) {
    public Member(String name, Directory directory) {
      this(name, directory, OnFailure.STOP, OnUnavailable.DEFER);
    }
  }

  private final List<Member> members;
  private final Optional<Tokens> tokens;
  private final Admission admission;
  private final Events events;

  public Chain(List<Member> members, Admission admission, Events events) {
    this(members, Optional.empty(), admission, events);
  }

  /**
   * @param tokens who proves tokens, whatever the members prove
   */
  public Chain(List<Member> members, Optional<Tokens> tokens, Admission admission, Events events) {
    this.members = List.copyOf(members);
    this.tokens = tokens.filter(Tokens::any);
    this.admission = admission;
    this.events = events;
  }

  /** What every member can prove: anything else would be refused by chance of place. */
  @Override
  public Set<Class<? extends Claim>> proves() {
    if (members.isEmpty()) {
      return Set.of();
    }
    var common = new HashSet<>(members.getFirst().directory().proves());
    members.forEach(m -> common.retainAll(m.directory().proves()));
    if (tokens.isPresent()) {
      common.add(Claim.Token.class);
    }
    return Set.copyOf(common);
  }

  /** Only where one alone decides: nobody can be asked next in the midst of an exchange. */
  @Override
  public Optional<Authenticator> speaks(String mechanism) {
    return members.size() == 1
        ? members.getFirst().directory().speaks(mechanism).map(admission::behind)
        : Optional.empty();
  }

  /** Of the first who can prove it; where it is offered, all can. */
  @Override
  public Salt salt(String authn, ScramHash hash) {
    return members.stream()
        .map(Member::directory)
        .filter(d -> d.proves().contains(Claim.Scram.class))
        .findFirst()
        .orElseThrow(() -> new UnsupportedOperationException("nobody here proves SCRAM"))
        .salt(authn, hash);
  }

  @Override
  public boolean mayKnow(Presence presence) {
    return members.stream().anyMatch(m -> m.directory().mayKnow(presence));
  }

  @Override
  public Decision check(Claim claim, Attempt attempt) {
    return check(claim, attempt, _ -> {});
  }

  @Override
  public Decision check(Claim claim, Attempt attempt, Consumer<Voiced> heard) {
    if (claim instanceof Claim.Token token && tokens.isPresent()) {
      Decision said = timed("token", () -> byToken(tokens.get(), token, attempt), heard);
      return admitted(said, attempt, heard);
    }
    List<Member> asked =
        attempt.secured()
            ? members
            : members.stream().filter(m -> m.directory().hearsInClear()).toList();
    if (asked.isEmpty() && !members.isEmpty()) {
      return new Decision.Reject(Refusals.NOT_HERE);
    }
    Optional<Decision> unavailable = Optional.empty();
    Optional<Refusal> no = Optional.empty();
    boolean stopped = false;
    for (int i = 0; i < asked.size() && !stopped; i++) {
      Member member = asked.get(i);
      switch (timed(member.name(), () -> ask(member, claim, attempt), heard)) {
        case Decision.Accept accept -> {
          return admitted(accept, attempt, heard);
        }
        case Decision.Reject reject -> {
          no = Optional.of(graver(no, reject.words()));
          stopped = !unknown(reject.words()) && member.onFailure() == OnFailure.STOP;
        }
        case Decision.Defer defer -> {
          unavailable = unavailable.or(() -> Optional.of(defer));
          stopped = member.onUnavailable() == OnUnavailable.DEFER;
        }
        case Decision.Reply reply ->
            throw new IllegalStateException("a directory cannot ask: " + reply);
        case Decision.Pass pass -> {}
      }
    }
    return ending(unavailable, no);
  }

  private static Decision timed(String voice, Supplier<Decision> asked, Consumer<Voiced> heard) {
    long began = System.nanoTime();
    Decision decision = asked.get();
    heard.accept(new Voiced(voice, decision, Duration.ofNanos(System.nanoTime() - began)));
    return decision;
  }

  /** The gate is a voice of its own where it says no to a yes. */
  private Decision admitted(Decision said, Attempt attempt, Consumer<Voiced> heard) {
    Decision decision = admission.admit(said, attempt);
    if (said instanceof Decision.Accept && !(decision instanceof Decision.Accept)) {
      heard.accept(new Voiced("gate", decision, Duration.ZERO));
    }
    return decision;
  }

  private Decision byToken(Tokens issuers, Claim.Token token, Attempt attempt) {
    try {
      return issuers.check(token, attempt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Decision.Defer(Refusals.UNAVAILABLE);
    }
  }

  private static Decision ending(Optional<Decision> unavailable, Optional<Refusal> no) {
    return unavailable
        .or(() -> no.map(Decision.Reject::new))
        .orElse(new Decision.Defer(Refusals.UNAVAILABLE)); // nobody judged it: not a no
  }

  /** A wrong password says more than an unknown name. */
  private static Refusal graver(Optional<Refusal> before, Refusal now) {
    return before.filter(b -> !unknown(b) || unknown(now)).orElse(now);
  }

  private static boolean unknown(Refusal words) {
    return words.reason() == Refusal.Reason.BAD_USER;
  }

  private Decision ask(Member member, Claim claim, Attempt attempt) {
    try {
      Decision decision = member.directory().check(claim, attempt);
      return decision instanceof Decision.Reply
          ? failed(member, "it answered with a question")
          : decision;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Decision.Defer(Refusals.UNAVAILABLE);
    } catch (Exception e) {
      // The class only: a message may repeat what the client said.
      return failed(member, e.getClass().getSimpleName());
    }
  }

  private Decision failed(Member member, String why) {
    events.tell(
        new Event.Warning(
            "directory " + member.name() + " failed", why, "logins it would decide get 454"));
    return new Decision.Defer(Refusals.UNAVAILABLE);
  }
}
