package heddle.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.delivery.Provider.At;
import heddle.delivery.Provider.Move;
import heddle.delivery.Provider.Whim;
import heddle.dial.Credentials;
import heddle.dial.Dialer;
import heddle.dial.Manner;
import heddle.dial.Message;
import heddle.dial.Outcome;
import heddle.dial.Papers;
import heddle.dial.Patience;
import heddle.dial.Result;
import heddle.dial.Security;
import heddle.dial.Target;
import heddle.dial.Trust;
import heddle.dns.Names;
import heddle.event.Event;
import heddle.mail.Envelope;
import heddle.mail.Mailbox;
import heddle.mail.Path;
import heddle.mail.Recipient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NextHopTest {
  @TempDir java.nio.file.Path folder;

  private static final byte[] TEXT =
      "Subject: hello\r\n\r\nhello\r\n".getBytes(StandardCharsets.UTF_8);

  private static Provider provider(String... offers) throws Exception {
    Papers papers = Papers.of("localhost", Duration.ofDays(1));
    return Provider.absent(Security.NONE, papers, List.of(offers)).open();
  }

  private static NextHop hop(Provider provider, List<Event> events) {
    return new NextHop(
        "default",
        new Dialer(Names.of(List.of(), Optional.empty())),
        Target.of("localhost", provider.port(), Security.NONE, new Trust.Public()),
        new Manner(
            "client.example",
            new Credentials.None(),
            Patience.of(Duration.ofSeconds(10)),
            hello -> false),
        NextHop.Settings.of(2),
        events::add);
  }

  private static Handed hand(NextHop hop, String... to) {
    return hand(hop, false, to);
  }

  private static Handed hand(NextHop hop, boolean knock, String... to) {
    var envelope =
        new Envelope(
            new Path.Somebody(Mailbox.of("anna@example.org")),
            Arrays.stream(to).map(a -> Recipient.of(Mailbox.of(a))).toList(),
            Envelope.Body.SEVEN_BIT,
            false,
            Optional.empty(),
            Optional.empty());
    var message = new Message(TEXT.length, false, false, () -> new ByteArrayInputStream(TEXT));
    return hop.hand(envelope, message, knock);
  }

  private static List<Outcome> outcomes(Handed handed) {
    return assertInstanceOf(Handed.Over.class, handed).results().stream()
        .map(Result::outcome)
        .toList();
  }

  private static Move says(String words) {
    return new Move.Say(words);
  }

  @Test
  void recipients_turned_away_by_the_old_552_come_in_a_transaction_of_their_own() throws Exception {
    try (Provider provider = provider();
        NextHop hop = hop(provider, new CopyOnWriteArrayList<>())) {
      provider.whim =
          moment ->
              moment.at() == At.RCPT && moment.nth() > 1
                  ? Optional.of(says("552 too many recipients"))
                  : Optional.empty();
      List<Outcome> all = outcomes(hand(hop, "a@example.net", "b@example.net", "c@example.net"));
      assertTrue(all.stream().allMatch(o -> o instanceof Outcome.Accepted), all.toString());
      assertEquals(
          List.of(List.of("a@example.net"), List.of("b@example.net"), List.of("c@example.net")),
          provider.taken.stream().map(Provider.Taken::recipients).toList());
    }
  }

  @Test
  void a_552_that_stays_is_a_refusal_and_is_asked_once_more_at_most() throws Exception {
    try (Provider provider = provider();
        NextHop hop = hop(provider, new CopyOnWriteArrayList<>())) {
      var asked = new AtomicInteger();
      provider.whim =
          moment -> {
            if (moment.at() == At.RCPT && moment.line().contains("<b@")) {
              asked.incrementAndGet();
              return Optional.of(says("552 5.2.2 full"));
            }
            return Optional.empty();
          };
      List<Outcome> two = outcomes(hand(hop, "a@example.net", "b@example.net"));
      assertInstanceOf(Outcome.Accepted.class, two.get(0));
      assertInstanceOf(Outcome.Refused.class, two.get(1));
      assertEquals(2, asked.get());
      assertInstanceOf(Outcome.Refused.class, outcomes(hand(hop, "b@example.net")).getFirst());
      assertEquals(1, provider.taken.size());
    }
  }

  @Test
  void a_text_that_was_refused_is_not_sent_again_at_once() throws Exception {
    try (Provider provider = provider();
        NextHop hop = hop(provider, new CopyOnWriteArrayList<>())) {
      var texts = new AtomicInteger();
      Whim full =
          moment -> {
            if (moment.at() == At.END) {
              texts.incrementAndGet();
              return Optional.of(says("452 4.3.1 no room"));
            }
            return Optional.empty();
          };
      provider.whim = full.and(Whim.on(At.RCPT, 2, says("550 5.1.1 nobody")));
      List<Outcome> two = outcomes(hand(hop, "a@example.net", "b@example.net"));
      assertInstanceOf(Outcome.Deferred.class, two.get(0));
      assertInstanceOf(Outcome.Refused.class, two.get(1));
      // Once looked at, once acted upon.
      assertEquals(2, texts.get());
    }
  }

  @Test
  void a_kept_connection_that_does_not_know_bdat_leads_to_data_at_once() throws Exception {
    try (Provider provider = provider("CHUNKING");
        NextHop hop = hop(provider, new CopyOnWriteArrayList<>())) {
      provider.whim =
          Whim.on(At.CHUNK, says("502 5.5.1 what?"))
              .and(
                  moment ->
                      moment.line().contains("<nobody@")
                          ? Optional.of(says("550 5.1.1 nobody"))
                          : Optional.empty());
      assertInstanceOf(Outcome.Refused.class, outcomes(hand(hop, "nobody@example.net")).getFirst());
      assertInstanceOf(Outcome.Accepted.class, outcomes(hand(hop, "a@example.net")).getFirst());
      assertEquals(2, provider.calls.get());
    }
  }

  @Test
  void one_that_takes_a_single_connection_is_not_down_and_is_not_pestered() throws Exception {
    Papers papers = Papers.of("localhost", Duration.ofDays(1));
    var row = Misbehaviour.of("crowded", papers, new Trust.Public()).under(Security.NONE);
    try (var trial = new Trial(row, folder, papers, List.of(), NextHop.Settings.of(5))) {
      trial.provider.whim =
          moment ->
              moment.at() == At.GREETING && moment.beside() > 0
                  ? Optional.of(says("421 4.7.0 too many connections"))
                  : moment.at() == At.DATA
                      ? Optional.of(new Move.Play(NextHopTest::slowly))
                      : Optional.empty();
      for (int i = 0; i < 20; i++) {
        trial.send(Duration.ZERO);
      }
      for (int i = 0; i < 2000 && !trial.spool.entries().isEmpty(); i++) {
        Thread.sleep(10);
      }
      assertEquals(20, trial.copies("bob@example.net"));
      assertEquals(
          List.of(),
          trial.events.stream()
              .filter(e -> e instanceof Event.Deferred || e instanceof Event.RouteDown)
              .toList());
      int calls = trial.provider.calls.get();
      assertTrue(calls <= 8, "it was called " + calls + " times");
    }
  }

  private static void slowly(heddle.dial.Peer.Wire wire) throws Exception {
    Thread.sleep(20);
    wire.say("354 go on");
  }

  @Test
  void a_further_connection_that_fails_while_one_is_served_says_nothing_of_the_server()
      throws Exception {
    var events = new CopyOnWriteArrayList<Event>();
    try (Provider provider = provider();
        NextHop hop = hop(provider, events)) {
      var second = new java.util.concurrent.CompletableFuture<Handed>();
      provider.whim =
          moment ->
              moment.call() == 1 && moment.at() == At.DATA && moment.nth() == 2
                  ? Optional.of(
                      new Move.Play(
                          wire -> {
                            Thread.startVirtualThread(
                                () -> second.complete(hand(hop, "b@example.net")));
                            Thread.sleep(300);
                            wire.say("354 go on");
                          }))
                  : moment.call() > 1 && moment.at() == At.GREETING
                      ? Optional.of(new Move.HangUp())
                      : Optional.empty();
      assertInstanceOf(Outcome.Accepted.class, outcomes(hand(hop, "a@example.net")).getFirst());
      assertInstanceOf(Outcome.Accepted.class, outcomes(hand(hop, "c@example.net")).getFirst());
      Handed other = second.get(10, java.util.concurrent.TimeUnit.SECONDS);
      assertInstanceOf(Outcome.Accepted.class, outcomes(other).getFirst());
      assertEquals(List.of(), events.stream().filter(e -> e instanceof Event.RouteDown).toList());
    }
  }

  @Test
  void a_wrong_password_is_shown_once_however_many_wait() throws Exception {
    Papers papers = Papers.of("localhost", Duration.ofDays(1));
    var row = Misbehaviour.of("locked", papers, new Trust.Public()).under(Security.NONE);
    try (var trial = new Trial(row, folder, papers, List.of(), NextHop.Settings.of(5))) {
      trial.provider.whim =
          moment ->
              moment.at() == At.AUTH
                  ? Optional.of(says("535 5.7.8 no: " + quoted()))
                  : Optional.empty();
      for (int i = 0; i < 50; i++) {
        trial.send(Duration.ZERO);
      }
      for (int i = 0; i < 2000 && deferred(trial.events) < 50; i++) {
        Thread.sleep(5);
      }
      assertEquals(1, trial.provider.calls.get(), "calls");
      for (Event event : trial.events) {
        assertTrue(!event.toString().contains(quoted().substring(0, 12)), event.toString());
      }
    }
  }

  private static long deferred(java.util.List<Event> events) {
    return events.stream().filter(e -> e instanceof Event.Deferred).count();
  }

  /** What a server that quotes our login has to quote. */
  private static String quoted() {
    return java.util.Base64.getEncoder().encodeToString("\0relay\0pencil".getBytes());
  }
}
