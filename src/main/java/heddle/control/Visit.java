package heddle.control;

import heddle.config.Bind;
import heddle.dial.Credentials;
import heddle.dial.Dialer;
import heddle.dial.Manner;
import heddle.dial.Opened;
import heddle.dial.Patience;
import heddle.dial.SmtpClient;
import heddle.dial.Target;
import heddle.dial.Trouble;
import heddle.dial.Trust;
import heddle.wire.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One conversation with a listener of ours, as any client would have it.
 *
 * @param trouble what came in between; empty where nothing did
 * @param shown the certificates that were shown, the server's own first; empty in clear, and where
 *     there was trouble
 * @param protocol of TLS; empty in clear
 * @param mechanisms offered at the end
 */
public record Visit(
    Optional<Trouble> trouble,
    List<X509Certificate> shown,
    String protocol,
    List<String> mechanisms,
    Duration took) {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** One at a time: a site may allow few connections from one address, and this is one. */
  private static final ReentrantLock ONE = new ReentrantLock();

  /** Greeting and EHLO, behind TLS where there is any; the certificate is looked at, not judged. */
  public static Visit to(Doorway door, String name, Deadline deadline) {
    return to(door, name, new Credentials.None(), deadline);
  }

  /**
   * The same, and a login.
   *
   * @param name the host name that is asked for (SNI)
   */
  static Visit to(Doorway door, String name, Credentials login, Deadline deadline) {
    ONE.lock();
    try {
      return alone(door, name, login, deadline);
    } finally {
      ONE.unlock();
    }
  }

  private static Visit alone(Doorway door, String name, Credentials login, Deadline deadline) {
    long began = System.nanoTime();
    return switch (door.where()) {
      case Bind.Tcp(var address, int port) ->
          tcp(
              Doorway.reach(address),
              Target.of(name, port, door.security(), new Trust.AllowInvalid()),
              new Manner("localhost", login, Patience.of(within(deadline)), _ -> false),
              began);
      case Bind.Unix(var path) -> unix(path, within(deadline), began);
    };
  }

  private static Duration within(Deadline deadline) {
    Duration left = deadline.left();
    return left.compareTo(LONGEST) < 0 ? left : LONGEST;
  }

  private static Visit tcp(InetAddress address, Target target, Manner manner, long began) {
    return switch (SmtpClient.open(Dialer.to(address), target, manner)) {
      case Opened.Failed(var trouble) -> failed(trouble, began);
      case Opened.Ready(var client) -> {
        try (client) {
          yield new Visit(
              Optional.empty(),
              client.shown(),
              client.tls().map(tls -> tls.protocol()).orElse(""),
              client.extensions().mechanisms(),
              since(began));
        }
      }
    };
  }

  /** The greeting tells enough of a socket in the file system: there is no TLS to go wrong. */
  private static Visit unix(String path, Duration patience, long began) {
    try (SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(path));
        var _ = Overdue.close(server, patience);
        var in = new BufferedReader(Channels.newReader(server, StandardCharsets.UTF_8), 512)) {
      char[] code = new char[4];
      for (int at = 0; at < code.length; at++) {
        code[at] = (char) in.read();
      }
      String said = String.valueOf(code);
      return said.matches("220[ -]")
          ? new Visit(Optional.empty(), List.of(), "", List.of(), since(began))
          : failed(new Trouble.Refused("greeted with " + said.replaceAll("[^0-9]", "")), began);
    } catch (IOException gone) {
      return failed(new Trouble.Refused("no connection to " + path), began);
    }
  }

  private static Visit failed(Trouble trouble, long began) {
    return new Visit(Optional.of(trouble), List.of(), "", List.of(), since(began));
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
