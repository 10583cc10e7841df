package heddle.dial;

/** How far an outgoing conversation had come. */
public enum Phase {
  CONNECT("the connection"),
  TLS("the TLS handshake"),
  GREETING("the greeting"),
  EHLO("EHLO"),
  STARTTLS("STARTTLS"),
  AUTH("AUTH"),
  MAIL("MAIL"),
  RCPT("RCPT"),
  DATA("DATA"),
  /** The message itself, before its last octet. */
  TEXT("the message"),
  /** Behind the last octet of the message: only here a message may have been accepted unheard. */
  END_OF_TEXT("the end of the message"),
  RSET("RSET"),
  /** Of a conversation that is not SMTP. */
  OTHER("a command");

  private final String words;

  Phase(String words) {
    this.words = words;
  }

  /** For people: {@code "the greeting"}. */
  public String words() {
    return words;
  }
}
