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
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A smarthost that takes what it is given and remembers when: the subject of each message, once for
 * each recipient. To {@code no-…} it says 550, to {@code later-…} 451 at the first attempt.
 */
final class SmtpSink implements AutoCloseable {
  private final ServerSocket ear;
  private final Random random = new Random(4711);
  private final Map<String, List<Long>> accepted = new ConcurrentHashMap<>();
  private final Set<String> askedBefore = ConcurrentHashMap.newKeySet();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final int slowestMillis;

  /**
   * @param slowestMillis the most that it thinks over a message
   */
  SmtpSink(int slowestMillis) throws IOException {
    this.slowestMillis = slowestMillis;
    this.ear = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(this::listen);
  }

  int port() {
    return ear.getLocalPort();
  }

  /** By subject and recipient, the nanosecond of each acceptance. */
  Map<String, List<Long>> accepted() {
    return accepted;
  }

  private void listen() {
    while (true) {
      try {
        Socket socket = ear.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> converse(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void converse(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      say(out, "220 sink.example ESMTP");
      List<String> recipients = new ArrayList<>();
      for (String line = hear(in); line != null; line = hear(in)) {
        String verb = line.length() < 4 ? "" : line.substring(0, 4).toUpperCase();
        switch (verb) {
          case "EHLO" -> say(out, "250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME");
          case "MAIL", "RSET" -> {
            recipients.clear();
            say(out, "250 2.0.0 ok");
          }
          case "RCPT" -> recipient(line, recipients, out);
          case "DATA" -> {
            if (recipients.isEmpty()) {
              say(out, "554 5.5.1 nobody to give it to");
            } else {
              say(out, "354 go on");
              text(in, recipients, out);
            }
          }
          case "QUIT" -> {
            say(out, "221 2.0.0 bye");
            return;
          }
          default -> say(out, "500 5.5.2 what?");
        }
      }
    } catch (IOException | InterruptedException gone) {
      // The other side was killed.
    }
  }

  private void recipient(String line, List<String> recipients, OutputStream out)
      throws IOException {
    String address = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
    if (address.startsWith("no-")) {
      say(out, "550 5.1.1 no such user");
    } else if (address.startsWith("later-") && askedBefore.add(address)) {
      say(out, "451 4.2.1 come again");
    } else {
      recipients.add(address);
      say(out, "250 2.1.5 ok");
    }
  }

  private void text(InputStream in, List<String> recipients, OutputStream out)
      throws IOException, InterruptedException {
    String subject = "";
    for (String line = hear(in); !".".equals(line); line = hear(in)) {
      if (line == null) {
        throw new IOException("cut off in the text");
      }
      if (line.startsWith("Subject: ") && subject.isEmpty()) {
        subject = line.substring(9);
      }
    }
    Thread.sleep(random.nextInt(slowestMillis + 1));
    for (String recipient : recipients) {
      accepted
          .computeIfAbsent(subject + " " + recipient, _ -> new CopyOnWriteArrayList<>())
          .add(System.nanoTime());
    }
    say(out, "250 2.0.0 kept");
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /** A line without its CRLF; null at the end. */
  private static String hear(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    ear.close();
    for (Socket each : sockets) {
      each.close();
    }
  }
}
