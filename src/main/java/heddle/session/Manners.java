package heddle.session;

import heddle.config.Facts;
import heddle.config.HeddleConfig;
import heddle.config.HookName;
import heddle.config.ListenerConfig;
import heddle.config.MechanismName;
import heddle.config.SessionConfig;
import heddle.config.Source;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of one session. Rules are asked afresh at each use: what EHLO offers before TLS and
 * after it may differ (RFC 3207 §4.2).
 */
final class Manners {
  /** A message line may be as long as this and still pass octet for octet. */
  private static final int LONGEST_LINE = 64 * 1024;

  /** RFC 5322 §2.1.1: "Each line of characters MUST be no more than 998 characters". */
  private static final int RFC_LINE = 998;

  private final SessionConfig session;
  private final Map<String, ListenerConfig> listeners;
  private final Facts facts;

  Manners(HeddleConfig config, Facts facts) {
    this.session = config.session();
    this.listeners = config.listener();
    this.facts = facts;
  }

  long maxMessageSize() {
    return session.maxMessageSize().value(facts).octets();
  }

  int maxRecipients() {
    return session.maxRecipients().value(facts);
  }

  int maxErrors() {
    return session.maxErrors().value(facts);
  }

  Duration handshakeTimeout() {
    return session.handshakeTimeout().value(facts);
  }

  Duration idleTimeout() {
    return session.idleTimeout().value(facts);
  }

  Duration dataTimeout() {
    return session.dataTimeout().value(facts);
  }

  /** The most octets a line of a message may have, its CRLF left out. */
  int longestLine() {
    return switch (session.longLines().value(facts)) {
      case PASS -> LONGEST_LINE;
      case REFUSE -> RFC_LINE;
    };
  }

  boolean receivedClient() {
    return session.receivedClient().value(facts);
  }

  List<String> mechanisms() {
    return session.auth().mechanisms().value(facts).stream().map(MechanismName::name).toList();
  }

  /** Where logins are looked up, in order; empty where nowhere. */
  List<Source> lookup() {
    return session.auth().lookup().value(facts);
  }

  /** The hook that is asked first about a login. */
  Optional<String> hook() {
    return session.auth().hook().value(facts).map(HookName::name);
  }

  /** The hook that sees every command line first. */
  Optional<String> proxy() {
    return session.proxy().value(facts).map(HookName::name);
  }

  boolean requireLogin() {
    return session.auth().require().value(facts);
  }

  /** Whether devices are let in, without TLS too, from where the client is. */
  boolean devices() {
    Optional<InetAddress> client = facts.fact("remote-ip").map(InetAddress::ofLiteral);
    return facts
        .fact("listener")
        .map(listeners::get)
        .map(ListenerConfig::plainAuthFrom)
        .filter(from -> client.isPresent())
        .filter(from -> from.stream().anyMatch(n -> n.contains(client.get())))
        .isPresent();
  }

  int authErrors() {
    return session.auth().errors().total().value(facts);
  }

  Duration authWait() {
    return session.auth().errors().delay().value(facts);
  }
}
