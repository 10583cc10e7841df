package heddle.real;

import heddle.talks.TrustAll;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * Stands between a client and the server with a certificate that the client trusts: reads all of it
 * and passes all of it on.
 */
final class Interceptor implements AutoCloseable {
  private final ServerSocket ear;
  private final int target;
  private final SSLContext context;

  /**
   * @param keys a PKCS#12 file with the certificate that the client gets to see
   */
  Interceptor(int target, Path keys, String password) throws Exception {
    this.ear = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"));
    this.target = target;
    this.context = SSLContext.getInstance("TLS");
    var manager = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    manager.init(
        KeyStore.getInstance(keys.toFile(), password.toCharArray()), password.toCharArray());
    context.init(manager.getKeyManagers(), new TrustManager[] {new TrustAll()}, new SecureRandom());
    Thread.ofPlatform().daemon().start(this::accept);
  }

  int port() {
    return ear.getLocalPort();
  }

  private void accept() {
    while (!ear.isClosed()) {
      try {
        Socket client = ear.accept();
        Thread.ofPlatform().daemon().start(() -> intercept(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void intercept(Socket client) {
    try (client;
        var server = new Socket("127.0.0.1", target)) {
      clear(client, server);
      var factory = context.getSocketFactory();
      var inside = (SSLSocket) factory.createSocket(server, "localhost", target, true);
      inside.startHandshake();
      var outside = (SSLSocket) factory.createSocket(client, null, true);
      outside.setUseClientMode(false);
      outside.startHandshake();
      Thread back = Thread.ofPlatform().daemon().start(() -> pump(inside, outside));
      pump(outside, inside);
      back.join();
    } catch (Exception gone) {
      // Both sides learn of it by the end of their lines.
    }
  }

  /** Up to the server's answer to STARTTLS. */
  private static void clear(Socket client, Socket server) throws IOException {
    BufferedReader fromClient = lines(client);
    BufferedReader fromServer = lines(server);
    reply(fromServer, client);
    for (String line = fromClient.readLine(); line != null; line = fromClient.readLine()) {
      write(server, line);
      reply(fromServer, client);
      if (line.equalsIgnoreCase("STARTTLS")) {
        return;
      }
    }
    throw new IOException("no STARTTLS");
  }

  private static BufferedReader lines(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  private static void reply(BufferedReader from, Socket to) throws IOException {
    String line;
    do {
      line = from.readLine();
      write(to, line);
    } while (line != null && line.length() > 3 && line.charAt(3) == '-');
  }

  private static void write(Socket to, String line) throws IOException {
    to.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void pump(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException gone) {
      // The other direction ends as well.
    } finally {
      quietly(from);
      quietly(to);
    }
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      // That was the wish.
    }
  }

  @Override
  public void close() throws IOException {
    ear.close();
  }
}
