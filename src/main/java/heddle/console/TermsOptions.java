package heddle.console;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How far the right of a credential goes. */
final class TermsOptions {
  @Option(
      names = "--network",
      paramLabel = "NETWORK",
      split = ",",
      description = "From where it counts: an address or a network, 192.0.2.0/24. Repeatable.")
  List<String> networks = List.of();

  @Option(
      names = "--listener",
      paramLabel = "NAME",
      split = ",",
      description = "At which listeners it counts. Repeatable.")
  List<String> listeners = List.of();

  @Option(
      names = "--sender",
      paramLabel = "ADDRESS",
      split = ",",
      description = "As whom it may send, of the user's addresses. Repeatable.")
  List<String> senders = List.of();

  @Option(
      names = "--recipient",
      paramLabel = "ADDRESS",
      split = ",",
      description = "To whom it may send: an address, or @DOMAIN for all of it. Repeatable.")
  List<String> recipients = List.of();

  @Option(
      names = "--per-day",
      paramLabel = "N",
      defaultValue = "",
      description = "How many messages within 24 hours.")
  String perDay = "";

  @Option(
      names = "--expires",
      paramLabel = "WHEN",
      defaultValue = "",
      description = "Until when it counts: 90d, or a date such as 2027-01-31.")
  String expires = "";

  void into(Map<String, String> args) {
    args.put("network", String.join(",", networks));
    args.put("listener", String.join(",", listeners));
    args.put("sender", String.join(",", senders));
    args.put("recipient", String.join(",", recipients));
    args.put("per-day", perDay);
    args.put("expires", expires);
  }
}
