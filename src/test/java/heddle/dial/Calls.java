package heddle.dial;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import heddle.mail.Envelope;
import heddle.mail.Envelope.Body;
import heddle.mail.Mailbox;
import heddle.mail.Path;
import heddle.mail.Recipient;
import heddle.mail.Secret;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the tests of this room have in common: a caller, and something to send. */
final class Calls {
  private Calls() {}

  static final Credentials ANN = new Credentials.Password("user", () -> Secret.ofUtf8("pencil"));

  static Manner manner(Credentials credentials) {
    return new Manner("client.example", credentials, Patience.of(Peer.SHORT), hello -> false);
  }

  static Opened open(Peer peer, Target target) {
    return open(peer, target, new Credentials.None());
  }

  static Opened open(Peer peer, Target target, Credentials credentials) {
    return SmtpClient.open(peer.dialer, target, manner(credentials));
  }

  static SmtpClient ready(Opened opened) {
    return assertInstanceOf(Opened.Ready.class, opened, opened.toString()).client();
  }

  static <T extends Trouble> T trouble(Class<T> kind, Opened opened) {
    return assertInstanceOf(
        kind, assertInstanceOf(Opened.Failed.class, opened, opened.toString()).trouble());
  }

  static Envelope to(String... recipients) {
    return from("ann@example.org", recipients);
  }

  static Envelope from(String sender, String... recipients) {
    return new Envelope(
        new Path.Somebody(Mailbox.of(sender)),
        Arrays.stream(recipients).map(r -> Recipient.of(Mailbox.of(r))).toList(),
        Body.SEVEN_BIT,
        false,
        Optional.empty(),
        Optional.empty());
  }

  static Message text(String latin1) {
    byte[] octets = latin1.getBytes(StandardCharsets.ISO_8859_1);
    boolean eightBit = latin1.chars().anyMatch(c -> c > 127);
    return new Message(octets.length, eightBit, false, () -> new ByteArrayInputStream(octets));
  }

  static final Message HELLO = text("Subject: hello\r\n\r\n.dot\r\n");

  static Outcome only(List<Result> results) {
    if (results.size() != 1) {
      throw new AssertionError(results.toString());
    }
    return results.getFirst().outcome();
  }
}
