package heddle.session;

import heddle.limit.DayCounts;
import heddle.limit.LoginPatience;
import heddle.mail.Reply;
import heddle.peer.RemoteAddress;
import heddle.sasl.Identity;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Who comes in, who stays in, and who is kept waiting. Safe to share.
 *
 * @param patience with failed logins, over all connections
 * @param account from a login name as it was given to the account that it means
 * @param stands whether somebody who was let in would be let in now
 * @param device who sends from an address at a listener without logging in
 * @param shutOut the last word to an address that an administrator has shut out
 * @param sent how many messages each credential has sent
 */
public record Gate(
    LoginPatience patience,
    Function<String, Optional<String>> account,
    Predicate<Identity> stands,
    Device device,
    Function<InetAddress, Optional<Reply>> shutOut,
    DayCounts sent) {
  /** Who sends without logging in. */
  @FunctionalInterface
  public interface Device {
    /**
     * @param hello what the client called itself
     */
    Optional<Identity> at(RemoteAddress client, String listener, String hello);
  }
}
