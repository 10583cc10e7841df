package heddle.remote;

import heddle.dial.Security;
import heddle.dial.Target;
import heddle.dial.Trust;
import heddle.mail.Octets;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A host that is not ours: whoever calls {@link #HOST} gets through to the same port of loopback,
 * by a SOCKS proxy that notes all octets. Where no such proxy is, nobody answers there.
 */
final class Abroad implements AutoCloseable {
  /** RFC 5737: an address of examples. */
  static final String HOST = "203.0.113.77";

  private final ServerSocket ear;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private Abroad(ServerSocket ear) {
    this.ear = ear;
  }

  static Abroad open() throws IOException {
    var abroad = new Abroad(new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")));
    Thread.ofVirtual().start(abroad::serve);
    System.setProperty("socksProxyHost", "127.0.0.1");
    System.setProperty("socksProxyPort", String.valueOf(abroad.ear.getLocalPort()));
    return abroad;
  }

  static Target target(int port, Security security, Trust trust) {
    return Target.of(HOST, port, security, trust);
  }

  /** Whether the text went by from the one who calls, as it is. */
  boolean heard(String text) {
    synchronized (said) {
      return said.toString(StandardCharsets.UTF_8).contains(text);
    }
  }

  /** Whether the text went by in base64, at any of the three ways it may fall in it. */
  boolean heardCoded(String text) {
    for (int before = 0; before < 3; before++) {
      String coded = Octets.ofUtf8("x".repeat(before) + text).base64();
      int end = (before + text.getBytes(StandardCharsets.UTF_8).length) / 3 * 4;
      if (heard(coded.substring(before == 0 ? 0 : 4, end))) {
        return true;
      }
    }
    return false;
  }

  private void serve() {
    while (true) {
      try {
        Socket client = ear.accept();
        Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(Socket client) {
    try (client) {
      var in = new DataInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      in.readByte(); // RFC 1928 §3: the version, and the ways to log in
      in.skipNBytes(in.readByte());
      out.write(new byte[] {5, 0});
      in.skipNBytes(8); // §4: version, command, and an address of four octets
      int port = in.readUnsignedShort();
      out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
      try (Socket there = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
        Thread back = Thread.ofVirtual().start(() -> copy(there, client, false));
        copy(client, there, true);
        back.join();
      }
    } catch (IOException | InterruptedException gone) {
      // So is the conversation.
    }
  }

  private void copy(Socket from, Socket to, boolean noted) {
    try {
      InputStream in = from.getInputStream();
      byte[] block = new byte[8192];
      for (int came = in.read(block); came > 0; came = in.read(block)) {
        if (noted) {
          synchronized (said) {
            said.write(block, 0, came);
          }
        }
        to.getOutputStream().write(block, 0, came);
      }
      to.shutdownOutput();
    } catch (IOException gone) {
      // So is the conversation.
    }
  }

  @Override
  public void close() throws IOException {
    System.clearProperty("socksProxyHost");
    System.clearProperty("socksProxyPort");
    ear.close();
  }
}
