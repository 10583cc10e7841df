package heddle.session;

import heddle.peer.Presence;
import java.util.function.Supplier;

/** How a conversation comes by its AUTH. */
@FunctionalInterface
interface Logins {
  AuthStep step(
      Line line,
      Surroundings around,
      Manners manners,
      ProxyStep proxy,
      Supplier<Presence> presence);
}
