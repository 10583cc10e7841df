package heddle.scripting;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Stands before standard output and error: what a hook prints goes to the log, and not all of it if
 * it prints without end; what everybody else prints goes where it always went.
 */
final class Printing extends OutputStream {
  private static boolean installed;
  private final PrintStream usual;

  private Printing(PrintStream usual) {
    this.usual = usual;
  }

  static synchronized void install() {
    if (!installed) {
      System.setOut(new PrintStream(new Printing(System.out), true, System.out.charset()));
      System.setErr(new PrintStream(new Printing(System.err), true, System.err.charset()));
      installed = true;
    }
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] octets, int off, int len) throws IOException {
    if (Thread.currentThread() instanceof HookThread hook) {
      hook.print(octets, off, len);
    } else {
      usual.write(octets, off, len);
    }
  }

  @Override
  public void flush() throws IOException {
    if (!(Thread.currentThread() instanceof HookThread)) {
      usual.flush();
    }
  }
}
