package heddle.dial;

import heddle.dns.Answer;
import heddle.dns.Names;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** Calls hosts: name, connection and, where it comes first, TLS. Safe to share. */
public final class Dialer {
  private static final int MOST_REMEMBERED = 1000;
  private final BiFunction<String, Deadline, Answer<List<InetAddress>>> addresses;
  private final Set<String> withoutChunking = ConcurrentHashMap.newKeySet();

  /** One permit for each line that may be open at one time. */
  private final Semaphore lines;

  /** As many lines as there are calls. */
  public Dialer(Names names) {
    this(names, Integer.MAX_VALUE);
  }

  /**
   * A call waits, within its deadline, until a line is free; one that takes its leave is not.
   *
   * @param lines open at one time, those of {@link #socket} apart
   */
  public Dialer(Names names, int lines) {
    this(names::addresses, lines);
  }

  private Dialer(BiFunction<String, Deadline, Answer<List<InetAddress>>> addresses, int lines) {
    this.addresses = addresses;
    this.lines = new Semaphore(lines, true);
  }

  /** Finds every host at one address: whatever it is asked for by name, it goes there. */
  public static Dialer to(InetAddress address) {
    return new Dialer((_, _) -> new Answer.Found<>(List.of(address)), Integer.MAX_VALUE);
  }

  /**
   * Calls a host, its addresses in turn. Under {@link Security#STARTTLS} the line comes in clear.
   *
   * @param deadline for all of it
   */
  public Dialled dial(Target target, Deadline deadline) {
    try {
      return new Dialled.Connected(connect(target, deadline));
    } catch (Broken broken) {
      return new Dialled.Failed(broken.trouble());
    }
  }

  Line connect(Target target, Deadline deadline) throws Broken {
    Line line = line(target, deadline);
    if (target.security() == Security.IMPLICIT) {
      line.startTls(target, deadline);
    }
    return line;
  }

  private Line line(Target target, Deadline deadline) throws Broken {
    await(target, deadline);
    boolean open = false;
    try {
      Line line = line(socket(target, deadline));
      open = true;
      return line;
    } finally {
      if (!open) {
        lines.release();
      }
    }
  }

  private void await(Target target, Deadline deadline) throws Broken {
    try {
      if (lines.tryAcquire(deadline.millisLeft(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    String host = Words.brief(target.host());
    throw new Broken(new Trouble.Refused("all lines to " + host + " are taken"));
  }

  private Line line(Socket socket) throws Broken {
    try {
      return new Line(socket, lines::release);
    } catch (IOException gone) {
      Line.close(socket);
      throw new Broken(new Trouble.HungUp(Phase.CONNECT));
    }
  }

  /**
   * A connection for a library that speaks for itself; in clear so far, whatever the target says.
   * It is the caller's, to be closed.
   *
   * @throws Broken where none came about by the deadline
   */
  public Socket socket(Target target, Deadline deadline) throws Broken {
    List<InetAddress> addresses =
        switch (this.addresses.apply(target.host(), deadline)) {
          case Answer.Found<List<InetAddress>>(var found) -> found;
          case Answer.None<List<InetAddress>> no ->
              throw new Broken(new Trouble.NoSuchName(Words.brief(target.host())));
          case Answer.Unknown<List<InetAddress>>(var why) ->
              throw new Broken(new Trouble.NameUnknownNow(Words.brief(target.host()), why));
        };
    return any(addresses, target, deadline);
  }

  private static Socket any(List<InetAddress> addresses, Target target, Deadline deadline)
      throws Broken {
    Trouble last = new Trouble.Silent(Phase.CONNECT);
    for (int i = 0; i < addresses.size() && !deadline.over(); i++) {
      // An address that swallows packets must leave time for those behind it.
      Duration share = deadline.left().dividedBy(addresses.size() - i);
      try {
        return one(addresses.get(i), target.port(), Deadline.in(share));
      } catch (Broken broken) {
        last = broken.trouble();
      }
    }
    throw new Broken(last);
  }

  private static Socket one(InetAddress address, int port, Deadline deadline) throws Broken {
    var socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(address, port), deadline.millisLeft());
      return socket;
    } catch (SocketTimeoutException late) {
      Line.close(socket);
      throw new Broken(new Trouble.Silent(Phase.CONNECT));
    } catch (IOException no) {
      Line.close(socket);
      String where = address.getHostAddress() + " port " + port;
      throw new Broken(new Trouble.Refused("no connection to " + where));
    }
  }

  /** A host that offers CHUNKING and does not know BDAT would fail each message anew. */
  void rememberNoChunking(Target target) {
    if (withoutChunking.size() < MOST_REMEMBERED) {
      withoutChunking.add(target.toString());
    }
  }

  boolean mayChunk(Target target) {
    return !withoutChunking.contains(target.toString());
  }
}
