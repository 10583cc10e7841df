package heddle.control;

import java.io.IOException;
import java.nio.channels.Channel;
import java.time.Duration;

/** Closes a channel under the feet of whoever waits too long for its other end. */
final class Overdue implements AutoCloseable {
  private final Thread watch;

  private Overdue(Thread watch) {
    this.watch = watch;
  }

  /** From now on, until this is closed. */
  static Overdue close(Channel channel, Duration patience) {
    return new Overdue(
        Thread.ofVirtual()
            .name("control-watch")
            .start(
                () -> {
                  try {
                    Thread.sleep(patience);
                    channel.close();
                  } catch (InterruptedException | IOException inTime) {
                    // Nothing to end.
                  }
                }));
  }

  @Override
  public void close() {
    watch.interrupt();
  }
}
