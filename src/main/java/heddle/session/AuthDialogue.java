package heddle.session;

import heddle.mail.Octets;
import heddle.mail.Reply;
import heddle.sasl.Attempt;
import heddle.sasl.Authenticator;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Refusal;
import heddle.sasl.Refusals;
import heddle.sasl.Voiced;
import heddle.smtp.Replies;
import heddle.wire.Flaw;
import heddle.wire.Heard;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The whole conversation of RFC 4954 §4 after the AUTH command: challenges, base64, cancelling,
 * limits. It needs of a connection only to speak and to hear, and leaves the final reply to its
 * caller, who may wait before a no. Used for one exchange.
 */
class AuthDialogue {
  /** RFC 4954 §4: a response or challenge may have 12288 octets; its CRLF comes on top. */
  static final int LINE_LIMIT = 12_288 + 2;

  private static final int ROUNDS = 16;
  private static final String CANCEL = "*";

  /** What the dialogue needs of a connection. */
  interface Talk {
    void say(Reply reply) throws IOException;

    Heard hear(int limit) throws IOException;
  }

  /** A voice and what it is called in logs. */
  record Voice(String name, Authenticator authenticator) {}

  /** How the exchange ended. */
  sealed interface Ending {
    record Welcome(Identity who) implements Ending {}

    record Refused(Refusal refusal) implements Ending {}

    record TimedOut() implements Ending {}

    /** The client hung up. */
    record Gone() implements Ending {}
  }

  /** One heard answer, or the ending it brought about. */
  private sealed interface Answer {
    record Given(Octets octets) implements Answer {}

    record Ended(Ending ending) implements Answer {}
  }

  private final Talk talk;
  private final List<Voiced> said = new ArrayList<>();

  AuthDialogue(Talk talk) {
    this.talk = talk;
  }

  /** What each voice said, in order. */
  List<Voiced> said() {
    return List.copyOf(said);
  }

  /**
   * @param first state 0, without a response
   * @param initial the initial response as it stood on the command line: base64, {@code =} or none
   */
  Ending run(Attempt first, Optional<String> initial, List<Voice> voices) throws IOException {
    Attempt attempt = first;
    if (initial.isPresent()) {
      // RFC 4954 §4: "=" is an initial response of no octets; absent is something else.
      Optional<Octets> decoded =
          initial.get().equals("=") ? Optional.of(Octets.EMPTY) : Octets.ofBase64(initial.get());
      if (decoded.isEmpty() || initial.get().isEmpty()) {
        return new Ending.Refused(Refusals.NOT_BASE64);
      }
      attempt = attempt.saying(decoded.get());
    }
    Decision decision = askAll(voices, attempt);
    for (int round = 0; ; round++) {
      switch (decision) {
        case Decision.Accept accept -> {
          return accepted(accept);
        }
        case Decision.Reject reject -> {
          return new Ending.Refused(reject.words());
        }
        case Decision.Defer defer -> {
          return new Ending.Refused(defer.words());
        }
        case Decision.Pass _ -> {
          return new Ending.Refused(Refusals.WRONG);
        }
        case Decision.Reply reply -> {
          if (round == ROUNDS) {
            reply.unanswered().run();
            return new Ending.Refused(Refusals.TOO_MANY_ROUNDS);
          }
          switch (challenge(reply.prompt())) {
            case Answer.Ended ended -> {
              reply.unanswered().run();
              return ended.ending();
            }
            case Answer.Given given -> {
              attempt = attempt.answered(given.octets());
              decision = ask(new Voice(first.mechanism(), reply.then()), attempt);
            }
          }
        }
      }
    }
  }

  /** RFC 4954 §4: what a mechanism says at its success goes out as a challenge first. */
  private Ending accepted(Decision.Accept accept) throws IOException {
    if (accept.last().isEmpty()) {
      return new Ending.Welcome(accept.who());
    }
    return switch (challenge(accept.last().get())) {
      case Answer.Ended ended -> ended.ending();
      case Answer.Given given ->
          given.octets().isEmpty()
              ? new Ending.Welcome(accept.who())
              : new Ending.Refused(Refusals.MALFORMED);
    };
  }

  private Answer challenge(Octets prompt) throws IOException {
    talk.say(Replies.challenge(prompt));
    return switch (talk.hear(LINE_LIMIT)) {
      case Heard.Line line -> answer(line.octets());
      case Heard.Flawed flawed ->
          new Answer.Ended(
              new Ending.Refused(
                  flawed.flaw() == Flaw.TOO_LONG ? Refusals.LINE_TOO_LONG : Refusals.NOT_BASE64));
      case Heard.TimedOut _ -> new Answer.Ended(new Ending.TimedOut());
      case Heard.End _ -> new Answer.Ended(new Ending.Gone());
    };
  }

  private static Answer answer(Octets line) {
    String text = line.utf8().orElse("\0");
    // RFC 4954 §4: "If the client wishes to cancel the authentication exchange, it issues a line
    // with a single "*"."
    if (text.equals(CANCEL)) {
      return new Answer.Ended(new Ending.Refused(Refusals.CANCELLED));
    }
    return Octets.ofBase64(text)
        .<Answer>map(Answer.Given::new)
        .orElseGet(() -> new Answer.Ended(new Ending.Refused(Refusals.NOT_BASE64)));
  }

  private Decision askAll(List<Voice> voices, Attempt attempt) throws IOException {
    Decision decision = new Decision.Pass("nobody was asked");
    for (Voice voice : voices) {
      decision = ask(voice, attempt);
      if (!(decision instanceof Decision.Pass)) {
        return decision;
      }
    }
    return decision;
  }

  private Decision ask(Voice voice, Attempt attempt) throws IOException {
    long began = System.nanoTime();
    Decision decision;
    try {
      decision = voice.authenticator().decide(attempt);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped", stopped);
    } catch (Exception | StackOverflowError mistake) {
      // A mistake of ours is never told as a no: a 535 makes mail programs forget the password.
      decision = new Decision.Defer(Refusals.MISTAKE);
    }
    said.add(new Voiced(voice.name(), decision, Duration.ofNanos(System.nanoTime() - began)));
    return decision;
  }
}
