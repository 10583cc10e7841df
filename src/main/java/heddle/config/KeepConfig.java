package heddle.config;

import java.time.Duration;

/** How long things are remembered. */
public record KeepConfig(
    @Doc(value = "What happened.", byDefault = "\"30d\"", applies = Applies.NOW)
        @NotYet("only logins are remembered")
        Duration events,
    @Doc(value = "The login history.", byDefault = "\"90d\"", applies = Applies.NOW)
        Duration logins,
    @Doc(value = "Recorded conversations, a count.", byDefault = "200", applies = Applies.NOW)
        @NotYet("no conversation is recorded")
        int dialogues) {}
