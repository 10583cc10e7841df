package heddle.spool;

import java.time.Duration;

/**
 * What one may choose about a spool.
 *
 * @param journalMessageLimit octets up to which a message goes into the journal
 * @param segmentLimit octets after which a segment ends; the oldest segment leaves when those
 *     behind it hold as much
 * @param segmentAge after which a segment ends, and after which an ended one leaves
 * @param tickEvery how often the spool looks after itself; zero: only when {@link Spool#tick()} is
 *     called
 */
public record Settings(
    long journalMessageLimit, long segmentLimit, Duration segmentAge, Duration tickEvery) {
  public static final Settings DEFAULT =
      new Settings(256 * 1024, 64L * 1024 * 1024, Duration.ofMinutes(1));

  public Settings {
    // A message of the journal is held in memory until it is written.
    if (journalMessageLimit < 0 || journalMessageLimit > 16 * 1024 * 1024) {
      throw new IllegalArgumentException("a journal's message has at most 16 MiB");
    }
  }

  public Settings(long journalMessageLimit, long segmentLimit, Duration segmentAge) {
    this(journalMessageLimit, segmentLimit, segmentAge, Duration.ofSeconds(1));
  }
}
