package heddle.spool;

import heddle.event.Event;
import heddle.event.Events;
import heddle.mail.Id;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A spool's life on a {@link ForgetfulDisk}: several clients at once accept messages small and
 * large, change their state and end them, while segments retire; the process is killed in the midst
 * and starts anew. What was promised when is marked between the deeds.
 */
final class Rehearsal {
  static final Settings SMALL =
      new Settings(700, Segment.PREAMBLE + 4000, Duration.ofMinutes(1), Duration.ZERO);
  private static final int CLIENTS = 3;

  private final ForgetfulDisk disk;
  private final Samples.Clock clock = new Samples.Clock();
  private final Random random;

  Rehearsal(ForgetfulDisk disk, Random random) {
    this.disk = disk;
    this.random = random;
  }

  void run() throws Exception {
    int lives = 1 + random.nextInt(3);
    for (int life = 0; life < lives; life++) {
      ForgetfulDisk.Session session = disk.session(10 + random.nextInt(400));
      live(session);
      session.kill();
    }
  }

  private void live(ForgetfulDisk.Session session) throws Exception {
    try (Spool spool = Spool.open(session, SMALL, telling(), clock)) {
      List<List<Id>> shares = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        shares.add(new ArrayList<>());
      }
      for (QueueEntry entry : spool.entries()) {
        shares.get(random.nextInt(CLIENTS)).add(entry.id());
      }
      var threads = new ArrayList<Thread>();
      for (List<Id> share : shares) {
        long seed = random.nextLong();
        threads.add(Thread.ofVirtual().start(() -> client(spool, share, new Random(seed))));
      }
      while (threads.stream().anyMatch(Thread::isAlive)) {
        clock.advance(Duration.ofSeconds(random.nextInt(50)));
        spool.tick();
        Thread.sleep(0, 200_000);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      clock.advance(Duration.ofSeconds(61));
      spool.tick();
      clock.advance(Duration.ofSeconds(61));
      spool.tick();
      session.kill();
    } catch (IOException killed) {
      // While it opened.
    }
  }

  private Events telling() {
    return event -> {
      if (event instanceof Event.SpoolDamaged damaged) {
        Platter.File file = disk.now().find(damaged.keptAs());
        disk.mark(
            new Promises.Word.Kept(damaged.keptAs(), file == null ? new byte[0] : file.content()));
      }
    };
  }

  private void client(Spool spool, List<Id> mine, Random random) {
    try {
      for (int deeds = 14; deeds > 0; deeds--) {
        if (mine.isEmpty() || random.nextInt(5) < 2) {
          mine.add(accept(spool, random));
        } else {
          Id id = mine.get(random.nextInt(mine.size()));
          change(spool, id, random);
          if (spool.entry(id).isEmpty()) {
            mine.remove(id);
          }
        }
      }
    } catch (SpoolUnavailable killed) {
      // The other clients see the same.
    }
  }

  private Id accept(Spool spool, Random random) throws SpoolUnavailable {
    Id id = Samples.id(random);
    int recipients = 1 + random.nextInt(3);
    byte[] text =
        Samples.text(
            random, random.nextInt(4) == 0 ? 701 + random.nextInt(9000) : random.nextInt(700));
    var state = Optional.of(QueueEntry.fresh(Samples.ticket(id, recipients).sized(text.length)));
    disk.mark(new Promises.Word.Text(id, text));
    disk.mark(new Promises.Word.Trying(id, state));
    Samples.accept(spool, id, recipients, text);
    disk.mark(new Promises.Word.Promised(id));
    disk.mark(new Promises.Word.Acknowledged(id, state));
    return id;
  }

  private void change(Spool spool, Id id, Random random) throws SpoolUnavailable {
    QueueEntry now = spool.entry(id).orElseThrow();
    switch (random.nextInt(8)) {
      case 0 -> {
        disk.mark(new Promises.Word.Trying(id, Optional.empty()));
        spool.drop(id);
        disk.mark(new Promises.Word.Acknowledged(id, Optional.empty()));
      }
      case 1 -> {
        var next = Optional.of(now.held(Optional.of("why " + random.nextInt(9))));
        disk.mark(new Promises.Word.Trying(id, next));
        spool.hold(id, next.get().held().orElseThrow());
        disk.mark(new Promises.Word.Acknowledged(id, next));
      }
      case 2 -> {
        var next = Optional.of(now.held(Optional.empty()));
        disk.mark(new Promises.Word.Trying(id, next));
        spool.release(id);
        disk.mark(new Promises.Word.Acknowledged(id, next));
      }
      default -> outcome(spool, now, random);
    }
  }

  private void outcome(Spool spool, QueueEntry now, Random random) throws SpoolUnavailable {
    int index = random.nextInt(now.recipients().size());
    if (now.recipients().get(index).done()) {
      return;
    }
    Outcome outcome =
        switch (random.nextInt(4)) {
          case 0 -> new Outcome.Failed("550 no", "mx");
          case 1 -> new Outcome.Deferred("451 \u00e4", "mx", clock.instant());
          default -> new Outcome.Delivered("250 ok", "smarthost");
        };
    QueueEntry next = now.with(Map.of(index, now.recipients().get(index).after(outcome)));
    Optional<QueueEntry> state = next.finished() ? Optional.empty() : Optional.of(next);
    disk.mark(new Promises.Word.Trying(now.id(), state));
    spool.happened(now.id(), Map.of(index, outcome));
    disk.mark(new Promises.Word.Acknowledged(now.id(), state));
  }
}
