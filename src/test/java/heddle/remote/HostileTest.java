package heddle.remote;

import static heddle.remote.Questions.ask;
import static heddle.remote.Questions.told;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.dial.Trust;
import heddle.mail.Secret;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Web services that answer something else than was asked. */
class HostileTest {
  private interface Script {
    void play(Socket socket) throws Exception;
  }

  private static ServerSocket serve(Script script, java.util.List<Socket> all) throws Exception {
    var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              while (!server.isClosed()) {
                try {
                  Socket socket = server.accept();
                  all.add(socket);
                  Thread.ofVirtual()
                      .start(
                          () -> {
                            try {
                              script.play(socket);
                            } catch (Exception gone) {
                              // over
                            }
                          });
                } catch (Exception closed) {
                  return;
                }
              }
            });
    return server;
  }

  private static HttpAsker asker(int port, Optional<SecretSource> bearer) {
    return new HttpAsker(
        new HttpSettings(
            URI.create("http://127.0.0.1:" + port + "/check"),
            new Trust.Public(),
            Optional.empty(),
            bearer,
            false));
  }

  private static void readHead(Socket socket) throws Exception {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[4096];
    int n = in.read(buffer);
    assertTrue(n > 0);
  }

  private static void answer(Socket socket, String text) throws Exception {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** RFC 6750 §3.1: it is our token that is no good; nobody's password was looked at. */
  @Test
  void that_our_own_token_is_refused_is_no_verdict_about_a_password() throws Exception {
    var all = new CopyOnWriteArrayList<Socket>();
    try (ServerSocket server =
            serve(
                socket -> {
                  readHead(socket);
                  answer(
                      socket,
                      "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer error=\"invalid_token\"\r\n"
                          + "Content-Length: 0\r\n\r\n");
                },
                all);
        HttpAsker asker =
            asker(server.getLocalPort(), Optional.of(() -> Secret.ofUtf8("expired")))) {
      String verdict = told(ask(asker, "anna", "right"));
      assertTrue(verdict.startsWith("unavailable"), verdict);
    }
  }

  private static long estab(int port) throws Exception {
    String hex = String.format(":%04X ", port);
    long n = 0;
    for (String file : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
      for (String line : java.nio.file.Files.readAllLines(java.nio.file.Path.of(file))) {
        String[] f = line.trim().split(" +");
        // Remote port is the server's: our side. 01: ESTABLISHED.
        if (f.length > 3 && (f[2] + " ").endsWith(hex) && f[3].equals("01")) {
          n++;
        }
      }
    }
    return n;
  }
}
