package heddle.dns;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A program of its own: says what the resolver check says. Given the port, 400 virtual threads ask
 * a name server that never answers, then one more is started, and it prints how many milliseconds
 * that one waited.
 */
final class Carriers {
  private Carriers() {}

  public static void main(String[] arguments) throws Exception {
    System.out.println("check: " + Names.checkResolver().orElse("well"));
    if (arguments.length == 0) {
      return;
    }
    int port = Integer.parseInt(arguments[0]);
    try (var silent = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
      var started = new CountDownLatch(2);
      for (int i = 0; i < 400; i++) {
        String name = "host" + i + ".example.org";
        Thread.ofVirtual().start(() -> ask(name, started));
      }
      started.await();
      Thread.sleep(300);
      long began = System.nanoTime();
      Thread fresh = Thread.ofVirtual().start(() -> {});
      boolean ran = fresh.join(Duration.ofSeconds(4));
      System.out.println("waited: " + (ran ? (System.nanoTime() - began) / 1_000_000 : -1));
      System.out.println("asked: " + count(silent));
    }
    Runtime.getRuntime().halt(0);
  }

  /** Questions that lie there unread. */
  private static int count(DatagramSocket silent) throws IOException {
    silent.setSoTimeout(100);
    for (int asked = 0; ; asked++) {
      try {
        silent.receive(new DatagramPacket(new byte[512], 512));
      } catch (SocketTimeoutException noMore) {
        return asked;
      }
    }
  }

  private static void ask(String name, CountDownLatch started) {
    try {
      started.countDown();
      InetAddress unused = InetAddress.getByName(name);
    } catch (UnknownHostException asExpected) {
      // nobody answers
    }
  }
}
