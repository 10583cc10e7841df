package heddle.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a route and a directory have in common: keys in pairs, and whose certificates are good. */
final class TrustChecks {
  private final Sheet sheet;

  TrustChecks(Sheet sheet) {
    this.sheet = sheet;
  }

  /** Two keys of which neither is of use alone. */
  void pair(String table, String one, Optional<?> oneThere, String other, Optional<?> otherThere) {
    boolean clean = sheet.clean(table + "." + one) && sheet.clean(table + "." + other);
    if (oneThere.isPresent() != otherThere.isPresent() && clean) {
      String at = table + "." + (oneThere.isPresent() ? one : other);
      String missing = oneThere.isPresent() ? other : one;
      sheet.missing(sheet.placeOf(at), at, "it needs " + Words.quoted(missing) + " beside it", "");
    }
  }

  /** Whose certificates are good. */
  record Trusts(Optional<List<String>> pin, Optional<List<String>> ca, boolean anybody) {}

  /** The keys that say whose certificates are good, of which there may be one. */
  List<String> whom(String table, Trusts trusts) {
    for (String key : List.of("pin", "ca")) {
      var list = key.equals("pin") ? trusts.pin() : trusts.ca();
      if (list.filter(List::isEmpty).isPresent()) {
        String at = table + "." + key;
        sheet.problem(sheet.placeOf(at), at, "the list is empty: nobody would be trusted", "");
      }
    }
    List<String> trust = new ArrayList<>();
    trusts.pin().ifPresent(_ -> trust.add("pin"));
    trusts.ca().ifPresent(_ -> trust.add("ca"));
    if (trusts.anybody()) {
      trust.add("allow-invalid-certs");
    }
    for (String second : trust.stream().skip(1).toList()) {
      String key = table + "." + second;
      String reason = "it stands in place of " + Words.quoted(trust.getFirst()) + ", not beside it";
      sheet.problem(sheet.placeOf(key), key, reason, "");
    }
    for (String pin : trusts.pin().orElse(List.of())) {
      if (!pin.replaceAll("[: ]", "").matches("[0-9A-Fa-f]{64}")) {
        String key = table + ".pin";
        sheet.problem(
            sheet.placeOf(key),
            key,
            Words.quoted(pin) + " is no SHA-256 fingerprint",
            "It has 64 hexadecimal digits: openssl x509 -noout -fingerprint -sha256");
      }
    }
    return trust;
  }
}
