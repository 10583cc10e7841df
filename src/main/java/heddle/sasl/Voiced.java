package heddle.sasl;

import java.time.Duration;

/** What one voice said, and how long it took: what the login history and the log print. */
public record Voiced(String voice, Decision decision, Duration took) {}
