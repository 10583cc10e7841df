package heddle.session;

import heddle.mail.Octets;
import heddle.mail.Reply;
import heddle.peer.Presence;
import heddle.sasl.Attempt;
import heddle.sasl.Authenticator;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Refusal;
import heddle.sasl.Refusals;
import heddle.smtp.Replies;
import heddle.wire.Flaw;
import heddle.wire.Heard;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Mistakes that a server could make: an AUTH like ours, but for one thing. */
enum Fault {
  CANCEL_IS_500 {
    @Override
    Heard heard(Heard heard) {
      return is(heard, "*") ? new Heard.Flawed(Flaw.TOO_LONG) : heard;
    }
  },
  CANCEL_IS_AN_ANSWER {
    @Override
    Heard heard(Heard heard) {
      return is(heard, "*") ? line("") : heard;
    }
  },
  CANCEL_IS_NO_FAILURE {
    @Override
    Verdict verdict(Refusal refusal) {
      return refusal.equals(Refusals.CANCELLED) ? Verdict.FREE : Verdict.USUAL;
    }
  },
  THE_EXCHANGE_OUTLIVES_ITS_END {
    @Override
    Authenticator voice(Authenticator voice, Memory memory) {
      return attempt -> {
        Decision pending = memory.pending.remove(attempt.mechanism());
        return attempt.state() == 0 && attempt.response().isEmpty() && pending != null
            ? remembered(pending, attempt, memory)
            : remembered(voice.decide(attempt), attempt, memory);
      };
    }

    private Decision remembered(Decision decision, Attempt attempt, Memory memory) {
      if (!(decision instanceof Decision.Reply(var prompt, var then, _))) {
        return decision;
      }
      memory.pending.put(attempt.mechanism(), decision);
      return new Decision.Reply(prompt, voice(then, memory));
    }
  },
  EQUALS_SIGN_IS_NOTHING_AT_ALL {
    @Override
    Optional<String> initial(Optional<String> initial) {
      return initial.filter(i -> !i.equals("="));
    }
  },
  EQUALS_SIGN_IS_AN_EMPTY_ANSWER {
    @Override
    Heard heard(Heard heard) {
      return is(heard, "=") ? line("") : heard;
    }
  },
  NOT_BASE64_IS_A_CANCEL {
    @Override
    Verdict verdict(Refusal refusal) {
      return refusal.equals(Refusals.NOT_BASE64) ? Verdict.AS_CANCELLED : Verdict.USUAL;
    }
  },
  LIMIT_OF_12000 {
    @Override
    int limit(int limit) {
      return 12_000 + 2;
    }
  },
  LIMIT_WITH_CRLF {
    @Override
    int limit(int limit) {
      return 12_288;
    }
  },
  NO_LIMIT {
    @Override
    int limit(int limit) {
      return 100_000;
    }
  },
  TOO_LONG_IS_501 {
    @Override
    Heard heard(Heard heard) {
      return heard instanceof Heard.Flawed ? new Heard.Flawed(Flaw.NUL) : heard;
    }
  },
  TOO_LONG_IS_THE_END {
    @Override
    Heard heard(Heard heard) {
      return heard instanceof Heard.Flawed(var flaw) && flaw == Flaw.TOO_LONG
          ? new Heard.End()
          : heard;
    }
  },
  A_FLAWED_LINE_IS_AN_EMPTY_ONE {
    @Override
    Heard heard(Heard heard) {
      return heard instanceof Heard.Flawed(var flaw) && flaw != Flaw.TOO_LONG ? line("") : heard;
    }
  },
  GARBAGE_BEHIND_BASE64_IS_READ_OVER {
    @Override
    Heard heard(Heard heard) {
      return cut(heard, "(?s)^([A-Za-z0-9+/]{2,}=+).+$");
    }
  },
  SPACES_AROUND_BASE64_ARE_READ_OVER {
    @Override
    Heard heard(Heard heard) {
      return cut(heard, "^ *([A-Za-z0-9+/]+=*) *$");
    }
  },
  MISSING_PADDING_IS_ADDED {
    @Override
    Heard heard(Heard heard) {
      boolean one = text(heard).length() % 4 == 3 && text(heard).matches("[A-Za-z0-9+/]{2,}=?");
      return one ? line(text(heard) + "=") : heard;
    }
  },
  AN_EMPTY_ANSWER_IS_THE_END {
    @Override
    Heard heard(Heard heard) {
      return is(heard, "") ? new Heard.End() : heard;
    }
  },
  AN_EMPTY_ANSWER_IS_NONE {
    @Override
    Authenticator voice(Authenticator voice, Memory memory) {
      return each(voice, a -> a.response().filter(Octets::isEmpty).isPresent() ? bare(a) : a);
    }
  },
  THE_END_IS_ANSWERED {
    @Override
    Optional<Reply> onEnd() {
      return Optional.of(Replies.BYE);
    }
  },
  SILENCE_IS_A_CANCEL {
    @Override
    Heard heard(Heard heard) {
      return heard instanceof Heard.TimedOut ? line("*") : heard;
    }
  },
  SILENCE_IS_THE_END {
    @Override
    Heard heard(Heard heard) {
      return heard instanceof Heard.TimedOut ? new Heard.End() : heard;
    }
  },
  A_MISTAKE_OF_OURS_IS_A_NO {
    @Override
    Verdict verdict(Refusal refusal) {
      return refusal.equals(Refusals.MISTAKE) ? Verdict.AS_WRONG : Verdict.USUAL;
    }
  },
  NOT_NOW_IS_A_FAILURE {
    @Override
    Verdict verdict(Refusal refusal) {
      return refusal.reply().temporary() ? Verdict.COUNTED : Verdict.USUAL;
    }
  },
  A_NO_CLOSES_NOTHING {
    @Override
    Verdict verdict(Refusal refusal) {
      return refusal.disconnect() ? Verdict.STAYS : Verdict.USUAL;
    }
  },
  LAST_WORDS_STAND_IN_THE_235 {
    @Override
    Authenticator voice(Authenticator voice, Memory memory) {
      return attempt -> silenced(voice.decide(attempt), memory);
    }

    private Decision silenced(Decision decision, Memory memory) {
      return switch (decision) {
        case Decision.Accept(var who, var last) -> {
          memory.last = last;
          yield new Decision.Accept(who);
        }
        case Decision.Reply(var prompt, var then, _) ->
            new Decision.Reply(prompt, voice(then, memory));
        default -> decision;
      };
    }
  },
  LAST_WORDS_NEED_NO_ANSWER {
    @Override
    Authenticator voice(Authenticator voice, Memory memory) {
      return attempt -> unanswered(voice.decide(attempt), memory);
    }

    private Decision unanswered(Decision decision, Memory memory) {
      return switch (decision) {
        case Decision.Accept(var who, var last) when last.isPresent() ->
            new Decision.Reply(last.get(), _ -> new Decision.Accept(who));
        case Decision.Reply(var prompt, var then, _) ->
            new Decision.Reply(prompt, voice(then, memory));
        default -> decision;
      };
    }
  },
  A_SECOND_LOGIN_IS_TAKEN {
    @Override
    boolean forgetsSuccess() {
      return true;
    }
  },
  SERVER_FIRST_HEARS_AN_INITIAL_RESPONSE {
    @Override
    Authenticator voice(Authenticator voice, Memory memory) {
      return attempt ->
          voice.decide(
              attempt.mechanism().equals("CRAM-MD5") && attempt.state() == 0
                  ? bare(attempt)
                  : attempt);
    }
  },
  THE_STATE_STANDS_STILL {
    @Override
    Authenticator voice(Authenticator voice, Memory memory) {
      return each(voice, a -> with(a, Math.min(1, a.state()), a.response()));
    }
  },
  A_VOICE_IS_ASKED_TWICE {
    @Override
    Authenticator voice(Authenticator voice, Memory memory) {
      return attempt -> {
        voice.decide(attempt);
        return voice.decide(attempt);
      };
    }
  };

  /** What a no becomes. */
  enum Verdict {
    USUAL,
    FREE,
    COUNTED,
    STAYS,
    AS_WRONG,
    AS_CANCELLED
  }

  /** What a faulty AUTH keeps from one command to the next. */
  static final class Memory {
    final Map<String, Decision> pending = new HashMap<>();
    Optional<Octets> last = Optional.empty();
  }

  Heard heard(Heard heard) {
    return heard;
  }

  int limit(int limit) {
    return limit;
  }

  Optional<Reply> onEnd() {
    return Optional.empty();
  }

  Optional<String> initial(Optional<String> initial) {
    return initial;
  }

  Authenticator voice(Authenticator voice, Memory memory) {
    return voice;
  }

  Verdict verdict(Refusal refusal) {
    return Verdict.USUAL;
  }

  boolean forgetsSuccess() {
    return false;
  }

  /** The AUTH with this fault. */
  AuthStep step(
      Line line,
      Surroundings around,
      Manners manners,
      ProxyStep proxy,
      Supplier<Presence> presence) {
    return new Step(line, around, manners, proxy, presence);
  }

  private final class Step extends AuthStep {
    private final Memory memory = new Memory();

    Step(
        Line line,
        Surroundings around,
        Manners manners,
        ProxyStep proxy,
        Supplier<Presence> presence) {
      super(line, around, manners, proxy, presence);
    }

    @Override
    AuthDialogue dialogue(AuthDialogue.Talk talk) {
      return new Dialogue(talk, memory);
    }

    @Override
    Result welcome(Identity who, Optional<String> binding, String step, Attempt attempt) {
      Result usual = super.welcome(who, binding, step, attempt);
      Reply reply =
          memory
              .last
              .map(l -> Replies.AUTHENTICATED.saying(l.base64()))
              .orElse(Replies.AUTHENTICATED);
      return forgetsSuccess() ? new Result.Out(reply) : new Result.In(who, reply);
    }

    @Override
    Result refused(Refusal refusal, Told told, Attempt attempt) throws IOException {
      return switch (verdict(refusal)) {
        case USUAL -> super.refused(refusal, told, attempt);
        case FREE -> new Result.Out(refusal.reply());
        case AS_WRONG -> super.refused(Refusals.WRONG, told, attempt);
        case AS_CANCELLED -> super.refused(Refusals.CANCELLED, told, attempt);
        case STAYS ->
            super.refused(new Refusal(refusal.reply(), refusal.reason(), false), told, attempt);
        case COUNTED ->
            super.refused(Refusals.WRONG, told, attempt) instanceof Result.Leave leave
                ? leave
                : super.refused(refusal, told, attempt);
      };
    }
  }

  private final class Dialogue extends AuthDialogue {
    private final Memory memory;

    Dialogue(Talk talk, Memory memory) {
      super(new Mistaken(talk));
      this.memory = memory;
    }

    @Override
    Ending run(Attempt first, Optional<String> initial, List<Voice> voices) throws IOException {
      return super.run(
          first,
          initial(initial),
          voices.stream().map(v -> new Voice(v.name(), voice(v.authenticator(), memory))).toList());
    }
  }

  private final class Mistaken implements AuthDialogue.Talk {
    private final AuthDialogue.Talk talk;

    Mistaken(AuthDialogue.Talk talk) {
      this.talk = talk;
    }

    @Override
    public void say(Reply reply) throws IOException {
      talk.say(reply);
    }

    @Override
    public Heard hear(int limit) throws IOException {
      Heard heard = heard(talk.hear(limit(limit)));
      Optional<Reply> word = onEnd();
      if (heard instanceof Heard.End && word.isPresent()) {
        talk.say(word.get());
      }
      return heard;
    }
  }

  // ---- what faults are made of

  private static String text(Heard heard) {
    return heard instanceof Heard.Line(var octets) ? octets.utf8().orElse("") : "";
  }

  private static boolean is(Heard heard, String text) {
    return heard instanceof Heard.Line && text(heard).equals(text);
  }

  private static Heard line(String text) {
    return new Heard.Line(Octets.ofUtf8(text));
  }

  /** What the first group of the pattern holds, where it matches. */
  private static Heard cut(Heard heard, String pattern) {
    return text(heard).matches(pattern) ? line(text(heard).replaceFirst(pattern, "$1")) : heard;
  }

  /** The voice, and those that follow it, of whom each gets to hear something else. */
  private static Authenticator each(Authenticator voice, UnaryOperator<Attempt> hears) {
    return attempt -> {
      Decision decision = voice.decide(hears.apply(attempt));
      return decision instanceof Decision.Reply(var prompt, var then, _)
          ? new Decision.Reply(prompt, each(then, hears))
          : decision;
    };
  }

  private static Attempt bare(Attempt attempt) {
    return with(attempt, attempt.state(), Optional.empty());
  }

  private static Attempt with(Attempt a, int state, Optional<Octets> response) {
    return new Attempt(
        a.connection(),
        a.transaction(),
        a.listener(),
        a.client(),
        a.server(),
        a.hello(),
        a.presence(),
        Set.copyOf(a.offered()),
        a.mechanism(),
        state,
        response,
        a.scene());
  }
}
