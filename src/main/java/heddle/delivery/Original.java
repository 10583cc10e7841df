package heddle.delivery;

import java.io.IOException;
import java.io.InputStream;

/** The text of the message a report is about; it is read twice. */
@FunctionalInterface
public interface Original {
  /** From its first octet. The caller closes it. */
  InputStream open() throws IOException;
}
