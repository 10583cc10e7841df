package heddle.smtp;

import heddle.mail.Envelope.Body;
import heddle.mail.Envelope.Ret;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What may stand behind the sender.
 *
 * @param size the client's estimate in octets (RFC 1870); beyond 2^63-1 it is that
 * @param body 7BIT where the client does not say (RFC 6152)
 * @param utf8 SMTPUTF8 (RFC 6531)
 * @param envid xtext as sent (RFC 3461 §4.4)
 * @param auth xtext as sent, or {@code <>} (RFC 4954 §5)
 * @param all each parameter as sent, in its order, keys in upper case
 */
public record MailParameters(
    OptionalLong size,
    Body body,
    boolean utf8,
    Optional<Ret> ret,
    Optional<String> envid,
    Optional<String> auth,
    Map<String, Optional<String>> all) {
  public MailParameters {
    all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
  }

  /** Of parameters that {@link Parameters} found to be good. */
  static MailParameters of(Map<String, Optional<String>> all) {
    Optional<String> size = Parameters.value(all, "SIZE");
    return new MailParameters(
        size.isPresent() ? OptionalLong.of(octets(size.get())) : OptionalLong.empty(),
        Parameters.value(all, "BODY").filter("8BITMIME"::equalsIgnoreCase).isPresent()
            ? Body.EIGHT_BIT_MIME
            : Body.SEVEN_BIT,
        all.containsKey("SMTPUTF8"),
        Parameters.value(all, "RET").map(r -> Ret.valueOf(r.toUpperCase(Locale.ROOT))),
        Parameters.value(all, "ENVID"),
        Parameters.value(all, "AUTH"),
        all);
  }

  private static long octets(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException tooLarge) {
      // RFC 1870: up to 20 digits, which is more than a long holds and than anybody means.
      return Long.MAX_VALUE;
    }
  }
}
