package heddle.dial;

import heddle.mail.EnhancedStatus;
import heddle.mail.Envelope;
import heddle.mail.Notify;
import heddle.mail.Path;
import heddle.mail.Recipient;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the next hop can carry of a message, and how it is told of it. A value. */
record Carriage(Extensions extensions, Envelope envelope, Message message) {
  private static final EnhancedStatus TOO_BIG = new EnhancedStatus(5, 3, 4);
  private static final EnhancedStatus CONVERSION_NEEDED = new EnhancedStatus(5, 6, 3);
  private static final EnhancedStatus ADDRESS_NEEDS_UTF8 = new EnhancedStatus(5, 6, 7);
  private static final EnhancedStatus HEADER_NEEDS_UTF8 = new EnhancedStatus(5, 6, 9);

  /** Why nobody can get it; empty where it can be offered. */
  Optional<Outcome> obstacle() {
    if (extensions.maxSize().orElse(Long.MAX_VALUE) < message.octets()) {
      return no(TOO_BIG, "the next server takes no message of this size");
    }
    // RFC 6152 §3: a client "MUST NOT attempt to transmit 8-bit" where the server lacks it.
    if (message.eightBit() && !extensions.has("8BITMIME")) {
      return no(CONVERSION_NEEDED, "the next server takes no 8-bit text");
    }
    if (!extensions.has("SMTPUTF8")) {
      if (envelope.sender() instanceof Path.Somebody(var mailbox) && !mailbox.isAscii()) {
        return no(ADDRESS_NEEDS_UTF8, "the next server takes no sender in UTF-8");
      }
      // RFC 6531 §3.2: without the extension, "MUST NOT transmit an internationalized message".
      if (message.eightBitHeader() && envelope.utf8()) {
        return no(HEADER_NEEDS_UTF8, "the next server takes no header in UTF-8");
      }
    }
    return Optional.empty();
  }

  /** Why this recipient cannot get it. */
  Optional<Outcome> obstacle(Recipient recipient) {
    return recipient.mailbox().isAscii() || extensions.has("SMTPUTF8")
        ? Optional.empty()
        : no(ADDRESS_NEEDS_UTF8, "the next server takes no address in UTF-8");
  }

  private static Optional<Outcome> no(EnhancedStatus status, String words) {
    return Optional.of(new Outcome.NotCarried(status, words));
  }

  String mail() {
    var command = new StringBuilder("MAIL FROM:<").append(envelope.sender()).append('>');
    if (extensions.has("SIZE")) {
      command.append(" SIZE=").append(message.octets());
    }
    if (message.eightBit()) {
      command.append(" BODY=8BITMIME");
    }
    if (extensions.has("SMTPUTF8") && needsUtf8()) {
      command.append(" SMTPUTF8");
    }
    if (extensions.has("DSN")) {
      envelope.ret().ifPresent(ret -> command.append(" RET=").append(ret.name()));
      envelope.envid().ifPresent(id -> command.append(" ENVID=").append(id));
    }
    return command.append("\r\n").toString();
  }

  private boolean needsUtf8() {
    boolean address = envelope.sender() instanceof Path.Somebody(var mailbox) && !mailbox.isAscii();
    return envelope.utf8()
        || address
        || envelope.recipients().stream().anyMatch(r -> !r.mailbox().isAscii());
  }

  String rcpt(Recipient recipient) {
    var command = new StringBuilder("RCPT TO:<").append(recipient.mailbox()).append('>');
    if (extensions.has("DSN")) {
      if (!recipient.notifyOn().isEmpty()) {
        String words =
            recipient.notifyOn().stream()
                .sorted()
                .map(Notify::name)
                .collect(Collectors.joining(","));
        command.append(" NOTIFY=").append(words.toUpperCase(Locale.ROOT));
      }
      recipient.orcpt().ifPresent(orcpt -> command.append(" ORCPT=").append(orcpt));
    }
    return command.append("\r\n").toString();
  }
}
