package heddle.spool;

import heddle.mail.Id;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Random;

/** Sixteen clients send 25 MB at once, in a process of its own with little memory. */
final class SixteenLargeMessages {
  private static final int SIZE = 25_000_000;

  private SixteenLargeMessages() {}

  public static void main(String[] arguments) throws Exception {
    try (Spool spool =
        Spool.open(
            new RealDisk(Path.of(arguments[0])),
            Settings.DEFAULT,
            event -> {},
            InstantSource.system())) {
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < 16; i++) {
        Id id = Samples.id(new Random());
        threads.add(Thread.ofVirtual().start(() -> send(spool, id)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      long whole = spool.entries().stream().filter(entry -> entry.ticket().size() == SIZE).count();
      System.out.println("accepted " + whole);
    }
  }

  private static void send(Spool spool, Id id) {
    byte[] some = new byte[8192];
    try (Draft draft = spool.draft(id)) {
      for (int left = SIZE; left > 0; left -= some.length) {
        draft.write(some, 0, Math.min(left, some.length));
      }
      draft.commit(Samples.ticket(id, 1));
    } catch (SpoolUnavailable e) {
      throw new IllegalStateException(e);
    }
  }
}
