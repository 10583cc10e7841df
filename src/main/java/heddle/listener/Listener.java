package heddle.listener;

import heddle.event.Event;
import heddle.mail.Reply;
import heddle.session.Session;
import heddle.session.Surroundings;
import heddle.session.Transport;
import heddle.smtp.Replies;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * One bound address: accepts, takes permits, and gives each connection a virtual thread. A permit
 * of the machine's is taken before {@code accept}, so that no flood makes more sockets than the
 * server can hold; beyond the site's own limits a client is told 421.
 */
public final class Listener implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private final String name;
  private final Session.Beginning beginning;
  private final ServerSocket server;
  private final Crowd crowd;
  private final Semaphore sockets;
  private final Supplier<Surroundings> surroundings;

  private Listener(
      String name,
      Session.Beginning beginning,
      ServerSocket server,
      Crowd crowd,
      Semaphore sockets,
      Supplier<Surroundings> surroundings) {
    this.name = name;
    this.beginning = beginning;
    this.server = server;
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
      String name,
      Session.Beginning beginning,
      InetSocketAddress address,
      Crowd crowd,
      Semaphore sockets,
      Supplier<Surroundings> surroundings)
      throws IOException {
    var server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(address, BACKLOG);
    } catch (IOException refused) {
      server.close();
      throw refused;
    }
    return new Listener(name, beginning, server, crowd, sockets, surroundings);
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  public String name() {
    return name;
  }

  /** Accepts from now on. */
  public void start() {
    Thread.ofPlatform().name("listen-" + name).daemon(true).start(this::accept);
  }

  private void accept() {
    while (!server.isClosed()) {
      sockets.acquireUninterruptibly();
      boolean handedOn = false;
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().name("session").start(() -> serve(socket));
        handedOn = true;
      } catch (IOException refused) {
        if (!server.isClosed()) {
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
                "listener " + name + " could not accept a connection",
                String.valueOf(refused.getMessage()),
                "raise the limit of open files (LimitNOFILE), or lower limit.connections"));
    try {
      Thread.sleep(Duration.ofMillis(200));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Socket socket) {
    InetAddress address = socket.getInetAddress();
    Permits.Answer permit = crowd.permits().take(address);
    try (socket;
        Transport transport = new Transport(socket)) {
      Surroundings shared = surroundings.get();
      Optional<Reply> turnedAway = turnedAway(permit, transport, shared);
      if (turnedAway.isEmpty()) {
        var session = new Session(transport, shared, name, beginning);
        crowd.with(session, session);
      } else {
        turnAway(transport, turnedAway.get(), shared);
      }
    } catch (IOException gone) {
      // The client left between accept and here.
    } finally {
      if (permit == Permits.Answer.GRANTED) {
        crowd.permits().giveBack(address);
      }
      sockets.release();
    }
  }

  /**
   * Says 421 and hangs up. Behind TLS only to a few at a time and without patience: whoever is over
   * the limit must not keep others out by shaking hands slowly.
   */
  private void turnAway(Transport transport, Reply reply, Surroundings shared) throws IOException {
    if (beginning != Session.Beginning.TLS) {
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

  private Optional<Reply> turnedAway(
      Permits.Answer permit, Transport transport, Surroundings shared) {
    Optional<Reply> reply =
        switch (permit) {
          case GRANTED -> Optional.empty();
          case SERVER_FULL -> Optional.of(Replies.TOO_MANY_CONNECTIONS);
          case CLIENT_FULL -> Optional.of(Replies.TOO_MANY_CONNECTIONS);
        };
    reply.ifPresent(
        r ->
            shared
                .events()
                .tell(
                    new Event.ConnectionRefused(
                        name,
                        permit == Permits.Answer.SERVER_FULL
                            ? "limit.connections"
                            : "limit.connections-per-address",
                        transport.client())));
    return reply;
  }

  /** Accepts no more; what is under way goes on. */
  @Override
  public void close() throws IOException {
    server.close();
  }
}
