package heddle.tls;

import heddle.wire.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A client of our own, for warming up. Used once, by one thread. */
final class SelfHandshake {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private final Handshake handshake;

  SelfHandshake(Handshake handshake) {
    this.handshake = handshake;
  }

  int run(int times) {
    int well = 0;
    try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listening.setSoTimeout((int) PATIENCE.toMillis());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new RecordingTrustManager()}, null);
      for (int i = 0; i < times; i++) {
        Thread client = Thread.ofVirtual().start(() -> call(context, listening.getLocalPort()));
        try (TlsLine line = handshake.accept(listening.accept(), false, Deadline.in(PATIENCE))) {
          line.out().write('.');
          line.out().flush();
          line.setReadTimeout((int) PATIENCE.toMillis());
          if (line.in().read() == '.') {
            well++;
          }
        }
        client.join(PATIENCE);
      }
    } catch (IOException | GeneralSecurityException asItMay) {
      // Only a warming-up: a server that cannot do it will say so to its first client.
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    return well;
  }

  private static void call(SSLContext context, int port) {
    // By address: no name is asked of anyone.
    try (var plain = new Socket(InetAddress.getLoopbackAddress(), port);
        var tls =
            (SSLSocket) context.getSocketFactory().createSocket(plain, "heddle", port, true)) {
      plain.setSoTimeout((int) PATIENCE.toMillis());
      plain.setTcpNoDelay(true); // or each handshake waits 40 ms for a delayed acknowledgement
      int dot = tls.getInputStream().read();
      tls.getOutputStream().write(dot);
      var _ = tls.getInputStream().read();
    } catch (IOException asItMay) {
      // The other side counts.
    }
  }
}
