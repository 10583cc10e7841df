package heddle.smtp;

import heddle.mail.Notify;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What may stand behind a recipient (RFC 3461).
 *
 * @param notifyOn empty where the client does not say
 * @param orcpt {@code type;xtext} as sent
 * @param all each parameter as sent, in its order, keys in upper case
 */
public record RcptParameters(
    Set<Notify> notifyOn, Optional<String> orcpt, Map<String, Optional<String>> all) {
  public RcptParameters {
    notifyOn = Set.copyOf(notifyOn);
    all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
  }

  /** Of parameters that {@link Parameters} found to be good. */
  static RcptParameters of(Map<String, Optional<String>> all) {
    var notifyOn = EnumSet.noneOf(Notify.class);
    Parameters.value(all, "NOTIFY")
        .ifPresent(
            words -> {
              for (String word : words.toUpperCase(Locale.ROOT).split(",")) {
                notifyOn.add(Notify.valueOf(word));
              }
            });
    return new RcptParameters(notifyOn, Parameters.value(all, "ORCPT"), all);
  }
}
