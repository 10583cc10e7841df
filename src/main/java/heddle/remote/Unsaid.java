package heddle.remote;

/** The other server gave no verdict. The message says why, cleaned, and holds no secret. */
final class Unsaid extends Exception {
  private static final long serialVersionUID = 1;
  static final String NO_STARTTLS = "STARTTLS is not offered, and without it no password is sent";
  static final String QUOTED = "(words left out: they quote the login)";

  private final String why;

  Unsaid(String why) {
    super(why, null, false, false);
    this.why = why;
  }

  Verdict verdict() {
    return new Verdict.Unavailable(why);
  }
}
