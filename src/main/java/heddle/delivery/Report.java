package heddle.delivery;

import heddle.mail.Domain;
import heddle.mail.Envelope;
import heddle.mail.Id;
import heddle.mail.Mailbox;
import heddle.mail.Notify;
import heddle.mail.Path;
import heddle.mail.Recipient;
import heddle.spool.QueueEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A delivery status notification (RFC 3461, 3464, 6522, 6533): what we tell a sender of what became
 * of a message. It reads no clock and opens nothing itself. Safe to share.
 */
public final class Report {
  /** What happened. All recipients of one report share it. */
  public enum Kind {
    FAILED,
    EXPIRED,
    DELAYED,
    DELIVERED
  }

  /** What a success was. Next hops that promise reports themselves are no success of ours. */
  public enum Handover {
    FINAL,
    RELAYED,
    EXPANDED
  }

  /**
   * What became of one recipient.
   *
   * @param reply the last words, of the remote or our own: untrusted, may be empty
   * @param remote the server that said them; empty where it was ourselves
   * @param at when it was last tried
   * @param handover looked at for DELIVERED only
   */
  public record Fate(String reply, Optional<String> remote, Instant at, Handover handover) {
    public Fate(String reply, Optional<String> remote, Instant at) {
      this(reply, remote, at, Handover.FINAL);
    }
  }

  /**
   * Who writes, and when.
   *
   * @param giveUp until when a delayed message is tried
   * @param road what the way back to the sender is known to carry
   * @param room how many octets it takes
   */
  public record Letterhead(Domain hostname, Instant date, Instant giveUp, Road road, long room) {
    public Letterhead(Domain hostname, Instant date, Instant giveUp) {
      this(hostname, date, giveUp, Road.WIDE, Long.MAX_VALUE);
    }
  }

  /** What a way carries. */
  public enum Road {
    /** Everything, as far as we know. */
    WIDE,
    /** ASCII only: a message that was too wide for it comes back over it. */
    NARROW
  }

  /** One recipient whom the report is about. */
  record Concerned(Recipient recipient, int attempts, Fate fate) {}

  /** All that is said, before it is put into words. */
  record Facts(
      Kind kind,
      Letterhead letterhead,
      Instant accepted,
      Optional<String> envid,
      Returned returned,
      List<Concerned> concerned) {}

  private final Id id;
  private final String boundary;
  private final Mailbox to;
  private final Envelope about;
  private final Facts facts;
  private final StatusPart status;

  private Report(Id id, String boundary, Mailbox to, Envelope about, Facts facts) {
    this.id = id;
    this.boundary = boundary;
    this.to = to;
    this.about = about;
    this.facts = facts;
    this.status = StatusPart.of(facts);
  }

  /**
   * The one report that is owed for what happened to some recipients of a message.
   *
   * @param which by the recipient's index in the envelope
   * @param random unpredictable: nobody may foresee the line that divides the parts
   * @return empty where the sender is nobody, or wants to hear of none of them
   */
  public static Optional<Report> due(
      QueueEntry entry,
      Kind kind,
      Map<Integer, Fate> which,
      Letterhead letterhead,
      RandomGenerator random) {
    Envelope envelope = entry.ticket().envelope();
    // RFC 5321 §4.5.5: nothing is told of mail from nobody; reports on reports would never end.
    return switch (envelope.sender()) {
      case Path.Nobody _ -> Optional.empty();
      case Path.Somebody sender -> {
        List<Concerned> concerned = concerned(entry, kind, which);
        if (concerned.isEmpty()) {
          yield Optional.empty();
        }
        var returned = Returned.of(kind, letterhead, envelope, entry.ticket().size());
        var facts =
            new Facts(
                kind,
                letterhead,
                entry.ticket().accepted(),
                envelope.envid(),
                returned,
                List.copyOf(concerned));
        yield Optional.of(
            new Report(Id.draw(random), boundary(random), sender.mailbox(), envelope, facts));
      }
    };
  }

  private static List<Concerned> concerned(QueueEntry entry, Kind kind, Map<Integer, Fate> which) {
    var concerned = new ArrayList<Concerned>();
    new TreeMap<>(which)
        .forEach(
            (index, fate) -> {
              Recipient recipient = entry.ticket().envelope().recipients().get(index);
              if (wanted(recipient.notifyOn(), kind)) {
                int attempts = entry.recipients().get(index).attempts();
                concerned.add(new Concerned(recipient, attempts, fate));
              }
            });
    return concerned;
  }

  /** RFC 3461 §4.1: without NOTIFY a sender hears of failures, and of delays if we like. */
  static boolean wanted(Set<Notify> notifyOn, Kind kind) {
    if (notifyOn.contains(Notify.NEVER)) {
      return false;
    }
    return switch (kind) {
      case FAILED, EXPIRED -> notifyOn.isEmpty() || notifyOn.contains(Notify.FAILURE);
      case DELAYED -> notifyOn.isEmpty() || notifyOn.contains(Notify.DELAY);
      case DELIVERED -> notifyOn.contains(Notify.SUCCESS);
    };
  }

  /** 128 random bits stand in no text by accident; the sign "=_" in no quoted-printable one. */
  private static String boundary(RandomGenerator random) {
    var hex = HexFormat.of();
    return "=_" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }

  /** The name the report goes by: its own, not that of the message it is about. */
  public Id id() {
    return id;
  }

  /** From nobody, to the sender, and not to be reported on in turn. */
  public Envelope envelope() {
    boolean narrow = facts.letterhead().road() == Road.NARROW;
    boolean utf8 = !narrow && (about.utf8() || status.international()) || !to.isAscii();
    boolean wide = utf8 || !Clean.isAscii(text());
    Envelope.Body body =
        wide ? Envelope.Body.EIGHT_BIT_MIME : narrow ? Envelope.Body.SEVEN_BIT : about.body();
    var recipient = new Recipient(to, Set.of(Notify.NEVER), Optional.empty());
    return new Envelope(
        Path.NOBODY, List.of(recipient), body, utf8, Optional.empty(), Optional.empty());
  }

  /**
   * Writes the report; the stream stays open.
   *
   * @param original the message's text, read twice and returned octet for octet
   */
  public void writeTo(OutputStream out, Original original) throws IOException {
    boolean narrow = facts.letterhead().road() == Road.NARROW;
    boolean eight = !narrow && facts.returned().isEightBit(original);
    String text = text();
    boolean wide = eight || status.international() || !Clean.isAscii(text);
    say(out, header(wide) + "\r\n");
    String words = Clean.isAscii(text) ? "us-ascii" : "utf-8";
    say(out, part("text/plain; charset=" + words, !Clean.isAscii(text)) + text);
    say(out, "\r\n" + part(status.type(), status.international()) + status.text());
    // The CRLF in front of a boundary belongs to it (RFC 2046 §5.1.1): nothing is added.
    say(out, "\r\n" + part(facts.returned().type(about.utf8() && !narrow), eight));
    if (narrow) {
      facts.returned().copyAscii(original, out);
    } else {
      facts.returned().copy(original, out);
    }
    say(out, "\r\n--" + boundary + "--\r\n");
  }

  private String text() {
    String text = ReportText.of(facts);
    return facts.letterhead().road() == Road.NARROW ? Clean.ascii(text) : text;
  }

  private String header(boolean wide) {
    String host = facts.letterhead().hostname().ascii();
    return Clean.field("From", "Mail Delivery System <MAILER-DAEMON@" + host + ">")
        + Clean.field("To", addressee())
        + Clean.field("Subject", ReportText.subject(facts.kind()))
        + Clean.field("Date", StatusPart.date(facts.letterhead().date()))
        + Clean.field("Message-ID", "<" + id + "@" + host + ">")
        + Clean.field("Auto-Submitted", "auto-replied") // RFC 3834 §5
        + "MIME-Version: 1.0\r\n"
        + "Content-Type: multipart/report; report-type=delivery-status;\r\n"
        + (" boundary=\"" + boundary + "\"\r\n")
        + encoding(wide);
  }

  /** An address that would have to be changed to be shown is not shown: the envelope has it. */
  private String addressee() {
    String address = to.toString();
    return Clean.line(address).equals(address) ? address : "undisclosed-recipients:;";
  }

  private String part(String type, boolean wide) {
    return "--" + boundary + "\r\nContent-Type: " + type + "\r\n" + encoding(wide) + "\r\n";
  }

  private static String encoding(boolean wide) {
    return "Content-Transfer-Encoding: " + (wide ? "8bit" : "7bit") + "\r\n";
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "Report[" + id + ", " + facts.kind() + "]";
  }
}
