package heddle.config;

import java.time.Duration;

/** The site's own hooks. */
public record HooksConfig(
    @Doc(
            value = "Their folder; a relative path begins at the folder of this file.",
            byDefault = "\"hooks\"",
            applies = Applies.NOW)
        String directory,
    @Doc(value = "The time for one call of a hook.", byDefault = "\"5s\"", min = 1)
        Duration timeout) {}
