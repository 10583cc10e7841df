package heddle.config;

import java.util.List;
import java.util.Optional;

/** Where messages go. Each kind has its own keys; the reader refuses those of another kind. */
public record RouteConfig(
    @Key("if")
        @Doc(
            value =
                "Which recipients take this route: one condition, the word asked for here and an"
                    + " operator beside it. It may ask for recipient, recipient-domain, sender,"
                    + " sender-domain, listener, authenticated-as and size. The first route of the"
                    + " file that holds is taken; \"default\" has no condition.",
            example = "\"recipient-domain\"",
            applies = Applies.NOW)
        Optional<Condition> when,
    @Doc(
            value =
                "Keep in the queue, write to maildirs, hand to a smarthost, or deliver to the"
                    + " recipients' mail exchangers.",
            byDefault = "\"hold\"",
            applies = Applies.NOW)
        Kind to,
    @Doc(
            value = "Of \"maildir\": the folder; a relative path begins at the home.",
            example = "\"var/mail\"",
            applies = Applies.NOW)
        Optional<String> path,
    @Doc(
            value = "Of \"smarthost\": its name or address.",
            example = "\"smtp.provider.example\"",
            applies = Applies.NOW)
        Optional<Host> address,
    @Doc(
            value =
                "Of \"smarthost\": its port. Default: 465 with tls \"implicit\", 587 with"
                    + " \"starttls\", 25 with \"none\".",
            example = "587",
            applies = Applies.NOW,
            min = 1,
            max = 65535)
        Optional<Integer> port,
    @Doc(
            value = "Of \"smarthost\": how TLS comes about. Default: \"starttls\".",
            example = "\"starttls\"",
            applies = Applies.NOW)
        Optional<ListenerConfig.Mode> tls,
    @Doc(
            value = "Of \"smarthost\": the login name there.",
            example = "\"relay@example.org\"",
            applies = Applies.NOW)
        Optional<String> username,
    @Doc(
            value = "Of \"smarthost\": where the password is found; never the password itself.",
            example = "{ file = \"secrets/smarthost\" }",
            applies = Applies.NOW)
        Optional<SecretSource> password,
    @Doc(
            value =
                "Of \"smarthost\": files with the authorities (PEM) whose certificates it may have,"
                    + " and no others. Default: those that the JDK trusts.",
            example = "[\"tls/smarthost-ca.pem\"]",
            applies = Applies.NOW)
        Optional<List<String>> ca,
    @Doc(
            value =
                "Of \"smarthost\": the SHA-256 fingerprints of the certificates it may have, whoever"
                    + " issued them, and no others.",
            example = "[\"0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0\"]",
            applies = Applies.NOW)
        Optional<List<String>> pin,
    @Doc(
            value =
                "Of \"smarthost\": whether a certificate is taken that proves nothing. For tests."
                    + " Default: false.",
            example = "false",
            applies = Applies.NOW)
        Optional<Boolean> allowInvalidCerts,
    @Doc(
            value =
                "Of \"smarthost\": our own certificate, for a server that asks for one; without a"
                    + " username it also logs us in (EXTERNAL) where that is offered.",
            example = "\"tls/client.pem\"",
            applies = Applies.NOW)
        Optional<String> certificate,
    @Doc(
            value = "Of \"smarthost\": the private key of our own certificate.",
            example = "\"tls/client.key\"",
            applies = Applies.NOW)
        Optional<String> key,
    @Doc(
            value = "Of \"smarthost\": connections to it at one time. Default: 5.",
            example = "5",
            applies = Applies.NOW,
            min = 1,
            max = 1000)
        Optional<Integer> connections) {
  /** What a route does with a message. */
  public enum Kind implements Worded {
    HOLD,
    MAILDIR,
    SMARTHOST,
    @NotYet("messages for mail exchangers are held")
    MX
  }

  /** As written, or 5. */
  public int connectionsOrDefault() {
    return connections.orElse(5);
  }

  /** As written, or {@code starttls}. */
  public ListenerConfig.Mode tlsOrDefault() {
    return tls.orElse(ListenerConfig.Mode.STARTTLS);
  }

  /** As written, or the usual one. */
  public int portOrDefault() {
    int usual =
        switch (tlsOrDefault()) {
          case IMPLICIT -> 465;
          case STARTTLS -> 587;
          case NONE -> 25;
        };
    return port.orElse(usual);
  }
}
