package heddle.dial;

import static heddle.dial.Calls.HELLO;
import static heddle.dial.Calls.from;
import static heddle.dial.Calls.only;
import static heddle.dial.Calls.open;
import static heddle.dial.Calls.ready;
import static heddle.dial.Calls.text;
import static heddle.dial.Calls.to;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.EnhancedStatus;
import heddle.mail.Envelope;
import heddle.mail.Envelope.Body;
import heddle.mail.Envelope.Ret;
import heddle.mail.Mailbox;
import heddle.mail.Notify;
import heddle.mail.Path;
import heddle.mail.Recipient;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HandingTest {
  private static List<Result> hand(Peer.Script script, Envelope envelope, Message message)
      throws Exception {
    try (Peer peer = Peer.playing(script);
        SmtpClient client = ready(open(peer, peer.clear()))) {
      return client.hand(envelope, message);
    }
  }

  /** A peer that goes on behind EHLO and takes one sender and one recipient. */
  private static Peer.Script behindRcpt(Peer.Script rest) {
    return wire -> {
      wire.greet();
      wire.expect("MAIL FROM:<ann@example.org>");
      wire.say("250 2.1.0 ok");
      wire.expect("RCPT TO:<bob@example.net>");
      wire.say("250 2.1.5 ok");
      rest.play(wire);
    };
  }

  @Test
  void a_message_goes_by_data_with_its_dots_doubled() throws Exception {
    var heard = new StringBuilder();
    Outcome outcome =
        only(
            hand(
                behindRcpt(
                    wire -> {
                      wire.expect("DATA");
                      wire.say("354 go on");
                      heard.append(wire.untilDot());
                      wire.say("250 2.0.0 kept as 17");
                      wire.expect("QUIT");
                      wire.say("221 bye");
                    }),
                to("bob@example.net"),
                HELLO));
    assertEquals("Subject: hello\r\n\r\n..dot\r\n", heard.toString());
    assertEquals("250 2.0.0 kept as 17", ((Outcome.Accepted) outcome).reply().toString());
  }

  @Test
  void each_recipient_has_an_answer_of_its_own() throws Exception {
    for (String pipelining : List.of("PIPELINING", "HELP")) {
      List<Result> results =
          hand(
              wire -> {
                wire.greet(pipelining);
                wire.expect("MAIL");
                wire.say("250 ok");
                wire.expect("RCPT TO:<one@example.net>");
                wire.say("250 ok");
                wire.expect("RCPT TO:<two@example.net>");
                wire.say("451 4.2.1 later");
                wire.expect("RCPT TO:<three@example.net>");
                wire.say("550 5.1.1 nobody");
                wire.expect("DATA");
                wire.say("354 go on");
                wire.untilDot();
                wire.say("250 ok");
              },
              to("one@example.net", "two@example.net", "three@example.net"),
              HELLO);
      assertInstanceOf(Outcome.Accepted.class, results.get(0).outcome());
      assertInstanceOf(Outcome.Deferred.class, results.get(1).outcome());
      var refused = assertInstanceOf(Outcome.Refused.class, results.get(2).outcome());
      assertEquals(Optional.of(new EnhancedStatus(5, 1, 1)), refused.reply().status());
    }
  }

  @Test
  void a_pipelining_server_is_told_all_before_it_answers_and_may_answer_late() throws Exception {
    List<Result> results =
        hand(
            wire -> {
              wire.greet("PIPELINING");
              wire.expect("MAIL");
              wire.expect("RCPT");
              wire.expect("RCPT");
              Thread.sleep(100);
              wire.say("250 ok\r\n250 ok");
              Thread.sleep(100);
              wire.say("250 ok");
              wire.expect("DATA");
              wire.say("354 go on");
              wire.untilDot();
              wire.say("250 ok");
            },
            to("one@example.net", "two@example.net"),
            HELLO);
    assertTrue(results.stream().allMatch(r -> r.outcome() instanceof Outcome.Accepted));
  }

  @Test
  void a_sender_refused_is_refused_for_all_recipients() throws Exception {
    for (String pipelining : List.of("PIPELINING", "HELP")) {
      List<Result> results =
          hand(
              wire -> {
                wire.greet(pipelining);
                wire.expect("MAIL");
                wire.say("553 5.7.1 not you");
                if (pipelining.equals("PIPELINING")) {
                  wire.say("503 no\r\n503 no");
                }
                wire.stayStill();
              },
              to("one@example.net", "two@example.net"),
              HELLO);
      for (Result each : results) {
        assertEquals(553, ((Outcome.Refused) each.outcome()).reply().code());
      }
    }
  }

  @Test
  void a_421_in_the_midst_defers_whom_it_leaves_and_ends_the_conversation() throws Exception {
    try (Peer peer =
            Peer.playing(
                wire -> {
                  wire.greet("PIPELINING");
                  wire.expect("MAIL");
                  wire.say("250 ok\r\n250 ok\r\n421 4.3.2 going down");
                  wire.stayStill();
                });
        SmtpClient client = ready(open(peer, peer.clear()))) {
      for (Result each : client.hand(to("one@example.net", "two@example.net"), HELLO)) {
        assertEquals(421, ((Outcome.Deferred) each.outcome()).reply().code());
      }
      assertFalse(client.usable());
    }
  }

  @Test
  void a_good_reply_in_a_wrong_place_ends_it_and_promises_nothing() throws Exception {
    Outcome instead =
        only(
            hand(
                behindRcpt(
                    wire -> {
                      wire.expect("DATA");
                      wire.say("250 2.0.0 yes");
                    }),
                to("bob@example.net"),
                HELLO));
    assertEquals(
        "no SMTP reply to DATA: 250 2.0.0 yes does not belong there",
        assertInstanceOf(Outcome.Interrupted.class, instead).trouble().words());
    Outcome behind =
        only(
            hand(
                behindRcpt(
                    wire -> {
                      wire.expect("DATA");
                      wire.say("354 go on");
                      wire.untilDot();
                      wire.say("354 go on");
                    }),
                to("bob@example.net"),
                HELLO));
    assertInstanceOf(Outcome.Lost.class, behind);
  }

  @Test
  void a_refusal_behind_the_text_is_a_refusal_and_not_a_loss() throws Exception {
    for (String reply : List.of("554 5.7.1 spam", "452 4.3.1 full")) {
      Outcome outcome =
          only(
              hand(
                  behindRcpt(
                      wire -> {
                        wire.expect("DATA");
                        wire.say("354 go on");
                        wire.untilDot();
                        wire.say(reply);
                      }),
                  to("bob@example.net"),
                  HELLO));
      assertEquals(reply.startsWith("5"), outcome instanceof Outcome.Refused);
      assertEquals(reply.startsWith("4"), outcome instanceof Outcome.Deferred);
    }
  }

  @Test
  void when_the_answer_to_the_dot_is_lost_the_message_may_have_been_taken() throws Exception {
    for (boolean silent : new boolean[] {true, false}) {
      Outcome outcome =
          only(
              hand(
                  behindRcpt(
                      wire -> {
                        wire.expect("DATA");
                        wire.say("354 go on");
                        wire.untilDot();
                        if (silent) {
                          wire.stayStill();
                        }
                      }),
                  to("bob@example.net"),
                  HELLO));
      Trouble why = assertInstanceOf(Outcome.Lost.class, outcome).trouble();
      assertEquals(
          silent ? new Trouble.Silent(Phase.END_OF_TEXT) : new Trouble.HungUp(Phase.END_OF_TEXT),
          why);
    }
  }

  @Test
  void when_it_breaks_before_the_dot_nothing_was_taken() throws Exception {
    Outcome outcome =
        only(hand(behindRcpt(wire -> wire.expect("DATA")), to("bob@example.net"), HELLO));
    assertEquals(new Outcome.Interrupted(new Trouble.HungUp(Phase.DATA)), outcome);
  }

  @Test
  void a_server_that_takes_no_octets_does_not_hold_us() throws Exception {
    Message large = text("Subject: large\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(400_000));
    long began = System.nanoTime();
    Outcome outcome =
        only(
            hand(
                behindRcpt(
                    wire -> {
                      wire.expect("DATA");
                      wire.say("354 go on");
                      Thread.sleep(3000);
                    }),
                to("bob@example.net"),
                large));
    assertEquals(new Outcome.Interrupted(new Trouble.Silent(Phase.TEXT)), outcome);
    assertTrue(System.nanoTime() - began < 2_500_000_000L);
  }

  @Test
  void a_message_that_cannot_be_read_to_its_end_is_never_ended_by_a_dot() throws Exception {
    var broken =
        new Message(
            100,
            false,
            false,
            () ->
                new InputStream() {
                  private int left = 50;

                  @Override
                  public int read() throws IOException {
                    if (left-- == 0) {
                      throw new IOException("disk");
                    }
                    return 'x';
                  }

                  @Override
                  public int read(byte[] into, int off, int len) throws IOException {
                    into[off] = (byte) read();
                    return 1;
                  }
                });
    for (Message each : List.of(broken, text("a\r\n.\nMAIL FROM:<x@example.org>\r\n"))) {
      try (Peer peer =
              Peer.playing(
                  behindRcpt(
                      wire -> {
                        wire.expect("DATA");
                        wire.say("354 go on");
                        for (String l = wire.hear(); l != null; l = wire.hear()) {
                          assertFalse(l.startsWith("."));
                        }
                      }));
          SmtpClient client = ready(open(peer, peer.clear()))) {
        var outcome = (Outcome.Interrupted) only(client.hand(to("bob@example.net"), each));
        assertInstanceOf(Trouble.OurSide.class, outcome.trouble());
        peer.played();
      }
    }
  }

  @Test
  void chunking_carries_a_message_of_many_chunks() throws Exception {
    String body = ("y".repeat(998) + "\r\n").repeat(600);
    var heard = new StringBuilder();
    Outcome outcome =
        only(
            hand(
                wire -> {
                  wire.greet("CHUNKING");
                  wire.expect("MAIL");
                  wire.say("250 ok");
                  wire.expect("RCPT");
                  wire.say("250 ok");
                  for (boolean last = false; !last; ) {
                    String[] words = wire.expect("BDAT").split(" ");
                    last = words.length == 3;
                    heard.append(new String(wire.octets(Integer.parseInt(words[1])), "ISO-8859-1"));
                    wire.say("250 got it");
                  }
                },
                to("bob@example.net"),
                text(body)));
    assertInstanceOf(Outcome.Accepted.class, outcome);
    assertEquals(body, heard.toString());
  }

  @Test
  void a_server_that_offers_chunking_without_knowing_it_is_spoken_to_by_data_the_next_time()
      throws Exception {
    var calls = new AtomicInteger();
    try (Peer peer =
        Peer.playing(
            wire -> {
              wire.greet("CHUNKING");
              wire.expect("MAIL");
              wire.say("250 ok");
              wire.expect("RCPT");
              wire.say("250 ok");
              if (calls.getAndIncrement() == 0) {
                wire.expect("BDAT");
                wire.say("500 what?");
                wire.stayStill();
              } else {
                wire.expect("DATA");
                wire.say("354 go on");
                wire.untilDot();
                wire.say("250 ok");
              }
            })) {
      try (SmtpClient client = ready(open(peer, peer.clear()))) {
        var outcome = (Outcome.Interrupted) only(client.hand(to("bob@example.net"), HELLO));
        assertInstanceOf(Trouble.NoChunkingAfterAll.class, outcome.trouble());
        assertFalse(client.usable());
      }
      try (SmtpClient client = ready(open(peer, peer.clear()))) {
        assertInstanceOf(Outcome.Accepted.class, only(client.hand(to("bob@example.net"), HELLO)));
      }
    }
  }

  @Test
  void what_the_next_hop_cannot_carry_is_not_offered_to_it() throws Exception {
    Peer.Script poor =
        wire -> {
          wire.greet("SIZE 1000");
          wire.expect("QUIT");
          wire.say("221 bye");
        };
    assertStatus(5, 6, 3, hand(poor, to("bob@example.net"), text("\u00e9\r\n")));
    assertStatus(5, 6, 7, hand(poor, from("änn@example.org", "bob@example.net"), HELLO));
    assertStatus(5, 6, 7, hand(poor, to("böb@example.net"), HELLO));
    assertStatus(5, 3, 4, hand(poor, to("bob@example.net"), text("x\r\n".repeat(400))));
  }

  private static void assertStatus(int kind, int subject, int detail, List<Result> results) {
    var outcome = assertInstanceOf(Outcome.NotCarried.class, only(results));
    assertEquals(new EnhancedStatus(kind, subject, detail), outcome.status());
  }

  @Test
  void one_recipient_that_needs_utf8_does_not_keep_the_others_from_their_mail() throws Exception {
    List<Result> results =
        hand(
            behindRcpt(
                wire -> {
                  wire.expect("DATA");
                  wire.say("354 go on");
                  wire.untilDot();
                  wire.say("250 ok");
                }),
            to("böb@example.net", "bob@example.net"),
            HELLO);
    assertInstanceOf(Outcome.NotCarried.class, results.get(0).outcome());
    assertInstanceOf(Outcome.Accepted.class, results.get(1).outcome());
  }

  @Test
  void parameters_are_passed_on_where_they_are_offered() throws Exception {
    var envelope =
        new Envelope(
            new Path.Somebody(Mailbox.of("ann@example.org")),
            List.of(
                new Recipient(
                    Mailbox.of("bob@example.net"),
                    Set.of(Notify.DELAY, Notify.SUCCESS),
                    Optional.of("rfc822;bob+40x"))),
            Body.EIGHT_BIT_MIME,
            true,
            Optional.of(Ret.HDRS),
            Optional.of("QQ314"));
    var lines = new java.util.concurrent.CopyOnWriteArrayList<String>();
    Peer.Script script =
        wire -> {
          wire.greet("SIZE", "8BITMIME", "SMTPUTF8", "DSN");
          lines.add(wire.expect("MAIL"));
          wire.say("250 ok");
          lines.add(wire.expect("RCPT"));
          wire.say("550 no");
        };
    hand(script, envelope, text("\u00e9\r\n"));
    assertEquals(
        List.of(
            "MAIL FROM:<ann@example.org> SIZE=3 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=QQ314",
            "RCPT TO:<bob@example.net> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;bob+40x"),
        lines);
  }

  @Test
  void several_messages_go_over_one_connection_and_a_failed_one_is_reset() throws Exception {
    try (Peer peer =
            Peer.playing(
                wire -> {
                  wire.greet();
                  wire.expect("MAIL");
                  wire.say("250 ok");
                  wire.expect("RCPT");
                  wire.say("550 no");
                  wire.expect("RSET");
                  wire.say("250 ok");
                  for (int i = 0; i < 2; i++) {
                    wire.expect("MAIL");
                    wire.say("250 ok");
                    wire.expect("RCPT");
                    wire.say("250 ok");
                    wire.expect("DATA");
                    wire.say("354 ok");
                    wire.untilDot();
                    wire.say("250 ok");
                  }
                  wire.expect("QUIT");
                  wire.say("221 bye");
                });
        SmtpClient client = ready(open(peer, peer.clear()))) {
      assertInstanceOf(Outcome.Refused.class, only(client.hand(to("a@example.net"), HELLO)));
      assertInstanceOf(Outcome.Accepted.class, only(client.hand(to("b@example.net"), HELLO)));
      assertInstanceOf(Outcome.Accepted.class, only(client.hand(to("c@example.net"), HELLO)));
      client.close();
      peer.played();
    }
  }
}
