package heddle.config;

import java.time.Duration;
import java.util.Optional;

/** The conversation with a client. */
public record SessionConfig(
    @Doc(value = "The largest message taken; EHLO says it.", byDefault = "\"25MB\"", min = 1024)
        Ruled<Size> maxMessageSize,
    @Doc(value = "Recipients of one message.", byDefault = "100", min = 1)
        Ruled<Integer> maxRecipients,
    @Doc(value = "Refused commands before the connection ends.", byDefault = "20", min = 1)
        Ruled<Integer> maxErrors,
    @Doc(value = "The time for a TLS handshake.", byDefault = "\"10s\"", min = 1)
        Ruled<Duration> handshakeTimeout,
    @Doc(
            value = "The time for one command line: one deadline, however slowly octets drip in.",
            byDefault = "\"5m\"",
            min = 1)
        Ruled<Duration> idleTimeout,
    @Doc(
            value = "The time for a message's data, besides a minimum rate.",
            byDefault = "\"10m\"",
            min = 1)
        Ruled<Duration> dataTimeout,
    @Doc(
            value = "Whether the Received line of a message shows the client's address and name.",
            byDefault = "false")
        Ruled<Boolean> receivedClient,
    @Doc(
            value = "What becomes of message lines longer than 998 octets, up to 64 KiB.",
            byDefault = "\"pass\"")
        Ruled<LongLines> longLines,
    @Doc(
            value =
                "The hook that sees every command line first, by its class name; false for none.",
            byDefault = "false",
            example = "\"Xclient\"")
        Ruled<Optional<HookName>> proxy,
    @Doc("Logging in.") AuthConfig auth) {
  /** What becomes of over-long lines of a message. */
  public enum LongLines implements Worded {
    PASS,
    REFUSE
  }
}
