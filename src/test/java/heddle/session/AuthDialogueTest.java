package heddle.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.mail.Reply;
import heddle.peer.Presence;
import heddle.peer.RemoteAddress;
import heddle.sasl.Attempt;
import heddle.sasl.Authenticator;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Refusals;
import heddle.sasl.Voiced;
import heddle.wire.Heard;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who is asked, in which order, and what is remembered of it. */
class AuthDialogueTest {
  private static final Identity ANNA =
      new Identity("anna", "anna", "anna", Optional.empty(), "password", "X", Set.of());
  private final Deque<String> answers = new ArrayDeque<>();
  private final List<String> said = new ArrayList<>();
  private final AuthDialogue dialogue =
      new AuthDialogue(
          new AuthDialogue.Talk() {
            @Override
            public void say(Reply reply) {
              said.add(reply.toString());
            }

            @Override
            public Heard hear(int limit) {
              return answers.isEmpty()
                  ? new Heard.End()
                  : new Heard.Line(Octets.ofUtf8(answers.poll()));
            }
          });

  private static Attempt attempt() {
    var id = new Id("000000000000");
    var here = new RemoteAddress(InetAddress.ofLiteral("127.0.0.1"), 1);
    return new Attempt(
        id,
        id,
        "x",
        here,
        here,
        Optional.empty(),
        Presence.NONE,
        Set.of(),
        "X-ONE",
        0,
        Optional.empty());
  }

  private AuthDialogue.Ending run(Authenticator... voices) throws IOException {
    List<AuthDialogue.Voice> named = new ArrayList<>();
    for (Authenticator each : voices) {
      named.add(new AuthDialogue.Voice("voice " + (named.size() + 1), each));
    }
    return dialogue.run(attempt(), Optional.empty(), named);
  }

  private static String code(AuthDialogue.Ending ending) {
    return assertInstanceOf(AuthDialogue.Ending.Refused.class, ending)
        .refusal()
        .reply()
        .toString()
        .substring(0, 9);
  }

  @Test
  void the_first_voice_that_does_not_pass_has_decided() throws Exception {
    var ending =
        run(
            _ -> new Decision.Pass("not mine"),
            _ -> new Decision.Accept(ANNA),
            _ -> {
              throw new AssertionError("nobody asks this one");
            });
    assertEquals(new AuthDialogue.Ending.Welcome(ANNA), ending);
    assertEquals(
        List.of("voice 1", "voice 2"), dialogue.said().stream().map(Voiced::voice).toList());
    assertInstanceOf(Decision.Pass.class, dialogue.said().get(0).decision());
    assertTrue(
        dialogue.said().stream()
            .allMatch(v -> !v.took().isNegative() && v.took().toSeconds() < 60));
  }

  @Test
  void where_all_pass_or_nobody_is_there_it_is_a_no() throws Exception {
    assertEquals("535 5.7.8", code(run(_ -> new Decision.Pass("a"), _ -> new Decision.Pass("b"))));
    assertEquals("535 5.7.8", code(run()));
  }

  @Test
  @Tag("A14")
  void each_answered_reply_is_a_state_more_and_sixteen_are_enough() throws Exception {
    List<Integer> states = new ArrayList<>();
    Authenticator[] asking = new Authenticator[1];
    asking[0] =
        attempt -> {
          states.add(attempt.state());
          return new Decision.Reply(Octets.ofUtf8("go on"), asking[0]);
        };
    for (int i = 0; i < 40; i++) {
      answers.add("");
    }
    assertEquals("501 5.5.2", code(run(asking[0])));
    assertEquals(17, states.size());
    assertEquals(List.of(0, 1, 2), states.subList(0, 3));
    assertEquals(16, states.getLast());
    assertEquals(16, said.size());
    assertEquals("334 Z28gb24=", said.getFirst());
  }

  @Test
  void the_answer_to_the_last_challenge_counts() throws Exception {
    Authenticator[] asking = new Authenticator[1];
    asking[0] =
        attempt ->
            attempt.state() == 16
                ? new Decision.Accept(ANNA)
                : new Decision.Reply(Octets.EMPTY, asking[0]);
    for (int i = 0; i < 16; i++) {
      answers.add("");
    }
    assertEquals(new AuthDialogue.Ending.Welcome(ANNA), run(asking[0]));
  }

  @Test
  void what_is_said_at_success_goes_out_as_a_challenge_first() throws Exception {
    answers.add("");
    var ending = run(_ -> new Decision.Accept(ANNA, Optional.of(Octets.ofUtf8("v=x"))));
    assertEquals(new AuthDialogue.Ending.Welcome(ANNA), ending);
    assertEquals(List.of("334 dj14"), said);
  }

  @Test
  void a_voice_that_throws_or_recurses_is_no_no() throws Exception {
    assertEquals(
        "454 4.7.0",
        code(
            run(
                _ -> {
                  throw new IllegalStateException();
                })));
    assertEquals(
        "454 4.7.0",
        code(
            run(
                _ -> {
                  throw new StackOverflowError();
                })));
    assertEquals("454 4.7.0", code(run(_ -> new Decision.Defer(Refusals.UNAVAILABLE))));
  }

  @Test
  void a_stop_ends_the_conversation_and_stays_known() {
    assertThrows(
        IOException.class,
        () ->
            run(
                _ -> {
                  throw new InterruptedException();
                }));
    assertTrue(Thread.interrupted(), "whoever asks next is to know, too");
  }
}
