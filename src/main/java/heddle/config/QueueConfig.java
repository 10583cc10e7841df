package heddle.config;

import java.time.Duration;
import java.util.List;

/** Messages that wait. */
public record QueueConfig(
    @Doc(
            value = "The waits between attempts to deliver; the last is used again and again.",
            byDefault = "[\"1m\", \"5m\", \"15m\", \"30m\", \"1h\", \"2h\", \"4h\"]",
            applies = Applies.NOW,
            min = 1000)
        List<Duration> retry,
    @Doc(
            value = "When a message that could not be delivered goes back to its sender.",
            byDefault = "\"5d\"",
            applies = Applies.NOW,
            min = 1000)
        Duration expire,
    @Doc(
            value =
                "When the sender of a message that still waits is told of the delay, once; with"
                    + " the expiry's time or a longer one nobody is told.",
            byDefault = "\"4h\"",
            applies = Applies.NOW,
            min = 1000)
        Duration delayNotice,
    @Doc(
            value = "How long open conversations may go on when the server stops.",
            byDefault = "\"30s\"",
            applies = Applies.NOW)
        Duration drain) {}
