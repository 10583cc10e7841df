package heddle.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.peer.RemoteAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class HashWorkersTest {
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());

  private Thread ask(HashWorkers workers, boolean suspect, String name) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                workers.run(suspect, () -> order.add(name));
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
  }

  private static void awaitWaiting(HashWorkers workers, int count) throws Exception {
    while (workers.waiting() != count) {
      Thread.sleep(1);
    }
  }

  private static Thread occupy(HashWorkers workers, CountDownLatch until) throws Exception {
    var busy = new CountDownLatch(1);
    Thread holder =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    workers.run(
                        false,
                        () -> {
                          busy.countDown();
                          until.await();
                          return 1;
                        });
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
    busy.await();
    return holder;
  }

  @Test
  void suspects_wait_behind_the_others_though_they_came_first() throws Exception {
    var until = new CountDownLatch(1);
    try (var workers = new HashWorkers(1, 8, Duration.ofSeconds(20))) {
      List<Thread> all = new ArrayList<>(List.of(occupy(workers, until)));
      all.add(ask(workers, true, "suspect"));
      awaitWaiting(workers, 1);
      all.add(ask(workers, false, "first"));
      awaitWaiting(workers, 2);
      all.add(ask(workers, false, "second"));
      awaitWaiting(workers, 3);
      until.countDown();
      for (Thread thread : all) {
        thread.join();
      }
    }
    assertEquals(List.of("first", "second", "suspect"), order);
  }

  @Test
  void a_full_queue_of_suspects_leaves_room_for_the_others() throws Exception {
    var until = new CountDownLatch(1);
    try (var workers = new HashWorkers(1, 4, Duration.ofSeconds(20))) {
      Thread holder = occupy(workers, until);
      Thread one = ask(workers, true, "suspect");
      awaitWaiting(workers, 1);
      assertEquals(Optional.empty(), workers.run(true, () -> 1));
      Thread other = ask(workers, false, "person");
      awaitWaiting(workers, 2);
      until.countDown();
      holder.join();
      one.join();
      other.join();
    }
    assertEquals(List.of("person", "suspect"), order);
  }

  @Test
  void who_gives_up_leaves_the_queue() throws Exception {
    var until = new CountDownLatch(1);
    try (var workers = new HashWorkers(1, 4, Duration.ofMillis(50))) {
      Thread holder = occupy(workers, until);
      assertEquals(Optional.empty(), workers.run(false, () -> order.add("late")));
      assertEquals(0, workers.waiting());
      until.countDown();
      holder.join();
      assertEquals(Optional.of(1), workers.run(false, () -> 1));
    }
    assertEquals(List.of(), order);
  }

  @Test
  void a_worker_survives_what_it_was_asked_to_do() throws Exception {
    try (var workers = new HashWorkers(1, 4, Duration.ofSeconds(20))) {
      assertThrows(
          IllegalStateException.class,
          () ->
              workers.run(
                  false,
                  () -> {
                    throw new IllegalArgumentException("broken");
                  }));
      assertEquals(Optional.of(1), workers.run(false, () -> 1));
    }
  }

  @Test
  void closed_workers_are_busy() throws Exception {
    var workers = new HashWorkers(1, 4, Duration.ofSeconds(20));
    workers.close();
    assertEquals(Optional.empty(), workers.run(false, () -> 1));
  }

  @Test
  void three_failures_make_a_network_suspect_and_not_its_neighbour() throws Exception {
    var suspicion = new Suspicion();
    var here = new RemoteAddress(InetAddress.ofLiteral("192.0.2.1"), 1);
    var beside = new RemoteAddress(InetAddress.ofLiteral("192.0.2.99"), 2);
    var far = new RemoteAddress(InetAddress.ofLiteral("198.51.100.1"), 1);
    for (int i = 0; i < 3; i++) {
      assertFalse(suspicion.suspects(here));
      suspicion.failed(here);
    }
    assertTrue(suspicion.suspects(here) && suspicion.suspects(beside));
    assertFalse(suspicion.suspects(far));
  }
}
