package heddle.session;

import heddle.event.Event;
import heddle.mail.Id;
import heddle.smtp.Replies;
import heddle.tls.HandshakeFailed;
import heddle.wire.Deadline;
import java.io.IOException;
import java.time.Duration;

/** The handshake, at the door or by STARTTLS. Used by one conversation. */
final class TlsUpgrade {
  private final Transport transport;
  private final Surroundings around;
  private final Id connection;
  private final String listener;
  private final Transcript transcript;

  TlsUpgrade(
      Transport transport, Surroundings around, DataDialogue.Origin origin, Transcript transcript) {
    this.transport = transport;
    this.around = around;
    this.connection = origin.connection();
    this.listener = origin.listener();
    this.transcript = transcript;
  }

  /** A listener that begins with TLS. @return whether the handshake succeeded */
  boolean atTheDoor(Duration time) throws IOException {
    return handshake(false, time);
  }

  /** STARTTLS; the reply that welcomes it is said here. @return whether the conversation goes on */
  boolean startTls(Line line, Duration time) throws IOException {
    // RFC 3207 §6: octets already here were sent in clear, perhaps by somebody in between. They
    // must not be taken for the client's; hang up rather than trust them.
    if (line.reader().pending()) {
      line.reader().discardPending();
      transcript.fault("octets stood behind STARTTLS before the handshake");
      around.events().tell(new Event.StartTlsInjection(connection, listener, transport.client()));
      return false;
    }
    line.say(Replies.START_TLS);
    line.flush();
    return handshake(true, time);
  }

  private boolean handshake(boolean startTls, Duration time) throws IOException {
    try {
      var info = transport.upgrade(around.handshake(), startTls, Deadline.in(time));
      transcript.note(info.protocol() + " " + info.cipher());
      around.events().tell(new Event.TlsStarted(connection, listener, info, transport.client()));
      return true;
    } catch (HandshakeFailed failed) {
      transcript.fault("no TLS: " + failed.why());
      around.events().tell(new Event.TlsFailed(connection, failed.why(), transport.client()));
      return false;
    }
  }
}
