package heddle.mail.stray;

import heddle.wire.Deadline;
import java.time.Duration;
import org.tomlj.Toml;

/** Breaks the law of the house three times, so that HouseTest can show that it sees it. */
final class Stray {
  void strayed() throws InterruptedException {
    Deadline deadline = Deadline.in(Duration.ofSeconds(1));
    Thread.sleep(deadline.left());
    Toml.parse("");
  }
}
