package heddle.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.mail.Reply;
import heddle.peer.RemoteAddress;
import heddle.sasl.Attempt;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Login;
import heddle.sasl.Mechanism;
import heddle.sasl.Plain;
import heddle.sasl.Refusals;
import heddle.sasl.Verifier;
import heddle.wire.Flaw;
import heddle.wire.Heard;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/**
 * Every dialogue ends in exactly one final reply, and in the right one: an oracle of its own reads
 * the client's words by RFC 4954, 4616 and the LOGIN draft, and must agree.
 */
class AuthDialogueProperties {
  private static final String NAME = "anna";
  private static final String PASSWORD = "pass word";
  private static final RemoteAddress HERE =
      new RemoteAddress(InetAddress.ofLiteral("127.0.0.1"), 25);

  private record Script(boolean login, Optional<String> initial, List<Heard> answers, Mood mood) {}

  /** How the directory feels about a right password. */
  private enum Mood {
    ACCEPTS,
    ACCEPTS_WITH_LAST_WORD,
    UNAVAILABLE,
    THROWS,
    OVERFLOWS
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<Script> scripts() {
    Arbitrary<String> plain =
        Arbitraries.of(
                "\0anna\0pass word",
                "anna\0anna\0pass word",
                "\0anna\0wrong",
                "\0anna\0",
                "\0\0x",
                "anna\0pass word",
                "\0anna\0pass word\0",
                "\0an\na\0pass word",
                "bob\0anna\0pass word")
            .map(AuthDialogueProperties::base64);
    Arbitrary<String> login =
        Arbitraries.frequency(
                Tuple.of(4, NAME),
                Tuple.of(4, PASSWORD),
                Tuple.of(1, ""),
                Tuple.of(1, "wrong"),
                Tuple.of(1, "a\rb"))
            .map(AuthDialogueProperties::base64);
    Arbitrary<String> broken =
        Arbitraries.of("*", "=", "A", "AA==x", "####", "AAA", " QQ==", "QQ== ");
    Arbitrary<String> words =
        Arbitraries.frequencyOf(Tuple.of(5, plain), Tuple.of(6, login), Tuple.of(2, broken));
    Arbitrary<Heard> line = words.map(w -> new Heard.Line(Octets.ofUtf8(w)));
    Arbitrary<Heard> flawed = Arbitraries.of(Flaw.values()).map(Heard.Flawed::new);
    Arbitrary<Heard> late = Arbitraries.just(new Heard.TimedOut());
    Arbitrary<Heard> heard =
        Arbitraries.frequencyOf(Tuple.of(14, line), Tuple.of(1, flawed), Tuple.of(1, late));
    return Combinators.combine(
            Arbitraries.of(true, false),
            words.optional(0.6),
            heard.list().ofMaxSize(4),
            Arbitraries.of(Mood.values()))
        .as(Script::new);
  }

  @Property(tries = 20_000)
  void every_dialogue_ends_once_and_as_the_rfc_says(@ForAll("scripts") Script script)
      throws Exception {
    Deque<Heard> left = new ArrayDeque<>(script.answers());
    List<Reply> said = new ArrayList<>();
    var dialogue =
        new AuthDialogue(
            new AuthDialogue.Talk() {
              @Override
              public void say(Reply reply) {
                said.add(reply);
              }

              @Override
              public Heard hear(int limit) {
                assertEquals(12_290, limit);
                return left.isEmpty() ? new Heard.End() : left.poll();
              }
            });
    Mechanism mechanism = script.login() ? new Login() : new Plain();
    var voice = new AuthDialogue.Voice(mechanism.name(), mechanism.with(directory(script.mood())));
    var ending = dialogue.run(attempt(mechanism.name()), script.initial(), List.of(voice));
    assertTrue(said.stream().allMatch(r -> r.code() == 334), said.toString());
    assertTrue(said.size() <= 3, said.toString());
    String found =
        switch (ending) {
          case AuthDialogue.Ending.Welcome _ -> "235";
          case AuthDialogue.Ending.Refused refused -> "" + refused.refusal().reply().code();
          case AuthDialogue.Ending.TimedOut _ -> "421";
          case AuthDialogue.Ending.Gone _ -> "gone";
        };
    assertEquals(oracle(script), found, script.toString());
    Statistics.label("ending").collect(found);
    Statistics.label("ending")
        .coverage(
            c -> {
              for (String each : List.of("235", "500", "501", "535", "454", "421", "gone")) {
                c.check(each).count(n -> n > 20);
              }
            });
  }

  private static Attempt attempt(String mechanism) {
    var id = new Id("000000000000");
    return new Attempt(
        id,
        id,
        "x",
        HERE,
        HERE,
        Optional.of("client"),
        heddle.peer.Presence.NONE,
        Set.of(),
        mechanism,
        0,
        Optional.empty());
  }

  private static Verifier directory(Mood mood) {
    return new Verifier() {
      @Override
      public Set<Class<? extends Claim>> proves() {
        return Set.of(Claim.Password.class);
      }

      @Override
      public Decision check(Claim claim, Attempt attempt) {
        var password = (Claim.Password) claim;
        boolean right =
            password.authn().equals(NAME)
                && password.authz().equals(NAME)
                && password.password().matches(PASSWORD);
        return right ? mood(mood) : new Decision.Reject(Refusals.WRONG);
      }
    };
  }

  private static Decision mood(Mood mood) {
    var who = new Identity("anna", "anna", "anna", Optional.empty(), "password", "X", Set.of());
    return switch (mood) {
      case ACCEPTS -> new Decision.Accept(who);
      case ACCEPTS_WITH_LAST_WORD -> new Decision.Accept(who, Optional.of(Octets.ofUtf8("v=x")));
      case UNAVAILABLE -> new Decision.Defer(Refusals.UNAVAILABLE);
      case THROWS -> throw new IllegalStateException("broken");
      case OVERFLOWS -> throw new StackOverflowError();
    };
  }

  // ---- the oracle

  private static String oracle(Script script) {
    Deque<Heard> left = new ArrayDeque<>(script.answers());
    List<String> heard = new ArrayList<>();
    if (script.initial().isPresent()) {
      String initial = script.initial().get();
      // On the command line "=" stands for nothing; "*" is not base64 and cancels nothing there.
      Optional<String> text =
          initial.equals("=") ? Optional.of("") : strict(initial).filter(_ -> !initial.isEmpty());
      if (text.isEmpty()) {
        return "501";
      }
      heard.add(text.get());
    }
    while (true) {
      String verdict = heard.isEmpty() ? "" : judged(script, heard);
      if (!verdict.isEmpty()) {
        boolean more = verdict.equals("235") && script.mood() == Mood.ACCEPTS_WITH_LAST_WORD;
        return more ? lastWord(left) : verdict;
      }
      Heard next = left.isEmpty() ? new Heard.End() : left.poll();
      String over = over(next);
      if (!over.isEmpty()) {
        return over;
      }
      heard.add(strict(text(next)).orElseThrow());
    }
  }

  /** The client confirms the server's last word with an empty line. */
  private static String lastWord(Deque<Heard> left) {
    Heard next = left.isEmpty() ? new Heard.End() : left.poll();
    String over = over(next);
    return !over.isEmpty() ? over : text(next).isEmpty() ? "235" : "501";
  }

  private static String text(Heard heard) {
    return ((Heard.Line) heard).octets().utf8().orElseThrow();
  }

  private static String over(Heard heard) {
    return switch (heard) {
      case Heard.End _ -> "gone";
      case Heard.TimedOut _ -> "421";
      case Heard.Flawed flawed -> flawed.flaw() == Flaw.TOO_LONG ? "500" : "501";
      case Heard.Line line -> strict(text(line)).isPresent() ? "" : "501";
    };
  }

  private static String judged(Script script, List<String> heard) {
    String first = heard.getFirst();
    String[] parts;
    if (script.login()) {
      if (first.isEmpty() || control(first)) {
        return "501";
      }
      if (heard.size() < 2) {
        return "";
      }
      if (heard.get(1).contains("\0")) {
        return "501";
      }
      parts = new String[] {"", first, heard.get(1)};
    } else {
      parts = first.split("\0", -1);
      if (parts.length != 3) {
        return "501";
      }
    }
    if (parts[1].isEmpty() || parts[2].isEmpty() || control(parts[0] + parts[1])) {
      return "501";
    }
    String authz = parts[0].isEmpty() ? parts[1] : parts[0];
    boolean right = parts[1].equals(NAME) && authz.equals(NAME) && parts[2].equals(PASSWORD);
    return !right
        ? "535"
        : switch (script.mood()) {
          case ACCEPTS, ACCEPTS_WITH_LAST_WORD -> "235";
          case UNAVAILABLE, THROWS, OVERFLOWS -> "454";
        };
  }

  private static boolean control(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }

  private static Optional<String> strict(String text) {
    try {
      byte[] octets = Base64.getDecoder().decode(text);
      return Base64.getEncoder().encodeToString(octets).equals(text)
          ? Optional.of(new String(octets, StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IllegalArgumentException no) {
      return Optional.empty();
    }
  }
}
