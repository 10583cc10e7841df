package heddle.wire;

import java.time.Duration;

/** A moment on the monotonic clock by which something must be over. A value; safe to share. */
public record Deadline(long nanoTime) {
  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime()).plus(time);
  }

  /** Later by so much; times beyond some seventy years are cut. */
  public Deadline plus(Duration time) {
    long nanos =
        time.toSeconds() > Long.MAX_VALUE / 4_000_000_000L ? Long.MAX_VALUE / 4 : time.toNanos();
    return new Deadline(nanoTime + nanos);
  }

  /** The earlier of the two. */
  public Deadline or(Deadline other) {
    return nanoTime - other.nanoTime <= 0 ? this : other;
  }

  /** What is left; zero when it is over. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }

  public boolean over() {
    return nanoTime - System.nanoTime() <= 0;
  }

  /** What is left in milliseconds, at least 1: for the calls in which 0 means for ever. */
  public int millisLeft() {
    return Math.clamp((nanoTime - System.nanoTime() + 999_999) / 1_000_000, 1, Integer.MAX_VALUE);
  }
}
