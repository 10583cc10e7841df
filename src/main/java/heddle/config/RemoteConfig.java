package heddle.config;

import java.time.Duration;
import java.util.Optional;

/** A server that can prove a login. */
public record RemoteConfig(
    @Doc(value = "The server's name or address.", byDefault = "\"localhost\"") Host address,
    @Doc(
            value = "Its port. Default: the usual one of the protocol.",
            example = "143",
            min = 1,
            max = 65535)
        Optional<Integer> port,
    @Doc(value = "What it speaks.", byDefault = "\"imap\"") Protocol protocol,
    @Doc(value = "Connections to it at one time.", byDefault = "10", min = 1) int concurrency,
    @Doc(value = "The time for one question and its answer.", byDefault = "\"1m\"", min = 1)
        Duration timeout,
    @Doc(value = "Whether session.auth.lookup may name it.", byDefault = "true") boolean lookup,
    @Doc(
            value = "After a wrong password: stop there, or ask the next of the lookup's list.",
            byDefault = "\"stop\"")
        OnFailure onFailure,
    @Doc(
            value =
                "While it cannot be reached: answer \"try later\", or ask the next of the list.",
            byDefault = "\"defer\"")
        OnUnavailable onUnavailable,
    @Doc("What is remembered of its answers.") Cache cache,
    @Doc("TLS on the way to it.") Tls tls) {
  /** What a remote server speaks. */
  public enum Protocol implements Worded {
    IMAP,
    SMTP,
    LDAP,
    HTTP,
    DOVECOT,
    SQL
  }

  /** After a definite no. */
  public enum OnFailure implements Worded {
    STOP,
    NEXT
  }

  /** After no answer. */
  public enum OnUnavailable implements Worded {
    DEFER,
    NEXT
  }

  /** What is remembered of the answers. */
  public record Cache(
      @Doc(value = "Logins remembered; 0 turns the cache off.", byDefault = "1000") int entries,
      @Doc("How long an answer is remembered.") Ttl ttl,
      @Doc(
              value =
                  "An older yes is answered at once and asked again behind the reply; a definite no"
                      + " then ends that account's sessions.",
              byDefault = "\"5m\"")
          Duration refresh) {}

  /** How long an answer is remembered. */
  public record Ttl(
      @Doc(value = "A yes.", byDefault = "\"1d\"") Duration positive,
      @Doc(value = "A no.", byDefault = "\"1h\"") Duration negative) {}

  /** TLS on the way to the server. */
  public record Tls(
      @Doc(value = "TLS from the first octet, without STARTTLS.", byDefault = "false")
          boolean implicit,
      @Doc(
              value = "Whether a certificate is taken that proves nothing. For tests.",
              byDefault = "false")
          boolean allowInvalidCerts) {}
}
