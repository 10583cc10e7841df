package heddle.remote;

import heddle.dns.Answer;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

/** Calls one Dovecot. Safe to share; holds no state. */
final class DovecotDialer {
  private final DovecotAsker.Endpoint where;
  private final boolean allowPlaintext;

  /**
   * @param allowPlaintext whether another machine may be called
   */
  DovecotDialer(DovecotAsker.Endpoint where, boolean allowPlaintext) {
    this.where = where;
    this.allowPlaintext = allowPlaintext;
  }

  SocketChannel connect(Deadline deadline) throws IOException {
    return switch (where) {
      case DovecotAsker.Unix unix -> {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
          channel.connect(UnixDomainSocketAddress.of(unix.path()));
        } catch (IOException | RuntimeException no) {
          channel.close();
          throw no;
        }
        yield channel;
      }
      case DovecotAsker.Tcp tcp -> {
        List<InetAddress> addresses = addresses(tcp, deadline);
        IOException last = new IOException("no connection in time");
        for (int i = 0; i < addresses.size() && !deadline.over(); i++) {
          // An address that swallows packets must leave time for those behind it.
          Duration share = deadline.left().dividedBy(addresses.size() - i);
          try {
            yield call(new InetSocketAddress(addresses.get(i), tcp.port()), Deadline.in(share));
          } catch (IOException no) {
            last = no;
          }
        }
        throw last;
      }
    };
  }

  private List<InetAddress> addresses(DovecotAsker.Tcp tcp, Deadline deadline) throws IOException {
    List<InetAddress> found =
        switch (tcp.names().addresses(tcp.host(), deadline)) {
          case Answer.Found<List<InetAddress>>(var addresses) -> addresses;
          case Answer.None<List<InetAddress>> none -> throw new IOException("no such name");
          case Answer.Unknown<List<InetAddress>>(var why) -> throw new IOException(why);
        };
    // The protocol has no TLS: whoever stood in between would hear passwords, and could say yes.
    List<InetAddress> fit =
        found.stream().filter(each -> allowPlaintext || each.isLoopbackAddress()).toList();
    if (fit.isEmpty()) {
      throw new IOException("it is not on this machine, and the protocol has no TLS");
    }
    return fit;
  }

  private static SocketChannel call(InetSocketAddress address, Deadline deadline)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.socket().connect(address, deadline.millisLeft());
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      return channel;
    } catch (IOException | RuntimeException no) {
      channel.close();
      throw no;
    }
  }

  /** Whom it calls. */
  @Override
  public String toString() {
    return where.toString();
  }
}
