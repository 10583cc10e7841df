package heddle.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
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
    @Doc(
            value =
                "What it is told of a login name: all of it, or what stands before the @. With"
                    + " \"local-part\" only names of our own domains are asked about.",
            byDefault = "\"full\"")
        LoginName loginName,
    @Doc(
            value =
                "Whether passwords may go to it without TLS. To this machine itself they may in any"
                    + " case.",
            byDefault = "false")
        boolean allowPlaintext,
    @Doc(
            value =
                "Of \"ldap\" and \"sql\": as whom Heddle itself logs in there; of \"ldap\" a DN.",
            example = "\"cn=heddle,dc=example,dc=org\"")
        Optional<String> user,
    @Doc(
            value = "Of \"ldap\" and \"sql\": where the password of user is found.",
            example = "{ file = \"secrets/ldap\" }")
        Optional<SecretSource> password,
    @Doc(
            value =
                "Of \"ldap\": the DN of whoever logs in, where it can be told from the name:"
                    + " {user}, {local-part} and {domain} are replaced. Without it the entry is"
                    + " searched for, below base.",
            example = "\"uid={local-part},ou=people,dc=example,dc=org\"")
        Optional<String> userDn,
    @Doc(
            value = "Of \"ldap\": below which entry is searched.",
            example = "\"ou=people,dc=example,dc=org\"")
        Optional<String> base,
    @Doc(
            value =
                "Of \"ldap\": which entry is meant by a name; {user}, {local-part} and {domain} are"
                    + " replaced. Default: \"(mail={user})\".",
            example = "\"(&(objectClass=person)(mail={user}))\"")
        Optional<String> filter,
    @Doc(
            value =
                "Of \"http\": where the question is sent, as JSON by POST; it stands in place of"
                    + " address and port.",
            example = "\"https://login.example.org/check\"")
        Optional<URI> url,
    @Doc(
            value = "Of \"http\": where the token is found that tells it who asks.",
            example = "{ file = \"secrets/bearer\" }")
        Optional<SecretSource> bearer,
    @Doc(
            value =
                "Of \"dovecot\": its socket in the file system, in place of address and port; a"
                    + " relative path begins at the home.",
            example = "\"/run/dovecot/auth-client\"")
        Optional<String> socket,
    @Doc(
            value = "Of \"dovecot\": the service that it is told. Default: \"smtp\".",
            example = "\"smtp\"")
        Optional<String> service,
    @Doc(value = "Of \"sql\": the name of the database, of PostgreSQL.", example = "\"mail\"")
        Optional<String> database,
    @Doc(
            value =
                "Of \"sql\": the query that gives the stored password of {user}, {local-part} and"
                    + " {domain}, which are never written into its text. No row: there is no such"
                    + " user.",
            example = "\"SELECT password FROM users WHERE address = {user} AND active\"")
        Optional<String> query,
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

  /** What of a login name is told. */
  public enum LoginName implements Worded {
    FULL,
    LOCAL_PART
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
          boolean allowInvalidCerts,
      @Doc(
              value =
                  "Files with the authorities (PEM) whose certificates it may have, and no others."
                      + " Default: those that the JDK trusts.",
              example = "[\"tls/directory-ca.pem\"]")
          Optional<List<String>> ca,
      @Doc(
              value =
                  "The SHA-256 fingerprints of the certificates it may have, whoever issued them,"
                      + " and no others.",
              example = "[\"0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0\"]")
          Optional<List<String>> pin,
      @Doc(
              value = "Our own certificate, for a server that asks for one.",
              example = "\"tls/client.pem\"")
          Optional<String> certificate,
      @Doc(value = "The private key of our own certificate.", example = "\"tls/client.key\"")
          Optional<String> key) {}

  /** As written, or the usual one of the protocol. */
  public int portOrDefault() {
    int usual =
        switch (protocol) {
          case IMAP -> tls.implicit() ? 993 : 143;
          case SMTP -> tls.implicit() ? 465 : 587;
          case LDAP -> tls.implicit() ? 636 : 389;
          case HTTP -> 443;
          case DOVECOT -> 12345;
          case SQL -> 5432;
        };
    return port.orElse(usual);
  }
}
