package heddle.session;

/** How one AUTH command can end, and in which words: what RFC 4954 and the site's rules say. */
enum End {
  ACCEPTED("235 2.7.0"),
  /** RFC 4954 §6. */
  REFUSED("535 5.7.8", true),
  MALFORMED("501 5.5.2", true),
  /** RFC 4954 §4: "it MUST reject the AUTH command with a 501 reply", and 5.5.2. */
  NOT_BASE64("501 5.5.2", true),
  /** RFC 4954 §4: {@code *}. */
  CANCELLED("501 5.7.0", true),
  /** RFC 4954 §4: an initial response where the server speaks first. */
  SPEAKS_FIRST("501 5.7.0", true),
  /** RFC 4954 §4: a line beyond 12288 octets. */
  TOO_LONG("500 5.5.6", true),
  ENDLESS("501 5.5.2", true),
  UNAVAILABLE("454 4.7.0"),
  TIMED_OUT("421 4.4.2", false, true),
  GONE("", false, true),
  TOO_MANY("421 4.7.0", false, true),
  TOO_MANY_ERRORS("421 4.7.0", false, true),
  /** RFC 4954 §4: after a success, within a transaction; RFC 5321 §4.1.4: before EHLO. */
  TWICE("503 5.5.1"),
  IN_TRANSACTION("503 5.5.1"),
  TOO_EARLY("503 5.5.1"),
  /** RFC 4954 §4. */
  NOT_OFFERED("504 5.5.4"),
  TWO_RESPONSES("501 5.5.4"),
  /** A command line that is no line. */
  FLAWED("500 5.5.2"),
  SITE_NO("534 5.7.9", true),
  SITE_NO_AND_BYE("535 5.7.8", true, true),
  SITE_LATER("432 4.7.12"),
  SITE_LATER_AND_BYE("454 4.7.0", false, true),
  SITE_HANGS_UP("334", true, true);

  /** Code and enhanced status. */
  final String reply;

  /** Whether it is a failed login. */
  final boolean counts;

  /** Whether the connection ends with it. */
  final boolean closes;

  End(String reply) {
    this(reply, false);
  }

  End(String reply, boolean counts) {
    this(reply, counts, false);
  }

  End(String reply, boolean counts, boolean closes) {
    this.reply = reply;
    this.counts = counts;
    this.closes = closes;
  }
}
