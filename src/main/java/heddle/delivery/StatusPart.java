package heddle.delivery;

import heddle.mail.Recipient;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The part for programs (RFC 3464 §2): a group of fields for the message, one for each recipient. A
 * value.
 */
record StatusPart(List<List<Field>> groups) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

  /** One field; names hold no text of a stranger. */
  record Field(String name, String value, Kind kind) {
    enum Kind {
      ADDRESS,
      OTHER
    }

    private static Field of(String name, String value) {
      return new Field(name, value, Kind.OTHER);
    }

    private static Field address(String name, String value) {
      return new Field(name, value, Kind.ADDRESS);
    }
  }

  static StatusPart of(Report.Facts facts) {
    var groups = new ArrayList<List<Field>>();
    groups.add(message(facts));
    facts.concerned().forEach(c -> groups.add(recipient(facts, c)));
    return new StatusPart(List.copyOf(groups));
  }

  /** RFC 3464 §2.2. */
  private static List<Field> message(Report.Facts facts) {
    var fields = new ArrayList<Field>();
    facts
        .envid()
        .map(Xtext::decoded)
        .filter(id -> !id.isEmpty())
        .ifPresent(id -> fields.add(Field.of("Original-Envelope-Id", id)));
    fields.add(Field.of("Reporting-MTA", "dns; " + facts.letterhead().hostname().ascii()));
    fields.add(Field.of("Arrival-Date", date(facts.accepted())));
    return List.copyOf(fields);
  }

  /** RFC 3464 §2.3. */
  private static List<Field> recipient(Report.Facts facts, Report.Concerned concerned) {
    Report.Fate fate = concerned.fate();
    Recipient to = concerned.recipient();
    var fields = new ArrayList<Field>();
    boolean narrow = facts.letterhead().road() == Report.Road.NARROW;
    to.orcpt()
        .map(o -> narrow ? Clean.ascii(Clean.line(o)) : Xtext.originalRecipient(o))
        .ifPresent(o -> fields.add(Field.address("Original-Recipient", o)));
    String type = to.mailbox().isAscii() ? "rfc822;" : "utf-8;"; // RFC 6533 §3
    String address = Clean.line(to.mailbox().toString());
    boolean written = narrow && !to.mailbox().isAscii();
    fields.add(
        Field.address("Final-Recipient", type + (written ? Xtext.unicode(address) : address)));
    fields.add(Field.of("Action", action(facts.kind(), fate.handover())));
    fields.add(Field.of("Status", Verdict.status(facts.kind(), fate.reply()).toString()));
    fate.remote()
        .map(Clean::words)
        .filter(r -> !r.isEmpty())
        .ifPresent(r -> fields.add(Field.of("Remote-MTA", "dns; " + r)));
    diagnosis(facts.kind(), fate).ifPresent(d -> fields.add(Field.of("Diagnostic-Code", d)));
    fields.add(Field.of("Last-Attempt-Date", date(fate.at())));
    if (facts.kind() == Report.Kind.DELAYED) {
      fields.add(Field.of("Will-Retry-Until", date(facts.letterhead().giveUp())));
    }
    return List.copyOf(fields);
  }

  /** RFC 3464 §2.3.3. */
  private static String action(Report.Kind kind, Report.Handover handover) {
    return switch (kind) {
      case FAILED, EXPIRED -> "failed";
      case DELAYED -> "delayed";
      case DELIVERED ->
          switch (handover) {
            case FINAL -> "delivered";
            case RELAYED -> "relayed";
            case EXPANDED -> "expanded";
          };
    };
  }

  /** RFC 3464 §2.3.6: "smtp" only for what another server said; our own words have our name. */
  private static Optional<String> diagnosis(Report.Kind kind, Report.Fate fate) {
    String words = Clean.words(fate.reply());
    if (words.isEmpty()) {
      return Optional.empty();
    }
    if (fate.remote().isPresent() && Verdict.isReply(words)) {
      return Optional.of("smtp; " + words);
    }
    // What we note of our own success is the name of a file, and nobody else's business.
    return kind == Report.Kind.DELIVERED ? Optional.empty() : Optional.of("x-heddle; " + words);
  }

  /** Whether an address here cannot be said in ASCII (RFC 6533 §4). */
  boolean international() {
    return groups.stream()
        .flatMap(List::stream)
        .anyMatch(f -> f.kind() == Field.Kind.ADDRESS && !Clean.isAscii(f.value()));
  }

  String type() {
    return international() ? "message/global-delivery-status" : "message/delivery-status";
  }

  /** The groups, an empty line between them. */
  String text() {
    var text = new StringBuilder();
    for (List<Field> group : groups) {
      if (!text.isEmpty()) {
        text.append("\r\n");
      }
      for (Field field : group) {
        String value = international() ? field.value() : Clean.ascii(field.value());
        text.append(Clean.field(field.name(), value));
      }
    }
    return text.toString();
  }

  /** RFC 5322 §3.3. */
  static String date(Instant when) {
    return DATE.format(when.atOffset(ZoneOffset.UTC));
  }
}
