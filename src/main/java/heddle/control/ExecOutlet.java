package heddle.control;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program of the site's, run for each alert in a session and process group of its own; at the
 * deadline all of the group is killed.
 */
public final class ExecOutlet implements Outlet {
  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private final List<String> command;
  private final Duration patience;

  public ExecOutlet(List<String> command, Duration patience) {
    this.command = List.copyOf(command);
    this.patience = patience;
  }

  @Override
  public String name() {
    return "exec";
  }

  @Override
  public void send(Alert alert) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    boolean group = Files.isExecutable(SETSID);
    if (group) {
      // The JDK makes no process group; what this runs in its own place leads one.
      words.add(SETSID.toString());
    }
    words.addAll(command);
    var builder =
        new ProcessBuilder(words)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(alert.environment());
    Process process = builder.start();
    try {
      // It may read nothing, or end first: a pipe holds an alert, and a program its own counsel.
      Thread.ofVirtual().start(() -> feed(process, alert));
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(first() + " did not end within " + patience.toSeconds() + " s");
      }
      if (process.exitValue() != 0) {
        throw new IOException(first() + " ended with " + process.exitValue());
      }
    } finally {
      end(process, group);
    }
  }

  private String first() {
    return command.getFirst();
  }

  private static void feed(Process process, Alert alert) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(alert.json());
      in.write('\n');
    } catch (IOException notWanted) {
      // Its exit tells whether that was right.
    }
  }

  private static void end(Process process, boolean group) throws InterruptedException {
    if (!process.isAlive()) {
      return; // what it left running on purpose may go on
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    if (group) {
      try {
        new ProcessBuilder("/bin/kill", "-KILL", "--", "-" + process.pid())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor(1, TimeUnit.SECONDS);
      } catch (IOException noSuchProgram) {
        // Its children that we know of are gone.
      }
    }
    process.waitFor(1, TimeUnit.SECONDS);
  }
}
