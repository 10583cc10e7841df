package heddle.smtp;

import heddle.mail.Id;
import heddle.mail.Mailbox;
import heddle.mail.Octets;
import heddle.mail.Reply;
import heddle.wire.Flaw;

/**
 * What we answer: each reply once, by name. Numbers are RFC 5321 §4.2.3's, enhanced statuses RFC
 * 3463's and RFC 5248's, where no other RFC is named. The words reach people: what, and what to do.
 */
public final class Replies {
  private Replies() {}

  // ---- hello and good-bye

  /** RFC 5321 §4.2: the name stands first. */
  public static Reply banner(String hostname) {
    return Reply.bare(220, hostname + " ESMTP Heddle");
  }

  public static final Reply BYE = Reply.of(221, "2.0.0", "Bye");

  /** RFC 3207 §4. */
  public static final Reply START_TLS = Reply.of(220, "2.0.0", "Ready to start TLS");

  // ---- yes

  public static final Reply SENDER_OK = Reply.of(250, "2.1.0", "Sender OK");
  public static final Reply RECIPIENT_OK = Reply.of(250, "2.1.5", "Recipient OK");
  public static final Reply RESET = Reply.of(250, "2.0.0", "Forgotten; a new message may begin");

  /** RFC 5321 §4.1.1.9. */
  public static final Reply NOOP = Reply.of(250, "2.0.0", "Nothing done, as asked");

  /** RFC 5321 §4.1.1.8. */
  public static final Reply HELP =
      Reply.of(
          214,
          "2.0.0",
          "EHLO STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT",
          "Log in with AUTH before MAIL; your mail program does that for you");

  /** RFC 5321 §3.5.3: no mailbox is confirmed to those who guess. */
  public static final Reply WILL_TRY =
      Reply.of(252, "2.5.0", "Cannot verify an address here, but will take mail for it");

  /** RFC 3030 §4.2. */
  public static Reply chunk(long octets) {
    return Reply.of(250, "2.0.0", octets + " octets received");
  }

  public static Reply queued(Id transaction) {
    return Reply.of(250, "2.0.0", "Queued as " + transaction);
  }

  /** RFC 4954 §6. */
  public static final Reply AUTHENTICATED = Reply.of(235, "2.7.0", "Logged in");

  /** RFC 4954 §4: the prompt in base64, and nothing else, not even a status. */
  public static Reply challenge(Octets prompt) {
    return Reply.bare(334, prompt.base64());
  }

  public static final Reply SEND_MESSAGE =
      Reply.bare(354, "Send the message; end it with a dot on a line of its own");

  // ---- 421: we hang up (RFC 5321 §3.8)

  public static final Reply IDLE =
      Reply.of(421, "4.4.2", "Nothing heard for too long; closing. Please connect again");
  public static final Reply DATA_TIMEOUT =
      Reply.of(421, "4.4.2", "The message came too slowly; closing. Please send it again");
  public static final Reply SHUTTING_DOWN =
      Reply.of(421, "4.3.2", "The server is being restarted; please try again in a minute");
  public static final Reply TOO_MANY_CONNECTIONS =
      Reply.of(421, "4.7.0", "Too many connections at once; please try again later");
  public static final Reply TOO_MANY_ERRORS =
      Reply.of(421, "4.7.0", "Too many errors; closing. Please try again later");
  public static final Reply TOO_MANY_LOGIN_FAILURES =
      Reply.of(421, "4.7.0", "Too many failed logins; closing. Please check name and password");

  /** The site's proxy hook has a mistake: nobody knows what became of the command. */
  public static final Reply HOOK_FAILED =
      Reply.of(421, "4.3.0", "Something went wrong on our side; closing. Please try again later");

  /** A password that was changed, a credential that was taken away, a user that was shut out. */
  public static final Reply LOGIN_ENDED =
      Reply.of(421, "4.7.0", "Your login is not valid any more; closing. Please log in again");

  /** An administrator has ended this one connection; the login stays good. */
  public static final Reply ENDED_BY_ADMINISTRATOR =
      Reply.of(421, "4.3.2", "The administrator ends this connection; please try again later");

  /** An administrator has shut out the client's network, for a while. */
  public static final Reply BLOCKED =
      Reply.of(421, "4.7.0", "Your network is shut out for a while; please try again later");

  /** RFC 5321 §3.1: 554 in place of the greeting; "5.7.1" as its policy is. */
  public static final Reply BLOCKED_FOR_GOOD =
      Reply.of(554, "5.7.1", "There is no service for your network here");

  // ---- not now

  /** A credential that has its own limit. */
  public static Reply tooManyToday(int most) {
    return Reply.of(
        450, "4.7.1", "Only " + most + " messages within 24 hours by this login; try again later");
  }

  public static final Reply STORAGE =
      Reply.of(452, "4.3.1", "Cannot keep the message now; please try again later");

  /** RFC 5321 §4.5.3.1.10: the rest goes with another message. */
  public static final Reply TOO_MANY_RECIPIENTS =
      Reply.of(452, "4.5.3", "Too many recipients; send to the others with another message");

  // ---- lines that are no commands

  public static final Reply UNKNOWN_COMMAND = Reply.of(500, "5.5.1", "Unknown command; try HELP");
  public static final Reply LINE_TOO_LONG = Reply.of(500, "5.5.2", "Command line too long");
  public static final Reply NOT_UTF8 = Reply.of(500, "5.5.2", "The line is not UTF-8");
  public static final Reply CONTROL_CHARACTER =
      Reply.of(501, "5.5.2", "The line holds a control character");

  public static final Reply NOT_IMPLEMENTED = Reply.of(502, "5.5.1", "Not done here");

  /** To a command line that is no line. */
  public static Reply flawedLine(Flaw flaw) {
    return switch (flaw) {
      case TOO_LONG -> LINE_TOO_LONG;
      // RFC 5321 §2.3.8: CR and LF are sent as CRLF only.
      case BARE_CR -> Reply.of(500, "5.5.2", "A CR without LF; lines end with CR LF");
      case BARE_LF -> Reply.of(500, "5.5.2", "An LF without CR; lines end with CR LF");
      case NUL -> Reply.of(500, "5.5.2", "The line holds a NUL octet");
    };
  }

  // ---- 501, 504, 555: commands that cannot be understood

  public static Reply helloNeedsName(String verb) {
    return Reply.of(501, "5.5.4", "Say who you are: " + verb + " your.host.name");
  }

  public static final Reply HELLO_NAME_TOO_LONG =
      Reply.of(501, "5.5.4", "A host name has at most 255 octets");

  public static Reply noArgument(String verb) {
    return Reply.of(501, "5.5.4", verb + " stands alone; nothing may follow it");
  }

  public static Reply needsArgument(String verb) {
    return Reply.of(501, "5.5.4", verb + " needs an address or a name");
  }

  public static final Reply MAIL_SYNTAX =
      Reply.of(501, "5.5.4", "Write MAIL FROM:<you@example.org>, the address in angle brackets");
  public static final Reply RCPT_SYNTAX =
      Reply.of(501, "5.5.4", "Write RCPT TO:<them@example.org>, the address in angle brackets");
  public static final Reply SENDER_SYNTAX =
      Reply.of(501, "5.1.7", "This is no sender address; write <you@example.org>");
  public static final Reply RECIPIENT_SYNTAX =
      Reply.of(501, "5.1.3", "This is no recipient address; write <them@example.org>");
  public static final Reply PARAMETER_SYNTAX =
      Reply.of(501, "5.5.4", "Behind the address stand parameters, each KEY or KEY=value");

  public static Reply badParameter(String key) {
    return Reply.of(501, "5.5.4", "The parameter " + key + " has no such value");
  }

  public static Reply parameterTwice(String key) {
    return Reply.of(501, "5.5.4", "The parameter " + key + " is given twice");
  }

  /** RFC 5321 §4.1.1.11. */
  public static final Reply PARAMETER_UNKNOWN =
      Reply.of(555, "5.5.4", "A parameter that is not known here; see EHLO");

  public static final Reply BDAT_SYNTAX =
      Reply.of(501, "5.5.4", "Write BDAT size, or BDAT size LAST");
  public static final Reply AUTH_SYNTAX =
      Reply.of(501, "5.5.4", "Write AUTH mechanism, with at most one initial response");

  /** RFC 4954 §4. */
  public static final Reply MECHANISM_UNKNOWN =
      Reply.of(504, "5.5.4", "This way to log in is not offered here; see EHLO");

  // ---- 503: not yet, or not again

  public static final Reply HELLO_FIRST = Reply.of(503, "5.5.1", "Say EHLO first");
  public static final Reply MAIL_FIRST = Reply.of(503, "5.5.1", "Say MAIL first");
  public static final Reply RCPT_FIRST =
      Reply.of(503, "5.5.1", "Say RCPT first: the message has no recipient yet");
  public static final Reply NESTED_MAIL =
      Reply.of(503, "5.5.1", "A message has begun; finish it, or say RSET");

  /** RFC 3030 §2: DATA and BDAT do not mix. */
  public static final Reply CHUNKS_BEGAN =
      Reply.of(503, "5.5.1", "This message comes by BDAT; go on with it, or say RSET");

  /** RFC 4954 §4: "a server MUST reject any further AUTH commands with a 503 reply". */
  public static final Reply ALREADY_AUTHENTICATED =
      Reply.of(503, "5.5.1", "You are logged in already");

  /**
   * RFC 4954 §4: "An AUTH command issued during a mail transaction MUST be rejected with a 503
   * reply."
   */
  public static final Reply AUTH_IN_TRANSACTION =
      Reply.of(503, "5.5.1", "No login while a message is being sent; say RSET first");

  public static final Reply TLS_ACTIVE = Reply.of(503, "5.5.1", "TLS is active already");
  public static final Reply NO_AUTH_HERE =
      Reply.of(503, "5.5.1", "Logging in is not offered on this port");
  public static final Reply NO_TLS_HERE =
      Reply.of(502, "5.5.1", "STARTTLS is not offered on this port");
  public static final Reply TLS_IN_TRANSACTION =
      Reply.of(503, "5.5.1", "No STARTTLS while a message is being sent; say RSET first");

  public static final Reply XCLIENT_IN_TRANSACTION =
      Reply.of(503, "5.5.1", "No XCLIENT while a message is being sent; say RSET first");
  public static final Reply XCLIENT_SYNTAX =
      Reply.of(501, "5.5.4", "Write XCLIENT NAME=value, with the attributes that EHLO names");

  /** Nobody logs in by assertion. */
  public static final Reply XCLIENT_LOGIN =
      Reply.of(501, "5.5.4", "LOGIN is not taken here; the client has to log in itself");

  // ---- who may

  /** {@code xclient-from} does not have the client's address. */
  public static final Reply XCLIENT_NOT_FOR_YOU =
      Reply.of(550, "5.7.0", "XCLIENT is not for you; it is for this site's own proxies");

  /** RFC 4954 §6. */
  public static final Reply AUTH_REQUIRED =
      Reply.of(530, "5.7.0", "Please log in first (check the outgoing server's settings)");

  /** The token by which somebody logged in has come to its end. */
  public static final Reply LOGIN_EXPIRED =
      Reply.of(530, "5.7.0", "Your login has expired; connect and log in again");

  /** RFC 3207 §4. */
  public static final Reply TLS_REQUIRED =
      Reply.of(530, "5.7.0", "Must issue a STARTTLS command first");

  /** RFC 4954 §6. */
  public static final Reply TLS_BEFORE_AUTH =
      Reply.of(538, "5.7.11", "Turn on TLS first: a password is not taken in clear");

  /**
   * MAIL with a sender that is not the account's.
   *
   * @param authz in whose name the session acts
   */
  public static Reply senderNotYours(Mailbox sender, String authz) {
    // RFC 6531 §3.7.4.2: no UTF-8 to a client that did not ask for it.
    String owner = authz.chars().allMatch(c -> c < 0x80) ? authz : "your account";
    String shown = sender.isAscii() ? "<" + sender + ">" : "This";
    return Reply.of(550, "5.7.1", shown + " is not an address of " + owner + "; send as your own");
  }

  /** By the terms of the credential that was shown. */
  public static final Reply RECIPIENT_NOT_YOURS =
      Reply.of(550, "5.7.1", "By this login only certain addresses can be written to");

  public static final Reply NOT_FOR_GUESTS =
      Reply.of(550, "5.7.1", "Without a login only our own addresses can be written to");

  // ---- what cannot be taken

  /** To a message that goes on long after it became too large; the connection ends. */
  public static final Reply RUNAWAY =
      Reply.of(421, "4.7.0", "Far more came than may; the connection ends here");

  /** To a message in which lines do not end as lines end. */
  public static Reply flawedMessage(Flaw flaw) {
    return switch (flaw) {
      case TOO_LONG -> Reply.of(550, "5.6.0", "The message has a line that is too long");
      // RFC 5321 §4.1.1.4: <LF>.<LF> "MUST NOT be treated as equivalent to <CRLF>.<CRLF>".
      case BARE_CR ->
          Reply.of(550, "5.6.0", "The message has a CR without LF; lines end with CR LF");
      case BARE_LF ->
          Reply.of(550, "5.6.0", "The message has an LF without CR; lines end with CR LF");
      case NUL -> Reply.of(550, "5.6.0", "The message has a NUL octet");
    };
  }

  /** RFC 1870 §6.1. */
  public static Reply tooLarge(long maxOctets) {
    return Reply.of(
        552, "5.3.4", "The message is too large; at most " + maxOctets + " octets are taken");
  }

  /** RFC 6531 §3.5. */
  public static final Reply NEEDS_SMTPUTF8 =
      Reply.of(553, "5.6.7", "An address beyond ASCII needs SMTPUTF8; say it with MAIL");

  public static final Reply NO_VALID_RECIPIENTS =
      Reply.of(554, "5.5.1", "No valid recipients; the message was not taken");

  /** RFC 5321 §6.3. */
  public static final Reply LOOP =
      Reply.of(554, "5.4.6", "The message goes in circles: too many Received fields");
}
