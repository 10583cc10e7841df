package heddle.scripting;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * A platform thread that a hook may keep for itself: on a virtual one, two loops would stop every
 * conversation of a machine with two cores.
 */
final class HookThread extends Thread {
  private static final int MOST_PRINTED = 4096;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private volatile OptionalInt number = OptionalInt.empty();
  private volatile boolean nice;

  HookThread(String hook, Runnable work) {
    super(work, "hook " + hook);
    setDaemon(true);
  }

  @Override
  public void run() {
    number = Nice.me();
    super.run();
  }

  /** From now on it gives way to the conversations; it is of no use for another call then. */
  void giveWay() {
    nice = true;
    number.ifPresent(Nice::give);
  }

  boolean givesWay() {
    return nice;
  }

  void print(byte[] octets, int off, int len) {
    printed.write(octets, off, Math.min(len, MOST_PRINTED - printed.size()));
  }

  /** What was printed since this was asked last. */
  String printed() {
    String text = printed.toString(StandardCharsets.UTF_8).strip();
    printed.reset();
    return text;
  }
}
