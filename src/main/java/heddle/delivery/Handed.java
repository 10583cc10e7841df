package heddle.delivery;

import heddle.dial.Result;
import heddle.dial.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What came of bringing a message to the next hop. */
sealed interface Handed {
  /**
   * It was reached.
   *
   * @param results in the order of the envelope
   * @param dsn whether it offers DSN (RFC 3461)
   */
  record Over(List<Result> results, boolean dsn) implements Handed {
    public Over {
      results = List.copyOf(results);
    }
  }

  /**
   * It is not to be had now, whatever the message.
   *
   * @param knock how long until somebody should knock again; empty where another will
   */
  record Down(Trouble trouble, Optional<Duration> knock) implements Handed {}
}
