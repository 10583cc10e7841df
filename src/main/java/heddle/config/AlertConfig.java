package heddle.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who hears of trouble, by ways on which no mail goes. */
public record AlertConfig(
    @Doc(
            value =
                "A program and its arguments, run for each alert: the alert stands as a JSON object"
                    + " on its standard input, and in HEDDLE_ALERT_… of its environment. It has half"
                    + " a minute.",
            byDefault = "[]",
            example = "[\"/usr/local/bin/heddle-alert\"]",
            applies = Applies.RESTART)
        List<String> exec,
    @Doc(
            value = "Where each alert is sent as a JSON object, by POST.",
            example = "\"https://alerts.example.org/heddle\"",
            applies = Applies.RESTART)
        Optional<URI> webhook,
    @Doc(
            value =
                "What is called by GET at each interval while `heddle doctor` finds no error: when"
                    + " the calls end, somebody else should say so.",
            example = "\"https://heartbeat.example.org/ping/1f2e\"",
            applies = Applies.RESTART)
        Optional<URI> heartbeat,
    @Doc(
            value =
                "How often `heddle doctor` is run for these. What cannot wait, a closed spool or a"
                    + " hook that hangs, is told at once.",
            byDefault = "\"5m\"",
            applies = Applies.RESTART,
            min = 1000)
        Duration interval) {
  /** Whether anybody wants to know. */
  public boolean any() {
    return !exec.isEmpty() || webhook.isPresent() || heartbeat.isPresent();
  }
}
