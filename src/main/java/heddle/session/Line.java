package heddle.session;

import heddle.mail.Reply;
import heddle.wire.Deadline;
import heddle.wire.Heard;
import heddle.wire.LineReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The line of one conversation: commands in, replies out. Replies are gathered and go out in one
 * write when we would have to wait for the client (RFC 2920 §3.2). Used by one conversation; {@link
 * #dismiss} may be called by others.
 */
final class Line {
  private static final int GATHERED = 16 * 1024;

  /** How long a last word may wait for those before it. */
  private static final Duration LAST_WORD = Duration.ofMillis(400);

  private final Transport transport;
  private final LineReader reader;
  private final Transcript transcript = new Transcript();
  private final StringBuilder gathered = new StringBuilder();
  private final ReentrantLock lock = new ReentrantLock();
  private boolean idle;
  private boolean dismissed;

  Line(Transport transport) {
    this.transport = transport;
    this.reader = new LineReader(this::read);
  }

  private int read(byte[] into, int off, int len, Deadline deadline) throws IOException {
    flush();
    return transport.read(into, off, len, deadline);
  }

  Transcript transcript() {
    return transcript;
  }

  LineReader reader() {
    return reader;
  }

  /** Waits for a line; meanwhile the conversation may be dismissed. */
  Heard hear(int limit, Deadline deadline) throws IOException {
    if (!reader.linePending()) {
      flush();
      setIdle(true);
    }
    try {
      return reader.hear(limit, deadline);
    } finally {
      setIdle(false);
    }
  }

  void say(Reply reply) throws IOException {
    lock.lock();
    try {
      if (!dismissed) {
        transcript.said(reply);
        gathered.append(reply.wire());
      }
    } finally {
      lock.unlock();
    }
    if (gathered.length() > GATHERED) {
      flush();
    }
  }

  void flush() throws IOException {
    lock.lock();
    try {
      if (gathered.length() > 0) {
        byte[] octets = gathered.toString().getBytes(StandardCharsets.UTF_8);
        gathered.setLength(0);
        transport.write(octets, 0, octets.length);
      }
    } finally {
      lock.unlock();
    }
  }

  private void setIdle(boolean now) {
    lock.lock();
    try {
      idle = now;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a conversation that waits for its client, with a last word. Does not wait for one that is
   * busy; but saying the last word may take as long as any write.
   *
   * @return false where it is busy: then it must look for itself before it waits again
   */
  boolean dismiss(Reply lastWord) {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      if (!idle || dismissed) {
        return dismissed;
      }
      say(lastWord);
      dismissed = true;
      flush();
    } catch (IOException gone) {
      // Gone is what was wanted.
    } finally {
      lock.unlock();
    }
    transport.close();
    return true;
  }

  /**
   * Ends the conversation at once with a last word, whatever is under way: a message that is not
   * whole yet comes to nothing.
   *
   * @return false where it had ended before
   */
  boolean expel(Reply lastWord) {
    boolean mine = false;
    try {
      if (!lock.tryLock(LAST_WORD.toMillis(), TimeUnit.MILLISECONDS)) {
        transport.abort(); // it waits for a client that takes nothing
        return true;
      }
      try {
        if (!dismissed) {
          mine = true;
          say(lastWord);
          dismissed = true;
          flush();
        }
      } finally {
        lock.unlock();
      }
    } catch (IOException gone) {
      // Gone is what was wanted.
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    transport.close();
    return mine;
  }

  boolean dismissed() {
    lock.lock();
    try {
      return dismissed;
    } finally {
      lock.unlock();
    }
  }
}
