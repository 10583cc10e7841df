package heddle.session;

import heddle.mail.Mailbox;
import heddle.mail.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** Which way a recipient's copy of a message would take. Safe to share. */
@FunctionalInterface
public interface Routing {
  /**
   * The name of the route.
   *
   * @param authz in whose name somebody has logged in
   * @param size as the client declared it, in octets
   */
  String route(
      Mailbox recipient, Path sender, String listener, Optional<String> authz, OptionalLong size);
}
