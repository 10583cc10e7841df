package heddle.tls;

import heddle.peer.TlsInfo;
import heddle.wire.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A small server on virtual threads: greets, answers one line, and says how each went. */
final class Bench implements AutoCloseable {
  /** How one connection went: settled, or why not. */
  record Ended(TlsInfo info, int peerCertificates, String failure, Duration took) {}

  final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private final ServerSocket listening;
  private final Handshake handshake;
  private final Duration patience;

  Bench(Handshake handshake, Duration patience) throws IOException {
    this.handshake = handshake;
    this.patience = patience;
    this.listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::listen);
  }

  Bench(Handshake handshake) throws IOException {
    this(handshake, Duration.ofSeconds(10));
  }

  int port() {
    return listening.getLocalPort();
  }

  private void listen() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    long began = System.nanoTime();
    try (TlsLine line = handshake.accept(socket, false, Deadline.in(patience))) {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      line.setReadTimeout(10_000);
      line.out().write("220 ready\r\n".getBytes(StandardCharsets.US_ASCII));
      line.out().flush();
      var reader =
          new BufferedReader(new InputStreamReader(line.in(), StandardCharsets.ISO_8859_1));
      String heard = reader.readLine();
      line.out().write(("221 " + heard + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      line.out().flush();
      ended.add(new Ended(line.info(), line.peerChain().size(), "", took));
    } catch (HandshakeFailed failed) {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      ended.add(new Ended(null, 0, failed.why(), took));
    } catch (IOException later) {
      ended.add(new Ended(null, 0, "later: " + later.getMessage(), Duration.ZERO));
    }
  }

  Ended next() throws InterruptedException {
    Ended next = ended.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no connection ended");
    }
    return next;
  }

  /** {@code openssl s_client} with the arguments, saying one line. */
  Tools.Outcome sClient(Path folder, String arguments) throws Exception {
    var command = new ArrayList<String>();
    command.addAll(List.of("/usr/bin/openssl", "s_client", "-ign_eof", "-connect"));
    command.add("127.0.0.1:" + port());
    for (String argument : arguments.split(" ")) {
      if (!argument.isEmpty()) {
        command.add(argument);
      }
    }
    return Tools.run(folder, "hello\n", command.toArray(String[]::new));
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
