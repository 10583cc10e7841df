package heddle.session;

import heddle.event.Event;
import heddle.mail.Id;
import heddle.peer.RemoteAddress;
import heddle.peer.UnixPeer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/**
 * The two ends of a connection.
 *
 * @param client who sends; of a UNIX socket loopback with port 0, as is the custom
 * @param server where the client connected to
 * @param unix the user behind a UNIX socket
 * @param via the proxy that told of the client, where there is one
 */
public record Ends(
    RemoteAddress client,
    RemoteAddress server,
    Optional<UnixPeer> unix,
    Optional<RemoteAddress> via) {
  /** Of a TCP connection. */
  public static Ends of(Socket socket) {
    return new Ends(
        RemoteAddress.of((InetSocketAddress) socket.getRemoteSocketAddress()),
        RemoteAddress.of((InetSocketAddress) socket.getLocalSocketAddress()),
        Optional.empty(),
        Optional.empty());
  }

  Event connected(Id connection, String listener) {
    return new Event.Connected(connection, listener, via, unix.map(UnixPeer::user), client);
  }

  /** As the proxy at the other end tells them. Whoever its own user is, the client is another. */
  public Ends relayed(RemoteAddress toldClient, RemoteAddress toldServer) {
    return new Ends(toldClient, toldServer, Optional.empty(), Optional.of(client));
  }
}
