package heddle.listener;

import heddle.config.Bind;
import heddle.event.Event;
import heddle.mail.Reply;
import heddle.peer.Network;
import heddle.peer.RemoteAddress;
import heddle.session.Beginning;
import heddle.session.Ends;
import heddle.session.Session;
import heddle.session.Surroundings;
import heddle.session.Transport;
import heddle.smtp.Replies;
import heddle.wire.Deadline;
import heddle.wire.TimedInput;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One bound address: accepts, takes permits, and gives each connection a virtual thread. A permit
 * of the machine's is taken before {@code accept}, so that no flood makes more sockets than the
 * server can hold; beyond the site's own limits a client is told 421.
 */
public final class Listener implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  /** A proxy sends its header at once; it has nothing to wait for. */
  private static final Duration HEADER = Duration.ofSeconds(3);

  private final Settings settings;
  private final Ear ear;
  private final Crowd crowd;
  private final Semaphore sockets;
  private final Supplier<Surroundings> surroundings;
  private volatile @Nullable Thread accepting;

  /**
   * How it listens.
   *
   * @param bind a path is absolute
   * @param proxies from here a PROXY header is required
   */
  public record Settings(String name, Beginning beginning, Bind bind, List<Network> proxies) {
    public Settings {
      proxies = List.copyOf(proxies);
    }
  }

  private Listener(
      Settings settings,
      Ear ear,
      Crowd crowd,
      Semaphore sockets,
      Supplier<Surroundings> surroundings) {
    this.settings = settings;
    this.ear = ear;
    this.crowd = crowd;
    this.sockets = sockets;
    this.surroundings = surroundings;
  }

  /**
   * Binds; nothing is accepted yet.
   *
   * @param sockets the machine's permits, shared by all listeners
   * @param surroundings what a connection that comes now shares with the others
   */
  public static Listener bind(
      Settings settings, Crowd crowd, Semaphore sockets, Supplier<Surroundings> surroundings)
      throws IOException {
    return new Listener(settings, Ear.at(settings.bind(), BACKLOG), crowd, sockets, surroundings);
  }

  /** Where it listens: a port 0 has become the one that the system chose. */
  public Bind where() {
    return ear.where();
  }

  public String name() {
    return settings.name();
  }

  /** Accepts from now on. */
  public void start() {
    accepting = Thread.ofPlatform().name("listen-" + name()).daemon(true).start(this::accept);
  }

  /** Whether somebody who comes now is heard. */
  public boolean listening() {
    Thread thread = accepting;
    return thread != null && thread.isAlive() && !ear.isClosed();
  }

  private void accept() {
    while (!ear.isClosed()) {
      sockets.acquireUninterruptibly();
      boolean handedOn = false;
      try {
        Socket socket = ear.accept();
        Thread.ofVirtual().name("session").start(() -> serve(socket));
        handedOn = true;
      } catch (IOException refused) {
        if (!ear.isClosed()) {
          outOfFiles(refused);
        }
      } catch (RuntimeException mistake) {
        // Whatever it was, nobody else listens here.
        System.getLogger("heddle.listener").log(System.Logger.Level.ERROR, "accept", mistake);
      } finally {
        if (!handedOn) {
          sockets.release();
        }
      }
    }
  }

  /** Most often the process has no file descriptor left; those in use come back in time. */
  private void outOfFiles(IOException refused) {
    surroundings
        .get()
        .events()
        .tell(
            new Event.Warning(
                "listener " + name() + " could not accept a connection",
                String.valueOf(refused.getMessage()),
                "raise the limit of open files (LimitNOFILE), or lower limit.connections"));
    try {
      Thread.sleep(Duration.ofMillis(200));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Optional<Ends> ends = ends(socket);
      // While a header was awaited the server may have stopped.
      if (ends.isPresent() && !ear.isClosed()) {
        serve(socket, ends.get());
      }
    } catch (IOException gone) {
      // The client left between accept and here.
    } finally {
      sockets.release();
    }
  }

  private void serve(Socket socket, Ends ends) throws IOException {
    InetAddress address = ends.client().address();
    Permits.Answer permit = crowd.permits().take(address);
    try (Transport transport = new Transport(socket, ends)) {
      Surroundings shared = surroundings.get();
      Optional<Reply> turnedAway =
          turnedAway(permit, transport).or(() -> shutOut(transport, shared));
      if (turnedAway.isEmpty()) {
        var session = new Session(transport, shared, name(), settings.beginning());
        // Whoever was shut out in between is looked for among those who are here.
        crowd.with(
            session,
            name(),
            () -> {
              if (shutOut(transport, shared).isEmpty()) {
                session.run();
              }
            });
      } else {
        turnAway(transport, turnedAway.get(), shared);
      }
    } finally {
      if (permit == Permits.Answer.GRANTED) {
        crowd.permits().giveBack(address);
      }
    }
  }

  /** As the proxy tells them where one is to be; empty where it does not tell them in order. */
  private Optional<Ends> ends(Socket socket) throws IOException {
    Ends own = ear.ends(socket);
    if (settings.proxies().stream().noneMatch(n -> n.contains(own.client().address()))) {
      return Optional.of(own);
    }
    return switch (header(socket)) {
      case ProxyHeader.Said.Own _ -> Optional.of(own);
      // Whoever it is, it is not the proxy: neither its user nor its rights are the client's.
      case ProxyHeader.Said.Unknown _ -> Optional.of(own.relayed(own.client(), own.server()));
      case ProxyHeader.Said.Nothing _ -> Optional.empty();
      case ProxyHeader.Said.Relayed(var client, var server) ->
          Optional.of(own.relayed(client, server));
      case ProxyHeader.Said.Broken(var why) -> {
        refused("PROXY header: " + why, own.client());
        yield Optional.empty();
      }
    };
  }

  private static ProxyHeader.Said header(Socket socket) throws IOException {
    var input = new TimedInput(socket);
    Deadline deadline = Deadline.in(HEADER);
    try {
      return ProxyHeader.read((into, off, len) -> input.read(into, off, len, deadline));
    } catch (SocketTimeoutException late) {
      return new ProxyHeader.Said.Broken("it did not come within " + HEADER.toSeconds() + " s");
    }
  }

  private void refused(String why, RemoteAddress client) {
    surroundings.get().events().tell(new Event.ConnectionRefused(name(), why, client));
  }

  /**
   * Says 421 and hangs up. Behind TLS only to a few at a time and without patience: whoever is over
   * the limit must not keep others out by shaking hands slowly.
   */
  private void turnAway(Transport transport, Reply reply, Surroundings shared) throws IOException {
    if (settings.beginning() != Beginning.TLS) {
      transport.sayLast(reply);
    } else if (crowd.farewells().tryAcquire()) {
      try {
        transport.upgrade(shared.handshake(), false, Deadline.in(FAREWELL));
        transport.sayLast(reply);
      } finally {
        crowd.farewells().release();
      }
    }
  }

  private Optional<Reply> turnedAway(Permits.Answer permit, Transport transport) {
    Optional<Reply> reply =
        switch (permit) {
          case GRANTED -> Optional.empty();
          case SERVER_FULL -> Optional.of(Replies.TOO_MANY_CONNECTIONS);
          case CLIENT_FULL -> Optional.of(Replies.TOO_MANY_CONNECTIONS);
        };
    if (reply.isPresent()) {
      refused(
          permit == Permits.Answer.SERVER_FULL
              ? "limit.connections"
              : "limit.connections-per-address",
          transport.client());
    }
    return reply;
  }

  private Optional<Reply> shutOut(Transport transport, Surroundings shared) {
    Optional<Reply> reply = shared.gate().shutOut().apply(transport.client().address());
    if (reply.isPresent()) {
      refused("blocked", transport.client());
    }
    return reply;
  }

  /** Accepts no more; what is under way goes on. */
  @Override
  public void close() throws IOException {
    ear.close();
  }
}
