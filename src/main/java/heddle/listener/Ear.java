package heddle.listener;

import heddle.config.Bind;
import heddle.session.Ends;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;

/** A bound address at which connections come in. Safe to share. */
interface Ear extends Closeable {
  /** Waits for the next connection. */
  Socket accept() throws IOException;

  /** Who is at the two ends; it may take a moment. */
  Ends ends(Socket socket) throws IOException;

  boolean isClosed();

  /** Where it listens: a port 0 has become the one that the system chose. */
  Bind where();

  static Ear at(Bind bind, int backlog) throws IOException {
    return switch (bind) {
      case Bind.Tcp tcp -> tcp(tcp, backlog);
      case Bind.Unix(var path) -> UnixEar.at(Path.of(path), backlog);
    };
  }

  private static Ear tcp(Bind.Tcp tcp, int backlog) throws IOException {
    var server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(tcp.address(), tcp.port()), backlog);
    } catch (IOException refused) {
      server.close();
      throw refused;
    }
    return new TcpEar(server, new Bind.Tcp(tcp.address(), server.getLocalPort()));
  }

  /** A port of TCP. */
  record TcpEar(ServerSocket server, Bind where) implements Ear {
    @Override
    public Socket accept() throws IOException {
      return server.accept();
    }

    @Override
    public Ends ends(Socket socket) {
      return Ends.of(socket);
    }

    @Override
    public boolean isClosed() {
      return server.isClosed();
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
