package heddle.tls;

/** A certificate or key that cannot be served, in three short sentences for an administrator. */
public final class TlsRefused extends Exception {
  private static final long serialVersionUID = 1;
  private final String what;
  private final String why;
  private final String remedy;

  TlsRefused(String what, String why, String remedy) {
    super(what + " " + why + " " + remedy);
    this.what = what;
    this.why = why;
    this.remedy = remedy;
  }

  public String what() {
    return what;
  }

  public String why() {
    return why;
  }

  /** What to do about it. */
  public String remedy() {
    return remedy;
  }
}
