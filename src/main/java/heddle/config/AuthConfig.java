package heddle.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Logging in. */
public record AuthConfig(
    @Doc(
            value =
                "The SASL mechanisms offered, in any letter case; an empty list turns AUTH off.",
            byDefault = "[\"PLAIN\", \"LOGIN\"]")
        Ruled<List<MechanismName>> mechanisms,
    @Doc(
            value =
                "Who is asked whether a login is right: \"local\", \"remote/NAME\", \"hook/NAME\", a"
                    + " list of these asked in order, or false for nobody.",
            byDefault = "\"local\"")
        Ruled<List<Source>> lookup,
    @Doc(
            value =
                "Whether a client must log in to send. Where it need not, it may write to addresses"
                    + " in domains only.",
            byDefault = "true")
        Ruled<Boolean> require,
    @Doc(
            value = "The hook that is asked first, by its class name; false for none.",
            byDefault = "false",
            example = "\"CramMd5\"")
        Ruled<Optional<HookName>> hook,
    @Doc("Patience with failed logins.") Errors errors) {
  /** Patience with failed logins. */
  public record Errors(
      @Doc(value = "Failed logins before the connection ends.", byDefault = "3", min = 1)
          Ruled<Integer> total,
      @Doc(value = "How long each failure is kept waiting for its reply.", byDefault = "\"5s\"")
          @Key("wait")
          Ruled<Duration> delay) {}
}
