package heddle.remote;

import java.io.IOException;

/** The other server did not say; the message is what a verdict tells. It holds no stack. */
final class NoAnswer extends IOException {
  private static final long serialVersionUID = 1;

  NoAnswer(String why) {
    super(why);
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }

  Verdict verdict() {
    return new Verdict.Unavailable(String.valueOf(getMessage()));
  }
}
