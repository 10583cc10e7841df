package heddle.sasl;

import heddle.mail.Reply;

/**
 * How a no is told.
 *
 * @param reply what the client hears
 * @param reason why, for the log and the login history; never told to the client
 * @param disconnect end the connection after the reply
 */
public record Refusal(Reply reply, Reason reason, boolean disconnect) {
  /** Why a login did not succeed. The names are what logs and metrics say. */
  public enum Reason {
    BAD_USER("baduser"),
    BAD_PASSWORD("badpassword"),
    DISABLED("disabled"),
    EXPIRED("expired"),
    /** The main password may not be used for sending. */
    BARRED("barred"),
    /** A credential outside its networks or listeners. */
    NOT_HERE("nothere"),
    BLOCKED("blocked"),
    /** Too many failures before it. */
    PENALTY("penalty"),
    NOT_ALLOWED("notallowed"),
    BAD_TOKEN("badtoken"),
    BAD_CERTIFICATE("badcertificate"),
    DOWNGRADED("downgraded"),
    NOT_BOUND("notbound"),
    BAD_PROTOCOL("badprotocol"),
    ABORTED("aborted"),
    UNAVAILABLE("unavailable"),
    ERROR("error"),
    /** The site's own hook said so. */
    HOOK("hook");

    private final String word;

    Reason(String word) {
      this.word = word;
    }

    /** Whether it may have been a guess at somebody's credential. */
    public boolean guesses() {
      return switch (this) {
        case BAD_USER,
            BAD_PASSWORD,
            DISABLED,
            BARRED,
            NOT_HERE,
            BLOCKED,
            NOT_ALLOWED,
            BAD_TOKEN,
            BAD_CERTIFICATE,
            HOOK ->
            true;
        case EXPIRED, PENALTY, DOWNGRADED, NOT_BOUND, BAD_PROTOCOL, ABORTED, UNAVAILABLE, ERROR ->
            false;
      };
    }

    @Override
    public String toString() {
      return word;
    }
  }
}
