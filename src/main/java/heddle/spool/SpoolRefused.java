package heddle.spool;

import java.io.IOException;

/** The spool was written by a version that we do not read; nothing was touched. */
public final class SpoolRefused extends IOException {
  private static final long serialVersionUID = 1L;

  SpoolRefused(String what) {
    super(what);
  }
}
