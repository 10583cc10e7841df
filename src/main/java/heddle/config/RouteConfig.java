package heddle.config;

import java.util.Optional;

/** Where messages go. Each kind has its own keys; the reader refuses those of another kind. */
public record RouteConfig(
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
        Optional<SecretSource> password) {
  /** What a route does with a message. */
  public enum Kind implements Worded {
    HOLD,
    MAILDIR,
    @NotYet("messages for a smarthost are held")
    SMARTHOST,
    @NotYet("messages for mail exchangers are held")
    MX
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
