package heddle.console;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jline.builtins.Less;
import org.jline.builtins.Source;
import org.jline.terminal.Terminal;

/** Shows what a command said: page by page where it is more than the screen. */
final class Screen {
  /** The prompt and the lines at the bottom. */
  private static final int OTHERS = 4;

  /** What a command said. */
  static final class Kept {
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

    PrintStream stream() {
      return new PrintStream(octets, true, StandardCharsets.UTF_8);
    }

    String text() {
      return octets.toString(StandardCharsets.UTF_8);
    }
  }

  private final Terminal terminal;
  private final Bottom bottom;

  Screen(Terminal terminal, Bottom bottom) {
    this.terminal = terminal;
    this.bottom = bottom;
  }

  void show(Kept kept) {
    String text = kept.text();
    boolean dumb = terminal.getType().startsWith(Terminal.TYPE_DUMB);
    if (dumb || text.lines().count() <= terminal.getRows() - OTHERS) {
      terminal.writer().print(text);
      terminal.flush();
      return;
    }
    bottom.suspend();
    try {
      new Less(terminal, Path.of(".")).run(source(text));
    } catch (IOException unreadable) {
      terminal.writer().print(text);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      bottom.restore();
      terminal.flush();
    }
  }

  private static Source source(String text) {
    return new Source() {
      @Override
      public String getName() {
        return "heddle";
      }

      @Override
      public InputStream read() {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
      }

      @Override
      public Long lines() {
        return text.lines().count();
      }
    };
  }
}
