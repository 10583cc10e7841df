package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A name server that never answers, a thousand connections: a login takes as long as always. */
class ResolverIT {
  private static final int HELD = 1_000;
  private static final int LOGINS = 60;

  @Test
  void a_silent_name_server_delays_no_login() throws Exception {
    double usual;
    double silent;
    try (ServerProcess server = ServerProcess.start(ServerProcess.CONFIG)) {
      usual = median(server);
    }
    try (var deaf =
            new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        ServerProcess server =
            ServerProcess.prepare(
                ServerProcess.CONFIG,
                Map.of("HEDDLE_JAVA_OPTS", "-Ddns.server=127.0.0.1:" + deaf.getLocalPort()))) {
      server.serve();
      silent = median(server);
    }
    System.out.printf(
        "resolver: with %d connections held, median login %.1f ms usually, %.1f ms under a silent name server%n",
        HELD, usual, silent);
    // A look-up that waited would cost seconds; what is compared here is noise.
    assertTrue(silent < usual + 500, usual + " ms became " + silent + " ms");
  }

  private static double median(ServerProcess server) throws Exception {
    List<Client> held = new ArrayList<>();
    for (int i = 0; i < HELD; i++) {
      held.add(new Client(server.port("submissions"), "127.0.0." + (1 + i % 200)));
    }
    double[] millis = new double[LOGINS];
    for (int i = 0; i < LOGINS; i++) {
      long began = System.nanoTime();
      new Client(server.port("submissions")).login().close();
      millis[i] = (System.nanoTime() - began) / 1e6;
    }
    for (Client client : held) {
      client.command("NOOP", 250);
      client.close();
    }
    assertEquals(HELD, held.size());
    Arrays.sort(millis);
    return millis[LOGINS / 2];
  }
}
