package heddle.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Replies to a client. What is said is gathered and goes out in one write at the flush: two small
 * writes would wait for the client's delayed acknowledgement. Used by one conversation only.
 */
public final class LineWriter {
  private static final int KEPT = 4 * 1024;
  private final OutputStream out;
  private ByteArrayOutputStream gathered = new ByteArrayOutputStream(256);

  public LineWriter(OutputStream out) {
    this.out = out;
  }

  /** Adds text, each line with its CRLF; sent as UTF-8. */
  public void say(String text) {
    gathered.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends what was said. */
  public void flush() throws IOException {
    if (gathered.size() > 0) {
      gathered.writeTo(out);
      if (gathered.size() > KEPT) {
        gathered = new ByteArrayOutputStream(256);
      } else {
        gathered.reset();
      }
    }
    out.flush();
  }
}
