package heddle.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.wire.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsLineTest {
  @TempDir static Path folder;

  /** Both ends of one connection; the client's raw socket counts what arrives. */
  private record Ends(TlsLine ours, SSLSocket theirs, Socket raw) implements AutoCloseable {
    static Ends meet(String protocol) throws Exception {
      TlsProperties.install();
      var keys =
          ServerKeys.open(Tools.settings(folder, Optional.empty(), Map.of()), new Tools.Ear());
      var handshake = new Handshake(keys, TlsVersion.TLS_1_2, ClientCertificate.REQUEST);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new RecordingTrustManager()}, null);
      try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        var raw = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
        var ours =
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return handshake.accept(
                        listening.accept(), true, Deadline.in(Duration.ofSeconds(10)));
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
        var theirs = (SSLSocket) context.getSocketFactory().createSocket(raw, "x.test", 1, true);
        theirs.setEnabledProtocols(new String[] {protocol});
        theirs.startHandshake();
        return new Ends(ours.get(10, TimeUnit.SECONDS), theirs, raw);
      }
    }

    @Override
    public void close() throws Exception {
      ours.close();
      theirs.close();
    }
  }

  @Test
  void megabytes_pass_both_ways_unharmed() throws Exception {
    for (String protocol : new String[] {"TLSv1.3", "TLSv1.2"}) {
      try (Ends ends = Ends.meet(protocol)) {
        byte[] much = new byte[1_000_003];
        new Random(7).nextBytes(much);
        Thread.ofVirtual().start(() -> write(ends.theirs, much));
        byte[] heard = ends.ours.in().readNBytes(much.length);
        assertArrayEquals(much, heard);
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    for (int at = 0; at < much.length; at += 700) {
                      ends.ours.out().write(much, at, Math.min(700, much.length - at));
                    }
                    ends.ours.out().flush();
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
        assertArrayEquals(much, ends.theirs.getInputStream().readNBytes(much.length));
        assertTrue(ends.ours.info().startTls());
        assertTrue(ends.ours.ourCertificate().isPresent());
        assertTrue(ends.ours.peerChain().isEmpty());
        assertTrue(ends.ours.socket().getTcpNoDelay());
      }
    }
  }

  private static void write(SSLSocket socket, byte[] octets) {
    try {
      socket.getOutputStream().write(octets);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void nothing_is_sent_before_a_flush_and_then_it_is_one_record() throws Exception {
    try (Ends ends = Ends.meet("TLSv1.2")) {
      InputStream wire = ends.raw.getInputStream();
      for (int i = 0; i < 20; i++) {
        ends.ours.out().write("250 a line\r\n".getBytes());
      }
      Thread.sleep(100);
      assertEquals(0, wire.available());
      ends.ours.out().flush();
      byte[] head = wire.readNBytes(5);
      assertEquals(23, head[0]);
      int length = (head[3] & 0xff) << 8 | head[4] & 0xff;
      assertEquals(20 * 12 + 24, length); // AES-GCM: 8 octets of nonce, 16 of tag
      assertEquals(length, wire.readNBytes(length).length);
      assertEquals(0, wire.available());
    }
  }

  @Test
  void a_read_timeout_holds_for_the_whole_read_and_the_line_lives_on() throws Exception {
    try (Ends ends = Ends.meet("TLSv1.3")) {
      ends.ours.setReadTimeout(600);
      // A record that announces much and comes in drips, each well within the timeout.
      Thread drips = Thread.ofVirtual().start(() -> drip(ends.raw));
      long began = System.nanoTime();
      assertThrows(SocketTimeoutException.class, () -> ends.ours.in().read());
      long millis = (System.nanoTime() - began) / 1_000_000;
      assertTrue(millis >= 550 && millis < 4_000, millis + " ms");
      ends.ours.out().write("421 too slow\r\n".getBytes());
      ends.ours.out().flush();
      drips.interrupt();
      assertEquals('4', ends.theirs.getInputStream().read());
    }
  }

  @Test
  void a_deadline_over_all_reads_holds_too() throws Exception {
    try (Ends ends = Ends.meet("TLSv1.3")) {
      ends.ours.setReadTimeout(60_000);
      ends.ours.readBy(Deadline.in(Duration.ofMillis(200)));
      assertThrows(SocketTimeoutException.class, () -> ends.ours.in().read());
      ends.ours.readBy(null);
      write(ends.theirs, new byte[] {42});
      assertEquals(42, ends.ours.in().read());
    }
  }

  private static void drip(Socket raw) {
    try {
      raw.getOutputStream().write(new byte[] {23, 3, 3, 0x10, 0});
      for (int i = 0; i < 100; i++) {
        Thread.sleep(100);
        raw.getOutputStream().write(1);
      }
    } catch (Exception closed) {
      // enough
    }
  }

  @Test
  void closing_waits_neither_for_a_silent_client_nor_for_one_that_reads_nothing() throws Exception {
    for (String protocol : new String[] {"TLSv1.3", "TLSv1.2"}) {
      try (Ends silent = Ends.meet(protocol)) {
        long began = System.nanoTime();
        silent.ours.close();
        assertTrue(System.nanoTime() - began < 3_000_000_000L);
        assertEquals(-1, silent.theirs.getInputStream().read());
      }
      try (Ends deaf = Ends.meet(protocol)) {
        Thread writer =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        byte[] much = new byte[64 * 1024 * 1024];
                        deaf.ours.out().write(much);
                        deaf.ours.out().flush();
                      } catch (IOException cut) {
                        // as it should be
                      }
                    });
        Thread.sleep(300);
        long began = System.nanoTime();
        deaf.ours.close();
        assertTrue(System.nanoTime() - began < 5_000_000_000L);
        assertTrue(writer.join(Duration.ofSeconds(5)));
        deaf.raw.close();
      }
    }
  }
}
