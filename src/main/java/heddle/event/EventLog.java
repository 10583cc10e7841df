package heddle.event;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes each event as one line, of text or of JSON. The writing is done by a platform thread of
 * its own, so that no session waits for a slow terminal or journal; a queue that stays full drops
 * lines and says how many. Safe to share.
 */
public final class EventLog implements Events, AutoCloseable {
  /** Who reads the lines. */
  public enum Reader {
    /** It takes a priority, {@code <6>}, off the line's beginning, and knows the time itself. */
    JOURNALD,
    /** A person or a file: it wants the time. */
    OTHERS
  }

  /** How a line is written. */
  public enum Format {
    /** {@code TIME ID: event key=value …}. */
    TEXT,
    /** {@code {"ts":"TIME","level":"info","event":"…","id":"…",…}}. */
    JSON
  }

  private record Timed(Instant at, Event event) {}

  private static final int QUEUE = 65_536;

  /** Lines that come so close to one another go out in one write. */
  private static final Duration COMPANY = Duration.ofMillis(5);

  private final BlockingQueue<Timed> queue = new ArrayBlockingQueue<>(QUEUE);
  private final OutputStream out;
  private final Reader reader;
  private final InstantSource clock;
  private final Thread writer;
  private final AtomicLong dropped = new AtomicLong();
  private volatile Format format = Format.TEXT;
  private volatile boolean closing;

  public EventLog(OutputStream out, Reader reader, InstantSource clock) {
    this.out = out;
    this.reader = reader;
    this.clock = clock;
    this.writer = Thread.ofPlatform().name("log").daemon(true).unstarted(this::write);
  }

  public EventLog start() {
    writer.start();
    return this;
  }

  /** Text until this is called; call it before the first event is told. */
  public void write(Format as) {
    format = as;
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
    if (reader == Reader.JOURNALD) {
      text.append('<').append(facts.severity().syslog()).append('>');
    }
    switch (format) {
      case TEXT -> {
        if (reader == Reader.OTHERS) {
          text.append(Millis.text(at)).append(' ');
        }
        text.append(Logfmt.line(facts));
      }
      case JSON -> text.append(JsonLine.of(at, facts));
    }
    text.append('\n');
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
