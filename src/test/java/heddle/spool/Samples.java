package heddle.spool;

import heddle.mail.Envelope;
import heddle.mail.Id;
import heddle.mail.Mailbox;
import heddle.mail.Notify;
import heddle.mail.Path;
import heddle.mail.Recipient;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** What the tests of this room have in common. */
final class Samples {
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  /** Never ticks by itself. */
  static final Settings STILL =
      new Settings(256 * 1024, 64L * 1024 * 1024, Duration.ofMinutes(1), Duration.ZERO);

  /** A clock that one sets. */
  static final class Clock implements InstantSource {
    private volatile Instant now = NOON;

    @Override
    public Instant instant() {
      return now;
    }

    void advance(Duration time) {
      now = now.plus(time);
    }
  }

  private Samples() {}

  static Ticket ticket(Id id, int recipients) {
    var envelope =
        new Envelope(
            new Path.Somebody(Mailbox.of("\"a b\"@example.org")),
            IntStream.range(0, recipients)
                .mapToObj(
                    i ->
                        i == 0
                            ? new Recipient(
                                Mailbox.of("r0@bücher.example"),
                                Set.of(Notify.FAILURE, Notify.DELAY),
                                Optional.of("rfc822;r0+40x"))
                            : Recipient.of(Mailbox.of("r" + i + "@example.net")))
                .toList(),
            Envelope.Body.EIGHT_BIT_MIME,
            true,
            Optional.of(Envelope.Ret.HDRS),
            Optional.of("QQ314159"));
    return new Ticket(
        id,
        envelope,
        Optional.of(new Ticket.Submitter("ann", "ann@example.org", "PLAIN", "app:phone")),
        "submissions",
        new Id("C0NNECT10N00"),
        Optional.of("192.0.2.1"),
        NOON,
        0);
  }

  static Id id(Random random) {
    return Id.draw(random);
  }

  static byte[] text(Random random, int size) {
    byte[] text = new byte[size];
    random.nextBytes(text);
    return text;
  }

  static Ticket accept(Spool spool, Id id, int recipients, byte[] text) throws SpoolUnavailable {
    Ticket ticket = ticket(id, recipients);
    try (Draft draft = spool.draft(id)) {
      for (int at = 0; at < text.length; at += 1000) {
        draft.write(text, at, Math.min(1000, text.length - at));
      }
      draft.commit(ticket);
    }
    return ticket.sized(text.length);
  }

  static byte[] read(Spool spool, Id id) throws IOException {
    try (InputStream text = spool.open(id)) {
      return text.readAllBytes();
    }
  }
}
