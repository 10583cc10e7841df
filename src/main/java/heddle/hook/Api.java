package heddle.hook;

/** The version of this API: a higher first number says that hooks may have to be changed. */
public final class Api {
  public static final String VERSION = "1.1.0";

  private Api() {}
}
