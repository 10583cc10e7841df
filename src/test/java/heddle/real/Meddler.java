package heddle.real;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import javax.net.ssl.SSLSocket;

/**
 * Stands between a client that speaks in clear and a server behind TLS, and hands on what they say;
 * but what the client says of its login, somebody may change on the way. When the login is over, or
 * the client has had enough, it ends the exchange itself and asks the server whether it is well.
 */
final class Meddler implements AutoCloseable {
  /**
   * How it went.
   *
   * @param said what the client said of its login, without verb and mechanism
   * @param verdict the reply that ended the exchange
   * @param after the reply to the NOOP behind it
   */
  record Tale(List<byte[]> said, String verdict, String after) {}

  private final ServerSocket ear = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
  private final CompletableFuture<Tale> tale = new CompletableFuture<>();
  private final int server;
  private final BiFunction<Integer, byte[], byte[]> change;

  /**
   * @param change from the number of a word of the login, and the word, to what the server hears
   */
  Meddler(int server, BiFunction<Integer, byte[], byte[]> change) throws IOException {
    this.server = server;
    this.change = change;
    Thread.ofPlatform().daemon().start(this::meddle);
  }

  int port() {
    return ear.getLocalPort();
  }

  CompletableFuture<Tale> tale() {
    return tale;
  }

  private void meddle() {
    try (Socket client = ear.accept();
        SSLSocket secured = Client.secured(server)) {
      client.setSoTimeout(20_000);
      tale.complete(between(client, secured));
    } catch (IOException | RuntimeException broken) {
      tale.completeExceptionally(broken);
    }
  }

  private Tale between(Socket client, SSLSocket secured) throws IOException {
    InputStream fromClient = new BufferedInputStream(client.getInputStream());
    InputStream fromServer = new BufferedInputStream(secured.getInputStream());
    OutputStream toServer = secured.getOutputStream();
    List<byte[]> said = new ArrayList<>();
    String reply = reply(fromServer, client);
    boolean begun = false;
    while (!begun || reply.startsWith("334 ")) {
      byte[] line = line(fromClient);
      if (line == null) {
        if (!begun) {
          throw new IOException("the client left before its login");
        }
        line = "*".getBytes(StandardCharsets.US_ASCII);
        toServer.write(ended(line));
        toServer.flush();
        reply = reply(fromServer, null);
        continue;
      }
      int words = wordsAt(line, begun);
      begun |= new String(line, StandardCharsets.ISO_8859_1).startsWith("AUTH ");
      if (begun) {
        byte[] word = java.util.Arrays.copyOfRange(line, words, line.length);
        byte[] changed = change.apply(said.size(), word);
        said.add(word);
        byte[] whole = java.util.Arrays.copyOf(line, words + changed.length);
        System.arraycopy(changed, 0, whole, words, changed.length);
        line = whole;
      }
      toServer.write(ended(line));
      toServer.flush();
      reply = reply(fromServer, client);
    }
    toServer.write(ended("NOOP".getBytes(StandardCharsets.US_ASCII)));
    toServer.flush();
    return new Tale(said, reply, reply(fromServer, null));
  }

  /** Where in a line the client's own words begin. */
  private static int wordsAt(byte[] line, boolean begun) {
    if (begun) {
      return 0;
    }
    String text = new String(line, StandardCharsets.ISO_8859_1);
    int second = text.indexOf(' ', "AUTH ".length());
    return second < 0 ? line.length : second + 1;
  }

  private static byte[] ended(byte[] line) {
    byte[] whole = java.util.Arrays.copyOf(line, line.length + 2);
    whole[line.length] = '\r';
    whole[line.length + 1] = '\n';
    return whole;
  }

  /** The last line of a reply; all of it is handed on to the client, where there is one. */
  private static String reply(InputStream from, Socket client) throws IOException {
    while (true) {
      byte[] line = line(from);
      if (line == null) {
        throw new IOException("the server left without a reply");
      }
      try {
        if (client != null) {
          client.getOutputStream().write(ended(line));
        }
      } catch (IOException left) {
        // It will be noticed when it is listened to.
      }
      if (line.length < 4 || line[3] != '-') {
        return new String(line, StandardCharsets.UTF_8);
      }
    }
  }

  /** Without its CRLF; null at the end. */
  private static byte[] line(InputStream from) throws IOException {
    var line = new ByteArrayOutputStream();
    try {
      for (int c = from.read(); c != '\n'; c = from.read()) {
        if (c < 0) {
          return null;
        }
        if (c != '\r') {
          line.write(c);
        }
      }
    } catch (java.net.SocketException cut) {
      return null;
    }
    return line.toByteArray();
  }

  @Override
  public void close() throws IOException {
    ear.close();
  }
}
