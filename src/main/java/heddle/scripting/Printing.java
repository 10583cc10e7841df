package heddle.scripting;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

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
      System.setOut(new Stream(System.out));
      System.setErr(new Stream(System.err));
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

  /**
   * What a hook prints beyond the most is not even put into octets: a loop of it would be garbage
   * for the collector, and everybody's pause.
   */
  private static final class Stream extends PrintStream {
    Stream(PrintStream usual) {
      super(new Printing(usual), true, usual.charset());
    }

    @Override
    public void println() {
      if (!HookThread.printsInVain()) {
        super.println();
      }
    }

    @Override
    public void println(@Nullable String text) {
      if (!HookThread.printsInVain()) {
        super.println(text);
      }
    }

    @Override
    public void println(@Nullable Object thing) {
      if (!HookThread.printsInVain()) {
        super.println(thing);
      }
    }

    @Override
    public void print(@Nullable String text) {
      if (!HookThread.printsInVain()) {
        super.print(text);
      }
    }

    @Override
    public void print(@Nullable Object thing) {
      if (!HookThread.printsInVain()) {
        super.print(thing);
      }
    }
  }
}
