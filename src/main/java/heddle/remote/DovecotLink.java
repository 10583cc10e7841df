package heddle.remote;

import heddle.mail.Octets;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Dovecot's auth, on which many exchanges are under way at a time. One thread
 * reads and one writes, so that whoever asks waits for nothing but the answer, and an interrupt of
 * his does not close the connection under the others. Safe to share.
 */
final class DovecotLink {
  /** Each may hold a line of 16 KiB while Dovecot does not read. */
  private static final int MOST_WAITING = 1000;

  private static final int MOST_QUEUED = 4096;

  /** Of nine digits; Dovecot would take some more. */
  private static final int HIGHEST_ID = 999_999_999;

  private final SocketChannel channel;
  private final Duration mostSilence;
  private final BlockingQueue<byte[]> outgoing = new LinkedBlockingQueue<>(MOST_QUEUED);
  private final Map<Integer, CompletableFuture<DovecotAnswer>> waiting = new HashMap<>();
  private final CompletableFuture<DovecotGreeting> greeting = new CompletableFuture<>();
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private final Thread writer;
  private int lastId;

  /** By when something has to be heard; null while nothing is asked. */
  private @Nullable Deadline silence;

  /**
   * Takes a connection over and greets.
   *
   * @param pid by which the server is to know us; no two connections may have the same
   * @param mostSilence how long a server may say nothing although it is asked
   */
  DovecotLink(SocketChannel channel, long pid, Duration mostSilence, ThreadFactory threads) {
    this.channel = channel;
    this.mostSilence = mostSilence;
    String hello =
        "VERSION\t%d\t%d\nCPID\t%d\n".formatted(DovecotGreeting.MAJOR, DovecotGreeting.MINOR, pid);
    outgoing.add(hello.getBytes(StandardCharsets.US_ASCII));
    this.writer = threads.newThread(this::write);
    Thread reader = threads.newThread(this::read);
    writer.start();
    reader.start();
  }

  /**
   * What the server says of itself; waits for it.
   *
   * @throws IOException where that did not come in time
   */
  DovecotGreeting greeting(Deadline deadline) throws IOException, InterruptedException {
    try {
      return greeting.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw new IOException("no greeting in time");
    } catch (ExecutionException ended) {
      throw new IOException(end.join(), ended);
    }
  }

  /** Whether it was greeted with the mechanism. */
  boolean speaks(String mechanism) {
    return greeting.isDone() && greeting.join().mechanisms().contains(mechanism);
  }

  boolean isOpen() {
    return !end.isDone();
  }

  /** Waits for the end; says why. Empty where it lasts beyond the deadline. */
  Optional<String> awaitEnd(Deadline deadline) throws InterruptedException {
    try {
      return Optional.of(end.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException lasting) {
      return Optional.empty();
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    }
  }

  /** One exchange; its id is used for no other. */
  Call call() {
    synchronized (waiting) {
      lastId++;
      if (lastId == HIGHEST_ID) {
        cut("its numbers are used up");
      }
      return new Call(lastId);
    }
  }

  /** The lines of one exchange. Used by one thread at a time. */
  final class Call {
    private final int id;

    private Call(int id) {
      this.id = id;
    }

    /**
     * @param request what follows the id, without the initial response
     * @param initial in base64; wiped
     */
    DovecotAnswer begin(String request, Optional<byte[]> initial, Deadline deadline)
        throws InterruptedException {
      String before = "AUTH\t" + id + "\t" + request;
      // The initial response "must be the last parameter".
      return send(
          initial.isEmpty()
              ? DovecotLines.line(before, new byte[0], "")
              : DovecotLines.line(before + "\tresp=", initial.get(), ""),
          deadline);
    }

    /**
     * @param answer in base64, or "#" where it is ours and not the client's; wiped
     * @param binding in base64
     */
    DovecotAnswer go(byte[] answer, Optional<String> binding, Deadline deadline)
        throws InterruptedException {
      String after = binding.map(each -> "\tchannel_binding=" + each).orElse("");
      return send(DovecotLines.line("CONT\t" + id + "\t", answer, after), deadline);
    }

    /** Nobody wants the answer any more. Every server since 2.0 knows of it. */
    void cancel() {
      String line = "CANCEL\t" + id + "\n";
      queue(line.getBytes(StandardCharsets.US_ASCII));
    }

    private DovecotAnswer send(byte[] line, Deadline deadline) throws InterruptedException {
      if (line.length > DovecotLines.LONGEST_SENT) {
        // Dovecot would hang up, on everybody.
        Arrays.fill(line, (byte) 0);
        return new DovecotAnswer.None("longer than Dovecot takes");
      }
      CompletableFuture<DovecotAnswer> answer = new CompletableFuture<>();
      synchronized (waiting) {
        if (end.isDone()) {
          Arrays.fill(line, (byte) 0);
          return new DovecotAnswer.Lost(end.join());
        }
        if (waiting.size() >= MOST_WAITING) {
          Arrays.fill(line, (byte) 0);
          return new DovecotAnswer.None("too many questions at once");
        }
        waiting.put(id, answer);
        silence = silence == null ? Deadline.in(mostSilence) : silence;
      }
      queue(line);
      try {
        return answer.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException late) {
        return new DovecotAnswer.None("no answer from Dovecot in time");
      } catch (ExecutionException never) {
        throw new IllegalStateException(never);
      } finally {
        if (!answer.isDone()) {
          forget(line);
        }
      }
    }

    private void forget(byte[] line) {
      boolean dead;
      synchronized (waiting) {
        waiting.remove(id);
        dead = silence != null && silence.over();
      }
      if (dead) {
        cut("Dovecot has fallen silent");
      } else if (outgoing.remove(line)) {
        Arrays.fill(line, (byte) 0);
      } else {
        cancel();
      }
    }
  }

  private void queue(byte[] line) {
    if (!outgoing.offer(line)) {
      Arrays.fill(line, (byte) 0);
      cut("Dovecot does not listen");
    } else if (end.isDone()) {
      drain();
    }
  }

  private void write() {
    try {
      while (true) {
        byte[] line = outgoing.take();
        try {
          var octets = ByteBuffer.wrap(line);
          while (octets.hasRemaining()) {
            channel.write(octets);
          }
        } finally {
          Arrays.fill(line, (byte) 0);
        }
      }
    } catch (IOException gone) {
      cut("the connection was lost");
    } catch (InterruptedException cut) {
      drain();
    }
  }

  private void read() {
    try {
      var lines = new DovecotReader(channel);
      var ear = new DovecotGreeting.Ear();
      boolean greeted = false;
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        List<Octets> fields = DovecotLines.fields(line);
        if (greeted) {
          hear(fields);
        } else if (ear.hear(fields)) {
          greeted = true;
          greeting.complete(ear.greeting());
        }
      }
    } catch (ProtocolException nonsense) {
      cut("Dovecot was not understood: " + nonsense.getMessage());
    } catch (IOException gone) {
      cut("the connection was lost");
    } finally {
      cut("Dovecot hung up");
    }
  }

  private void hear(List<Octets> fields) throws ProtocolException {
    String verb = fields.getFirst().utf8().orElse("");
    boolean answer = verb.equals("OK") || verb.equals("FAIL") || verb.equals("CONT");
    int id = answer ? id(fields) : 0;
    CompletableFuture<DovecotAnswer> asker;
    synchronized (waiting) {
      silence = null;
      asker = waiting.get(id);
    }
    // CANCELLED, what we do not know of, and what nobody waits for any more.
    if (!answer || asker == null) {
      return;
    }
    DovecotAnswer said =
        DovecotAnswer.of(verb, fields.subList(2, fields.size()), greeting.join().bindsChannels());
    synchronized (waiting) {
      waiting.remove(id, asker);
    }
    asker.complete(said);
  }

  private static int id(List<Octets> fields) throws ProtocolException {
    String id = fields.size() < 2 ? "" : fields.get(1).utf8().orElse("");
    if (!id.matches("\\d{1,9}")) {
      throw new ProtocolException("an answer to nothing");
    }
    return Integer.parseInt(id);
  }

  /** Ends it for everyone who waits. */
  void cut(String why) {
    List<CompletableFuture<DovecotAnswer>> left;
    synchronized (waiting) {
      if (!end.complete(why)) {
        return;
      }
      left = List.copyOf(waiting.values());
      waiting.clear();
    }
    try {
      channel.close();
    } catch (IOException closedAllTheSame) {
      // Nobody is left to be told.
    }
    writer.interrupt();
    drain();
    greeting.completeExceptionally(new IOException(why));
    left.forEach(each -> each.complete(new DovecotAnswer.Lost(why)));
  }

  private void drain() {
    for (byte[] line = outgoing.poll(); line != null; line = outgoing.poll()) {
      Arrays.fill(line, (byte) 0);
    }
  }
}
