package heddle.event;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Writes each event as one logfmt line: {@code ID: event key=value …}. The writing is done by a
 * platform thread of its own, so that no session waits for a slow terminal or journal; a queue that
 * stays full drops lines and says how many. Safe to share.
 */
public final class TextLog implements Events, AutoCloseable {
  /** What stands before the line. */
  public enum Style {
    /** {@code <6>}: journald reads the priority and adds the time itself. */
    JOURNALD,
    /** An RFC 3339 time in UTC, to the millisecond. */
    TIMED
  }

  private record Timed(Instant at, Event event) {}

  private static final int QUEUE = 65_536;

  /** Lines that come so close to one another go out in one write. */
  private static final Duration COMPANY = Duration.ofMillis(5);

  private final BlockingQueue<Timed> queue = new ArrayBlockingQueue<>(QUEUE);
  private final OutputStream out;
  private final Style style;
  private final InstantSource clock;
  private final Thread writer;
  private final java.util.concurrent.atomic.AtomicLong dropped =
      new java.util.concurrent.atomic.AtomicLong();
  private volatile boolean closing;

  public TextLog(OutputStream out, Style style, InstantSource clock) {
    this.out = out;
    this.style = style;
    this.clock = clock;
    this.writer = Thread.ofPlatform().name("log").daemon(true).unstarted(this::write);
  }

  public TextLog start() {
    writer.start();
    return this;
  }

  @Override
  public void tell(Event event) {
    if (!queue.offer(new Timed(clock.instant(), event))) {
      dropped.incrementAndGet();
    }
  }

  private void write() {
    List<Timed> batch = new ArrayList<>();
    var text = new StringBuilder();
    try {
      while (true) {
        Timed first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          if (closing) {
            return;
          }
          continue;
        }
        batch.add(first);
        if (!closing) {
          Thread.sleep(COMPANY);
        }
        queue.drainTo(batch, 1023);
        for (Timed timed : batch) {
          line(timed.at(), timed.event(), text);
        }
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
          line(
              clock.instant(),
              new Event.Warning(
                  lost + " log lines were dropped",
                  "the log's reader is slower than the events come",
                  "look at what reads standard output"),
              text);
        }
        batch.clear();
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
        text.setLength(0);
      }
    } catch (IOException readerGone) {
      // Nobody reads any more; the server goes on without a log rather than not at all.
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void line(Instant at, Event event, StringBuilder text) {
    Facts facts = Facts.of(event);
    if (facts.severity() == Facts.Severity.DEBUG) {
      return;
    }
    switch (style) {
      case JOURNALD -> text.append('<').append(facts.severity().syslog()).append('>');
      case TIMED -> {
        String time = at.truncatedTo(ChronoUnit.MILLIS).toString();
        // Instant drops ".000"; a column that changes its width is hard to read.
        text.append(time.length() == 20 ? time.substring(0, 19) + ".000Z" : time).append(' ');
      }
    }
    text.append(Logfmt.line(facts)).append('\n');
  }

  /** Writes what is queued, then stops. */
  @Override
  public void close() {
    closing = true;
    try {
      writer.join(2_000);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
