package heddle.dial;

import java.io.IOException;

/** The conversation ended early; says why as data. It holds no stack worth reading. */
public final class Broken extends IOException {
  private static final long serialVersionUID = 1;
  private final transient Trouble trouble;

  Broken(Trouble trouble) {
    super(trouble.words());
    this.trouble = trouble;
  }

  public Trouble trouble() {
    return trouble;
  }
}
