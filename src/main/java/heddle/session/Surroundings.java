package heddle.session;

import heddle.config.HeddleConfig;
import heddle.config.Source;
import heddle.directory.HookVoices;
import heddle.event.Events;
import heddle.mail.Domain;
import heddle.mail.Id;
import heddle.sasl.Mechanisms;
import heddle.sasl.Verifier;
import heddle.spool.Spool;
import heddle.submission.SenderAuthority;
import heddle.tls.Handshake;
import java.net.InetAddress;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What every conversation of a server shares. Safe to share.
 *
 * @param config as it stood when the connection came
 * @param mark by which this server knows itself when it sends mail on; empty where it does not
 * @param hooks the site's, of the generation that was in force when the connection came
 * @param pointers from an address to its name by the name servers; asking takes time
 * @param gate who comes in, who stays in, and who is kept waiting
 * @param directories from the value of {@code lookup} to the chain that answers
 */
public record Surroundings(
    Domain hostname,
    Optional<String> mark,
    HeddleConfig config,
    Handshake handshake,
    Function<List<Source>, Verifier> directories,
    Mechanisms mechanisms,
    HookVoices hooks,
    Function<InetAddress, Optional<String>> pointers,
    Routing routing,
    Gate gate,
    Spool spool,
    SenderAuthority authority,
    Events events,
    Supplier<Id> ids,
    InstantSource clock,
    ZoneId zone) {}
