package heddle.listener;

import heddle.config.Bind;
import heddle.peer.RemoteAddress;
import heddle.peer.UnixPeer;
import heddle.session.Ends;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/** A socket in the file system. Who may reach it, the folder around it says. */
final class UnixEar implements Ear {
  private static final RemoteAddress HERE =
      new RemoteAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

  // inode(7)
  private static final int FILE_TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private final ServerSocketChannel server;
  private final Path path;
  private final Object file;

  private UnixEar(ServerSocketChannel server, Path path) throws IOException {
    this.server = server;
    this.path = path;
    this.file = identity(path);
  }

  /**
   * Takes the place of a socket at which nobody listens any more, and of nothing else.
   *
   * @throws IOException where something else is there, or somebody listens
   */
  static UnixEar at(Path path, int backlog) throws IOException {
    makeWay(path);
    Files.createDirectories(path.toAbsolutePath().getParent());
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(path), backlog);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
      return new UnixEar(server, path);
    } catch (IOException | RuntimeException refused) {
      server.close();
      throw refused;
    }
  }

  private static void makeWay(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & FILE_TYPE) != SOCKET) {
      throw new BindException("there is a file already that is no socket");
    }
    try (SocketChannel knock = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      knock.configureBlocking(false); // whoever listens may be too busy to answer
      knock.connect(UnixDomainSocketAddress.of(path));
      throw new BindException("another program listens there");
    } catch (ConnectException nobody) {
      if (!String.valueOf(nobody.getMessage()).contains("refused")) {
        throw nobody;
      }
      Files.deleteIfExists(path);
    }
  }

  private static Object identity(Path path) throws IOException {
    return Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public Socket accept() throws IOException {
    return new UnixSocket(server.accept());
  }

  @Override
  public Ends ends(Socket socket) throws IOException {
    UnixDomainPrincipal who =
        ((UnixSocket) socket).channel().getOption(ExtendedSocketOptions.SO_PEERCRED);
    String user = who.user().getName();
    return new Ends(
        HERE,
        HERE,
        Optional.of(new UnixPeer(user, who.group().getName(), UserNumbers.of(user))),
        Optional.empty());
  }

  @Override
  public boolean isClosed() {
    return !server.isOpen();
  }

  @Override
  public Bind where() {
    return new Bind.Unix(path.toString());
  }

  /** Takes its file along, unless another server has put its own there since. */
  @Override
  public void close() throws IOException {
    server.close();
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && identity(path).equals(file)) {
      Files.deleteIfExists(path);
    }
  }
}
