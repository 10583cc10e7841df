package heddle.config;

import heddle.mail.Domain;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole of {@code etc/heddle.toml}. The accessors mirror the keys. A value; made by {@link
 * ConfigReader} only.
 */
public record HeddleConfig(
    @Doc(
            value = "The name the server goes by. Default: this machine's name.",
            example = "\"mail.example.org\"")
        Optional<Domain> hostname,
    @Doc(
            value = "Domains whose addresses belong to our accounts.",
            byDefault = "[]",
            example = "[\"example.org\"]",
            applies = Applies.NOW)
        List<Domain> domains,
    @Doc(
            "Where the server listens, one table for each listener, by a name of your choice. With no"
                + " such table there are two: submissions on port 465 and submission on port 587."
                + " With one, there are those of the file only.")
        Map<String, ListenerConfig> listener,
    @Doc("The server's certificate, and what is asked of a client's.") TlsConfig tls,
    @Doc(
            "The conversation. A list of rules may stand in place of every value of this table and"
                + " those below it.")
        SessionConfig session,
    @Doc(value = "Servers that can prove a login, by a name of your choice.", applies = Applies.NOW)
        Map<String, RemoteConfig> remote,
    @Doc("Who issues the tokens of OAUTHBEARER and XOAUTH2, by a name of your choice.")
        Map<String, TokenConfig> token,
    @Doc("The site's own hooks.") HooksConfig hooks,
    @Doc("Messages that were accepted and wait for delivery.") QueueConfig queue,
    @Doc(
            "Where messages go, by name. [route.default] is for all that no other route takes; until"
                + " a site says otherwise no message leaves the machine.")
        Map<String, RouteConfig> route,
    @Doc("Limits that hold for all connections together.") LimitConfig limit,
    @Doc("How long what happened is remembered.") KeepConfig keep,
    @Doc("What the server says of each thing that happens, on its standard output.") LogConfig log,
    @Doc(
            "Figures for Prometheus, over HTTP: /metrics, and /live and /ready for those who watch"
                + " whether the server runs and whether it can work.")
        MetricsConfig metrics,
    @Doc("Who is told when something is wrong, by ways on which no mail goes.")
        AlertConfig alert) {}
