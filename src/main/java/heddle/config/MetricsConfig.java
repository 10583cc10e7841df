package heddle.config;

import java.util.Optional;

/** Figures for those who watch the server. */
public record MetricsConfig(
    @Doc(
            value =
                "Where they are served, an address and a port. Nobody logs in there: take one of"
                    + " loopback, or one that only your own machines reach.",
            example = "\"127.0.0.1:9464\"",
            applies = Applies.RESTART)
        Optional<Bind> bind,
    @Doc(
            value =
                "Also count logins, messages and recipients of each user, by name. Whoever reads"
                    + " the figures then reads who sends how much.",
            byDefault = "false",
            applies = Applies.RESTART)
        boolean perUser) {}
