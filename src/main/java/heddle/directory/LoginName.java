package heddle.directory;

import heddle.mail.Domain;
import heddle.mail.Mailbox;
import heddle.store.Account;
import heddle.store.Snapshot;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The one form under which a login name is stored, looked up and compared. */
public final class LoginName {
  // RFC 4616 §2: "authcid ... up to 255 octets".
  private static final int MAX_OCTETS = 255;

  private LoginName() {}

  /**
   * NFC, lower case, the domain behind an {@code @} in U-labels. Normal forms are their own normal
   * form.
   *
   * @return empty where it cannot be a name: empty, too long, white space or control characters, or
   *     an {@code @} in what is no address
   */
  public static Optional<String> normal(String given) {
    if (given.isEmpty()
        || given.getBytes(StandardCharsets.UTF_8).length > MAX_OCTETS
        || given.codePoints().anyMatch(LoginName::strange)) {
      return Optional.empty();
    }
    return once(given)
        .filter(n -> n.getBytes(StandardCharsets.UTF_8).length <= MAX_OCTETS)
        .filter(n -> once(n).filter(n::equals).isPresent());
  }

  private static Optional<String> once(String name) {
    if (name.indexOf('@') >= 0) {
      return Mailbox.parse(name).map(Mailbox::normal);
    }
    String lower = Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    return Optional.of(Normalizer.normalize(lower, Normalizer.Form.NFC));
  }

  private static boolean strange(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /**
   * The account that somebody who types this means: the one of that very name, else, for a name
   * without {@code @}, the one account of that name in the domains of ours. Where two domains have
   * such an account, the short name means neither.
   */
  static Optional<Account> account(String given, Snapshot accounts, List<Domain> domains) {
    Optional<String> name = normal(given);
    Optional<Account> exact = name.flatMap(accounts::find);
    if (exact.isPresent() || name.isEmpty() || name.get().indexOf('@') >= 0) {
      return exact;
    }
    List<Account> meant =
        domains.stream()
            .distinct()
            .flatMap(d -> normal(name.get() + "@" + d.unicode()).stream())
            .flatMap(n -> accounts.find(n).stream())
            .toList();
    return meant.size() == 1 ? Optional.of(meant.getFirst()) : Optional.empty();
  }
}
