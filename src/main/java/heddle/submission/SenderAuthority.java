package heddle.submission;

import heddle.mail.Mailbox;
import heddle.mail.Path;
import heddle.sasl.Identity;
import java.util.Set;
import java.util.function.Function;

/** Who may send as whom. Safe to share. */
public final class SenderAuthority {
  private final Function<String, Set<String>> addressesOf;

  /**
   * @param addressesOf the addresses of a local account, in normal form; empty for an unknown one
   */
  public SenderAuthority(Function<String, Set<String>> addressesOf) {
    this.addressesOf = addressesOf;
  }

  /**
   * Whether the identity may stand in MAIL FROM. An identity without a local account owns exactly
   * the address equal to its authz. Anybody may send as nobody: a mail program answers a request
   * for a receipt that way (RFC 8098 §3), and such mail names no one.
   */
  public boolean mayUse(Identity who, Path sender) {
    return switch (sender) {
      case Path.Nobody _ -> true;
      case Path.Somebody somebody ->
          owns(who, somebody.mailbox())
              && who.shown().terms().allowSender(somebody.mailbox().normal());
    };
  }

  private boolean owns(Identity who, Mailbox mailbox) {
    String wanted = mailbox.normal();
    return who.account()
        .map(account -> addressesOf.apply(account).contains(wanted))
        .orElseGet(() -> who.authz().equals(wanted));
  }
}
