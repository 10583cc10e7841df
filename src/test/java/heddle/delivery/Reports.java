package heddle.delivery;

import heddle.mail.Domain;
import heddle.mail.Envelope;
import heddle.mail.Id;
import heddle.mail.Mailbox;
import heddle.mail.Path;
import heddle.mail.Recipient;
import heddle.spool.QueueEntry;
import heddle.spool.RecipientState;
import heddle.spool.Ticket;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What the tests of reports share. */
final class Reports {
  static final Instant ACCEPTED = Instant.parse("2026-11-16T08:00:00Z");
  static final Instant NOW = Instant.parse("2026-11-16T12:30:00Z");
  static final Report.Letterhead LETTERHEAD =
      new Report.Letterhead(
          Domain.of("mail.example.org"), NOW, Instant.parse("2026-11-21T08:00:00Z"));
  static final byte[] ORIGINAL =
      "From: ann@example.org\r\nSubject: hello\r\n\r\nDear Bob,\r\n--\r\nAnn"
          .getBytes(StandardCharsets.UTF_8);

  private Reports() {}

  static Envelope envelope(String sender, Recipient... to) {
    return new Envelope(
        sender.isEmpty() ? Path.NOBODY : new Path.Somebody(Mailbox.of(sender)),
        List.of(to),
        Envelope.Body.SEVEN_BIT,
        false,
        Optional.empty(),
        Optional.empty());
  }

  static QueueEntry entry(Envelope envelope, long size) {
    var ticket =
        new Ticket(
            new Id("0123456789AB"),
            envelope,
            Optional.empty(),
            "submission",
            new Id("CDEFGHJKMNPQ"),
            Optional.empty(),
            ACCEPTED,
            size);
    var state =
        new RecipientState(
            RecipientState.Status.PENDING, 7, NOW, "", "mx", Optional.empty(), false);
    return new QueueEntry(
        ticket, envelope.recipients().stream().map(_ -> state).toList(), Optional.empty());
  }

  static Report.Fate said(String reply) {
    return new Report.Fate(reply, Optional.of("mx.example.net"), NOW);
  }

  static Optional<Report> due(
      Envelope envelope, Report.Kind kind, Map<Integer, Report.Fate> which) {
    return Report.due(entry(envelope, ORIGINAL.length), kind, which, LETTERHEAD, new Random(1));
  }

  static byte[] written(Report report, byte[] original) throws IOException {
    var out = new ByteArrayOutputStream();
    report.writeTo(out, () -> new ByteArrayInputStream(original));
    return out.toByteArray();
  }

  static String text(Report report) throws IOException {
    return new String(written(report, ORIGINAL), StandardCharsets.UTF_8);
  }
}
