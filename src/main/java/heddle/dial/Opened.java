package heddle.dial;

/** What came of an attempt to begin a conversation. */
public sealed interface Opened {
  /** Greeted, under TLS where that is demanded, logged in. The client is the caller's to close. */
  record Ready(SmtpClient client) implements Opened {}

  record Failed(Trouble trouble) implements Opened {}
}
