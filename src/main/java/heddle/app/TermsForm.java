package heddle.app;

import heddle.config.Durations;
import heddle.control.Answer;
import heddle.control.Request;
import heddle.directory.LoginName;
import heddle.mail.Domain;
import heddle.peer.Network;
import heddle.sasl.Terms;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** The terms of a credential as an administrator types them, and as they are shown. */
sealed interface TermsForm {
  /**
   * @param expires the moment from which it counts no more
   */
  record Good(Terms terms, Optional<Instant> expires) implements TermsForm {}

  record Bad(Answer answer) implements TermsForm {}

  /** Reads {@code network listener sender recipient per-day expires}; lists have commas. */
  static TermsForm read(Request request, Instant now) {
    List<Network> networks = new ArrayList<>();
    for (String each : list(request, "network")) {
      Optional<Network> network = Network.parse(each);
      if (network.isEmpty()) {
        return bad("\"" + each + "\" is no network", "write 192.0.2.0/24, or an address");
      }
      networks.add(network.get());
    }
    Set<String> senders = new LinkedHashSet<>();
    Set<String> recipients = new LinkedHashSet<>();
    for (var key : Map.of("sender", senders, "recipient", recipients).entrySet()) {
      for (String each : list(request, key.getKey())) {
        Optional<String> pattern = pattern(each);
        if (pattern.isEmpty()) {
          return bad(
              "\"" + each + "\" is no address", "write anna@example.org, or @example.org for all");
        }
        key.getValue().add(pattern.get());
      }
    }
    String perDay = request.arg("per-day").orElse("");
    if (!perDay.isEmpty() && !perDay.matches("[1-9]\\d{0,8}")) {
      return bad("\"" + perDay + "\" is no number of messages", "write a whole number from 1 on");
    }
    String until = request.arg("expires").orElse("");
    Optional<Instant> expires = until.isEmpty() ? Optional.empty() : expiry(until, now);
    if (!until.isEmpty() && expires.filter(now::isBefore).isEmpty()) {
      return bad("\"" + until + "\" is no time to come", "write 90d, or a date such as 2027-01-31");
    }
    return new Good(
        new Terms(
            networks,
            Set.copyOf(list(request, "listener")),
            senders,
            recipients,
            perDay.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(perDay))),
        expires);
  }

  private static List<String> list(Request request, String key) {
    return Arrays.stream(request.arg(key).orElse("").split(","))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  private static Optional<String> pattern(String text) {
    return text.startsWith("@")
        ? Domain.parse(text.substring(1)).map(d -> "@" + d.unicode())
        : LoginName.normal(text).filter(n -> n.indexOf('@') > 0);
  }

  /** A time from now, or the end of a day. */
  static Optional<Instant> expiry(String text, Instant now) {
    Optional<Duration> span = Durations.parse(text);
    if (span.isPresent()) {
      return span.map(now::plus);
    }
    try {
      return Optional.of(
          LocalDate.parse(text).plusDays(1).atStartOfDay(ZoneId.systemDefault()).toInstant());
    } catch (DateTimeParseException noDate) {
      return Optional.empty();
    }
  }

  private static TermsForm bad(String why, String remedy) {
    return new Bad(Answer.no(Answer.USAGE, "nothing was changed", why, remedy));
  }

  /** As they are shown; only what restricts something. */
  static Map<String, Object> shown(Terms terms) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put(
        "networks", String.join(",", terms.networks().stream().map(n -> n.toString()).toList()));
    shown.put("listeners", String.join(",", new TreeSet<>(terms.listeners())));
    shown.put("senders", String.join(",", new TreeSet<>(terms.senders())));
    shown.put("recipients", String.join(",", new TreeSet<>(terms.recipients())));
    terms.perDay().ifPresent(most -> shown.put("per-day", most));
    return shown;
  }
}
