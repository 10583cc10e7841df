package heddle.sasl;

import heddle.mail.Reply;
import heddle.sasl.Refusal.Reason;

/** Each way to say no to a login, once, by name. What the client hears never tells which it was. */
public final class Refusals {
  // RFC 4954 §6: 535 5.7.8 "Authentication credentials invalid".
  private static final Reply NO = Reply.of(535, "5.7.8", "Wrong user name or password");

  /** No such account. */
  public static final Refusal UNKNOWN = permanent(NO, Reason.BAD_USER);

  public static final Refusal WRONG = permanent(NO, Reason.BAD_PASSWORD);

  /** An account that may not log in now; said like a wrong password. */
  public static final Refusal DISABLED = permanent(NO, Reason.DISABLED);

  /** No right to act as the identity asked for; said like a wrong password. */
  public static final Refusal NOT_ALLOWED = permanent(NO, Reason.NOT_ALLOWED);

  /** The client broke the mechanism's own grammar. */
  public static final Refusal MALFORMED =
      permanent(
          Reply.of(
              501, "5.5.2", "This is not how the mechanism is spoken; name and password needed"),
          Reason.BAD_PROTOCOL);

  public static final Refusal MALFORMED_SCRAM =
      permanent(
          Reply.of(501, "5.5.2", "This is not how SCRAM is spoken (RFC 5802)"),
          Reason.BAD_PROTOCOL);

  public static final Refusal MALFORMED_TOKEN =
      permanent(
          Reply.of(501, "5.5.2", "This is not how a bearer token is sent (RFC 7628)"),
          Reason.BAD_PROTOCOL);

  // RFC 4954 §4: "the server MUST reject it with a 501".
  public static final Refusal SERVER_SPEAKS_FIRST =
      permanent(
          Reply.of(501, "5.7.0", "In this mechanism the server speaks first; send no response"),
          Reason.BAD_PROTOCOL);

  /** RFC 5802 §6: the client was kept from seeing that we can bind the channel. */
  public static final Refusal DOWNGRADED = permanent(NO, Reason.DOWNGRADED);

  /** The login was meant for another TLS connection: somebody stands in between. */
  public static final Refusal NOT_BOUND = permanent(NO, Reason.NOT_BOUND);

  public static final Refusal NO_CERTIFICATE =
      permanent(
          Reply.of(535, "5.7.8", "No certificate was shown that says who you are"),
          Reason.BAD_USER);

  /** A certificate or a local user that is nobody's key. */
  public static final Refusal UNKNOWN_KEY =
      permanent(
          Reply.of(535, "5.7.8", "This certificate, or this user, is nobody's key here"),
          Reason.BAD_USER);

  /** The site's own hook said no, without words of its own. */
  public static final Refusal HOOK = permanent(NO, Reason.HOOK);

  public static final Refusal BAD_CERTIFICATE =
      permanent(
          Reply.of(535, "5.7.8", "The certificate is not valid today"), Reason.BAD_CERTIFICATE);

  /** A token that is expired, meant for somebody else, or not signed by its issuer. */
  public static final Refusal BAD_TOKEN = permanent(NO, Reason.BAD_TOKEN);

  // RFC 4954 §4: "If the server cannot [BASE64] decode any client response, it MUST reject the AUTH
  // command with a 501 reply (and an enhanced status code of 5.5.2)."
  public static final Refusal NOT_BASE64 =
      permanent(Reply.of(501, "5.5.2", "That is not base64"), Reason.BAD_PROTOCOL);

  // RFC 4954 §4: "the server MUST reject the AUTH command by sending a 501 reply".
  public static final Refusal CANCELLED =
      permanent(Reply.of(501, "5.7.0", "Authentication cancelled"), Reason.ABORTED);

  // RFC 4954 §4: "the server MUST reject the AUTH command with the 500 reply" and 5.5.6.
  public static final Refusal LINE_TOO_LONG =
      permanent(
          Reply.of(500, "5.5.6", "Authentication exchange line is too long"), Reason.BAD_PROTOCOL);

  public static final Refusal TOO_MANY_ROUNDS =
      permanent(
          Reply.of(501, "5.5.2", "The authentication exchange does not end"), Reason.BAD_PROTOCOL);

  /** What decides is out of reach. */
  public static final Refusal UNAVAILABLE =
      temporary("Logins cannot be checked at the moment; try again later", Reason.UNAVAILABLE);

  /**
   * The password was right once, and its directory wants another. RFC 5248: X.7.12 "A password
   * transition is needed"; RFC 4954 §6 has it at 432.
   */
  public static final Refusal EXPIRED =
      new Refusal(
          Reply.of(432, "4.7.12", "The password has expired; choose a new one, then log in again"),
          Reason.EXPIRED,
          false);

  /** The main password may not be used here; said like a wrong one. */
  public static final Refusal BARRED = permanent(NO, Reason.BARRED);

  /** Not from this network, or not at this listener; said like a wrong password. */
  public static final Refusal NOT_HERE = permanent(NO, Reason.NOT_HERE);

  /** Shut out by an administrator; said like a wrong password. */
  public static final Refusal BLOCKED = permanent(NO, Reason.BLOCKED);

  /** So many have failed that nobody's word is looked at for a while. */
  public static final Refusal TOO_MANY_FAILURES =
      temporary("Too many failed logins; try again later", Reason.PENALTY);

  /** Too many logins wait to be checked. */
  public static final Refusal BUSY =
      temporary("Too many logins at once; try again in a moment", Reason.UNAVAILABLE);

  /** A mistake of ours or of a site's hook. */
  public static final Refusal MISTAKE =
      temporary("Something went wrong on our side; try again later", Reason.ERROR);

  private Refusals() {}

  private static Refusal permanent(Reply reply, Reason reason) {
    return new Refusal(reply, reason, false);
  }

  private static Refusal temporary(String words, Reason reason) {
    return new Refusal(Reply.of(454, "4.7.0", words), reason, false);
  }
}
