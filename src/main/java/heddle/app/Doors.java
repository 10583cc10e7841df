package heddle.app;

import heddle.config.Bind;
import heddle.control.Answer;
import heddle.listener.Crowd;
import heddle.listener.Listener;
import heddle.session.Surroundings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** All listeners of a server: bound together, started together, closed together. */
final class Doors implements AutoCloseable {
  private final List<Listener> listeners = new ArrayList<>();

  private Doors() {}

  /**
   * Binds all; nothing is accepted yet.
   *
   * @param sockets the machine's permits
   * @throws Refused where one cannot be bound; then none is
   */
  static Doors open(
      List<Listener.Settings> wanted,
      Crowd crowd,
      Semaphore sockets,
      Supplier<Surroundings> surroundings)
      throws Refused {
    var doors = new Doors();
    for (Listener.Settings door : wanted) {
      try {
        doors.listeners.add(Listener.bind(door, crowd, sockets, surroundings));
      } catch (IOException refused) {
        doors.close();
        throw new Refused(
            Answer.FAILED,
            "listener " + door.name() + " cannot use " + door.bind(),
            String.valueOf(refused.getMessage()),
            instead(door.bind()));
      }
    }
    return doors;
  }

  /** What to do where it cannot be bound. */
  static String instead(Bind bind) {
    return switch (bind) {
      case Bind.Tcp(_, int port) when port < 1024 ->
          "ports below 1024 need root or CAP_NET_BIND_SERVICE; or another program has it";
      case Bind.Tcp _ -> "another program has the port; choose another, or stop it";
      case Bind.Unix _ ->
          "choose a path of at most 107 octets, in a folder that the server may write to";
    };
  }

  void start() {
    listeners.forEach(Listener::start);
  }

  /** {@code submission@127.0.0.1:587}, each. */
  List<String> names() {
    return listeners.stream().map(l -> l.name() + "@" + l.where()).toList();
  }

  /** Those at which nobody is heard. */
  List<String> shut() {
    return listeners.stream()
        .filter(l -> !l.listening())
        .map(l -> l.name() + "@" + l.where())
        .toList();
  }

  /** One of them. */
  record Door(String name, Bind where) {}

  List<Door> all() {
    return listeners.stream().map(l -> new Door(l.name(), l.where())).toList();
  }

  /** Of the first port of that name. */
  InetSocketAddress address(String listener) {
    return listeners.stream()
        .filter(l -> l.name().equals(listener))
        .findFirst()
        .map(Listener::where)
        .flatMap(Doors::port)
        .orElseThrow(() -> new IllegalArgumentException("no listener " + listener));
  }

  private static Optional<InetSocketAddress> port(Bind where) {
    return switch (where) {
      case Bind.Tcp(var address, int port) -> Optional.of(new InetSocketAddress(address, port));
      case Bind.Unix _ -> Optional.empty();
    };
  }

  /** Nobody comes in any more; who is in goes on. */
  @Override
  public void close() {
    for (Listener listener : listeners) {
      try {
        listener.close();
      } catch (IOException alreadyGone) {
        // The others are closed all the same.
      }
    }
  }
}
