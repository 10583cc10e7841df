package heddle.session;

import heddle.config.ListenerConfig;
import heddle.event.Event;
import heddle.mail.Reply;
import heddle.peer.Network;
import heddle.peer.RemoteAddress;
import heddle.smtp.Command;
import heddle.smtp.Replies;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

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
    Ends caller = transport.arrived();
    boolean nobody = caller.via().filter(caller.client()::equals).isPresent();
    return !nobody && from.stream().anyMatch(n -> n.contains(caller.client().address()));
  }

  /**
   * As if the client had connected just now.
   *
   * @param anew hears how the conversation stands, before any rule is asked
   */
  Step obey(Command.Xclient told, Greeting greeting, Consumer<Phase> anew) {
    Ends proxy = transport.arrived();
    Ends now = transport.ends();
    transport.tell(
        proxy.relayed(
            end(now.client(), told.address(), told.port()),
            end(now.server(), told.server(), told.serverPort())));
    sight.forget();
    if (told.nameTold()) {
      sight.told(told.name());
    }
    Optional<Reply> shut = around.gate().shutOut().apply(transport.client().address());
    around.events().tell(new Event.ToldOf(origin.connection(), proxy.client(), transport.client()));
    if (shut.isPresent()) {
      return Step.leave(shut.get(), new Phase.Arrived(), "blocked");
    }
    Optional<Phase.Hello> hello = told.hello().map(name -> new Phase.Hello(told.extended(), name));
    Phase start = hello.<Phase>map(Phase.Greeted::new).orElseGet(Phase.Arrived::new);
    anew.accept(start);
    Phase next = hello.map(h -> greeting.answer(h, start).next()).orElse(start);
    return Step.stay(Replies.banner(around.hostname().toString()), next);
  }

  private static RemoteAddress end(
      RemoteAddress now, Optional<InetAddress> address, OptionalInt port) {
    return address.isPresent()
        ? new RemoteAddress(address.get(), port.orElse(0))
        : new RemoteAddress(now.address(), port.orElse(now.port()));
  }
}
