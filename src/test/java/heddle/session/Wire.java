package heddle.session;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** Octets on a real TLS connection, cut as a test wants them. */
final class Wire implements Course.Channel, AutoCloseable {
  private final Socket plain;
  private final SSLSocket tls;
  private final InputStream in;

  Wire(SSLContext context, int port) throws IOException {
    plain = new Socket("127.0.0.1", port);
    plain.setSoTimeout(30_000);
    plain.setTcpNoDelay(true);
    tls =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "mail.example.org", port, true);
    tls.startHandshake();
    in = new BufferedInputStream(tls.getInputStream());
  }

  /** Each piece is a TLS record of its own. */
  void write(byte[] octets, List<Integer> cuts) throws IOException {
    List<Integer> ends = new ArrayList<>();
    for (int cut : cuts) {
      ends.add(Math.floorMod(cut, octets.length));
    }
    ends.add(octets.length);
    ends.sort(null);
    int from = 0;
    for (int end : ends) {
      if (end > from) {
        tls.getOutputStream().write(octets, from, end - from);
        tls.getOutputStream().flush();
        from = end;
      }
    }
  }

  /** The lines of a reply; empty where the connection has ended. */
  List<String> hear() throws IOException {
    List<String> lines = new ArrayList<>();
    do {
      String line = line();
      if (line.isEmpty()) {
        if (!lines.isEmpty()) {
          throw new IOException("half a reply: " + lines);
        }
        return List.of();
      }
      lines.add(line);
    } while (lines.getLast().length() > 3 && lines.getLast().charAt(3) == '-');
    return lines;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    try {
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          if (line.size() > 0) {
            throw new IOException("half a line: " + line);
          }
          return "";
        }
        line.write(c);
      }
    } catch (SocketException | SSLException cut) {
      return "";
    }
    String text = line.toString(StandardCharsets.UTF_8);
    if (!text.endsWith("\r") || text.length() < 5) {
      throw new IOException("no line of a reply: " + text);
    }
    return text.substring(0, text.length() - 1);
  }

  /** Says good-bye; what the server says still comes. */
  void end() throws IOException {
    tls.shutdownOutput();
  }

  /** As where a cable is pulled. */
  void cut() throws IOException {
    plain.shutdownOutput();
  }

  @Override
  public byte[] binding(String type) {
    try {
      return type.equals("tls-exporter")
          ? ((ExtendedSSLSession) tls.getSession())
              .exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32)
          : MessageDigest.getInstance("SHA-256")
              .digest(tls.getSession().getPeerCertificates()[0].getEncoded());
    } catch (GeneralSecurityException | SSLException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() {
    try {
      plain.close();
    } catch (IOException gone) {
      // As wished.
    }
  }
}
