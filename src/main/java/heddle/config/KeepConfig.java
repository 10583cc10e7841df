package heddle.config;

import java.time.Duration;

/** How long things are remembered. */
public record KeepConfig(
    @Doc(
            value = "What happened: heddle events and heddle trace show it.",
            byDefault = "\"30d\"",
            applies = Applies.NOW)
        Duration events,
    @Doc(value = "The login history.", byDefault = "\"90d\"", applies = Applies.NOW)
        Duration logins,
    @Doc(
            value =
                "Conversations in which something went wrong, a count: heddle session trace shows them.",
            byDefault = "200",
            applies = Applies.NOW)
        int dialogues) {}
