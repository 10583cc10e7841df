package heddle.control;

import java.io.IOException;

/** A way on which alerts leave this machine, or reach somebody on it. No mail goes there. */
public interface Outlet extends AutoCloseable {
  /** As the configuration calls it. */
  String name();

  /**
   * Returns when the other side has it; within half a minute.
   *
   * @throws IOException where it has not; the message holds no secret of the way's
   */
  void send(Alert alert) throws IOException, InterruptedException;

  @Override
  default void close() {}
}
