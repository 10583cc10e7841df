package heddle.hook;

import heddle.mail.Id;
import heddle.mail.Mailbox;
import heddle.mail.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The message under way, or the one that comes next.
 *
 * @param id known before MAIL; it becomes the message's own
 * @param sender empty before MAIL
 * @param senderParams as the client gave them, keys in upper case
 * @param recipients those that were taken, in their order
 */
public record Transaction(
    Id id,
    Optional<Path> sender,
    Map<String, Optional<String>> senderParams,
    List<Recipient> recipients) {
  /**
   * A recipient that was taken.
   *
   * @param params as the client gave them, keys in upper case
   * @param route the name of the route that its copy will take
   */
  public record Recipient(Mailbox address, Map<String, Optional<String>> params, String route) {}

  public Transaction {
    recipients = List.copyOf(recipients);
  }

  /** The same under the names of Halon's {@code $transaction}. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", id.value());
    if (sender.isPresent()) {
      map.put("sender", sender.get().toString().toLowerCase(Locale.ROOT));
      map.put(
          "senderaddress",
          switch (sender.get()) {
            case Path.Nobody _ -> Map.of("localpart", "", "domain", "");
            case Path.Somebody(var mailbox) -> address(mailbox);
          });
      map.put("senderparams", texts(senderParams));
    }
    map.put("recipients", recipients.stream().map(Transaction::recipient).toList());
    return Collections.unmodifiableMap(map);
  }

  private static Map<String, Object> recipient(Recipient recipient) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("recipient", recipient.address().toString().toLowerCase(Locale.ROOT));
    map.put("address", address(recipient.address()));
    map.put("params", texts(recipient.params()));
    map.put("transportid", recipient.route());
    return Collections.unmodifiableMap(map);
  }

  private static Map<String, Object> address(Mailbox mailbox) {
    return Map.of("localpart", mailbox.localPart(), "domain", mailbox.domain().toString());
  }

  /** A keyword without a value has an empty one. */
  private static Map<String, String> texts(Map<String, Optional<String>> params) {
    Map<String, String> texts = new LinkedHashMap<>();
    params.forEach((key, value) -> texts.put(key, value.orElse("")));
    return Collections.unmodifiableMap(texts);
  }
}
