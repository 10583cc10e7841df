package heddle.session;

import heddle.config.ListenerConfig;
import heddle.event.Event;
import heddle.peer.Network;
import heddle.peer.RemoteAddress;
import heddle.smtp.Command;
import heddle.smtp.Replies;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * XCLIENT: one of the site's own proxies tells of the client for which it speaks. Nobody logs in by
 * it, and whoever had logged in has not any more. Used by one conversation.
 */
final class Telling {
  private final Transport transport;
  private final Surroundings around;
  private final DataDialogue.Origin origin;
  private final Sight sight;

  Telling(Transport transport, Surroundings around, DataDialogue.Origin origin, Sight sight) {
    this.transport = transport;
    this.around = around;
    this.origin = origin;
    this.sight = sight;
  }

  /** Who connected counts, not who was told of since: a client must not speak as its proxy. */
  boolean allowed() {
    List<Network> from =
        Optional.ofNullable(around.config().listener().get(origin.listener()))
            .map(ListenerConfig::xclientFrom)
            .orElse(List.of());
    InetAddress caller = transport.arrived().client().address();
    return from.stream().anyMatch(network -> network.contains(caller));
  }

  /** As if the client had connected just now. */
  Step obey(Command.Xclient told, Greeting greeting) {
    Ends proxy = transport.arrived();
    Ends now = transport.ends();
    transport.tell(
        proxy.relayed(
            end(now.client(), told.address(), told.port()),
            end(now.server(), told.server(), told.serverPort())));
    if (told.nameTold()) {
      sight.told(transport.client().address(), told.name());
    }
    around.events().tell(new Event.ToldOf(origin.connection(), proxy.client(), transport.client()));
    Phase next =
        told.hello()
            .map(
                name ->
                    greeting
                        .answer(new Phase.Hello(told.extended(), name), new Phase.Arrived())
                        .next())
            .orElseGet(Phase.Arrived::new);
    return Step.stay(Replies.banner(around.hostname().toString()), next);
  }

  private static RemoteAddress end(
      RemoteAddress now, Optional<InetAddress> address, OptionalInt port) {
    return address.isPresent()
        ? new RemoteAddress(address.get(), port.orElse(0))
        : new RemoteAddress(now.address(), port.orElse(now.port()));
  }
}
