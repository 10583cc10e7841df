package heddle.spool;

/**
 * The spool at a glance.
 *
 * @param messages in the queue, held ones included
 * @param segments of the journal, the current one included
 * @param journalOctets what these hold
 * @param textOctets the texts of all messages
 * @param free octets left on the disk, -1 where it would not say
 */
public record SpoolStatus(
    Door door,
    int messages,
    int held,
    int segments,
    long journalOctets,
    long textOctets,
    long free) {
  /** Whether messages are taken. */
  public sealed interface Door {
    record Open() implements Door {}

    /** 452 to all until a forced probe succeeds. */
    record Closed(String why) implements Door {}
  }
}
