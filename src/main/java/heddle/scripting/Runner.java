package heddle.scripting;

import heddle.event.Event;
import heddle.event.Events;
import heddle.mail.Id;
import heddle.wire.Deadline;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Calls one hook, each call on a thread of its own and for so long only. A call that does not end
 * when it is told to is left behind; with a few of these left behind, the hook is not called any
 * more, and whoever would is told so at once. Safe to share.
 */
final class Runner {
  /** So many calls at one time. */
  static final int CALLS = 32;

  /** Each call left behind may burn a core: with so many the pool counts as full of them. */
  static final int STUCK = 4;

  private static final int FRAMES = 12;

  /** A call that takes longer is no quick one: from then on it is looked at, ever more seldom. */
  private static final int QUICK_MILLIS = 20;

  private static final int LONGEST_SLICE_MILLIS = 500;

  /** A tenth of a core, for where ten others burn it already. */
  private static final int BURNING = 10;

  /** A sleeping call that is told to end needs a moment for it. */
  private static final int GRACE_MILLIS = 100;

  private final String hook;
  private final Duration patience;
  private final Events events;
  private final Timing timing;
  private final Semaphore places = new Semaphore(CALLS, true);
  private final Set<Call<?>> stuck = ConcurrentHashMap.newKeySet();
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();

  /** As many as there are places, and those that rest. */
  private final HookThreads threads;

  Runner(String hook, Duration patience, Events events, Timing timing) {
    this.hook = hook;
    this.patience = patience;
    this.events = events;
    this.timing = timing;
    this.threads = new HookThreads(hook);
    Printing.install();
  }

  long calls() {
    return calls.get();
  }

  long failures() {
    return failures.get();
  }

  int stuckCalls() {
    return stuck.size();
  }

  /** Where a call that was left behind is now; empty where there is none. */
  List<String> stuckStack() {
    return stuck.stream().findFirst().map(Call::stack).orElse(List.of());
  }

  <T> Outcome<T> call(Optional<Id> connection, Callable<@Nullable T> work)
      throws InterruptedException {
    long began = System.nanoTime();
    try {
      return answer(connection, work);
    } finally {
      timing.took(hook, Duration.ofNanos(System.nanoTime() - began));
    }
  }

  private <T> Outcome<T> answer(Optional<Id> connection, Callable<@Nullable T> work)
      throws InterruptedException {
    calls.incrementAndGet();
    Deadline deadline = Deadline.in(patience);
    if (stuck.size() >= STUCK) {
      return failed(connection, STUCK + " calls of it are stuck; see: heddle hook list");
    }
    if (!places.tryAcquire(deadline.millisLeft(), TimeUnit.MILLISECONDS)) {
      return failed(connection, "too many calls of it at once");
    }
    var call = new Call<T>(connection, work);
    boolean begun = false;
    try {
      threads.execute(call);
      begun = true;
    } finally {
      if (!begun) { // no memory for a thread
        places.release();
      }
    }
    try {
      return new Outcome.Said<>(Optional.ofNullable(call.answer(deadline)));
    } catch (ExecutionException thrown) {
      return failed(connection, told(thrown.getCause()));
    } catch (TimeoutException | CancellationException late) {
      call.leave();
      return failed(connection, "no answer within " + seconds());
    } catch (InterruptedException stopped) {
      call.leave();
      throw stopped;
    }
  }

  private String seconds() {
    return String.format(java.util.Locale.ROOT, "%.1f s", patience.toMillis() / 1000.0);
  }

  private <T> Outcome<T> failed(Optional<Id> connection, String why) {
    failures.incrementAndGet();
    events.tell(new Event.HookFailed(connection, hook, why));
    return new Outcome.Failed<>(why);
  }

  /** Class and place; never the message, which may repeat what the client said. */
  private static String told(@Nullable Throwable thrown) {
    if (thrown == null) {
      return "it failed";
    }
    String where =
        Arrays.stream(thrown.getStackTrace())
            .filter(f -> !f.getClassName().matches("(java|javax|jdk|sun|heddle)\\..*"))
            .findFirst()
            .map(f -> " at " + f.getFileName() + ":" + f.getLineNumber())
            .orElse("");
    return thrown.getClass().getSimpleName() + where;
  }

  /** One call, from its place taken to its place given back. */
  private final class Call<T> extends FutureTask<@Nullable T> {
    private final Optional<Id> connection;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private boolean over;

    Call(Optional<Id> connection, Callable<@Nullable T> work) {
      super(work);
      this.connection = connection;
    }

    /** Meanwhile it is seen to that a call which burns a core gives way to all who want it, too. */
    @Nullable T answer(Deadline deadline)
        throws ExecutionException, TimeoutException, InterruptedException {
      long slice = QUICK_MILLIS;
      long burnt = -1;
      while (!answered.await(Math.min(slice, deadline.millisLeft()), TimeUnit.MILLISECONDS)) {
        if (deadline.over()) {
          throw new TimeoutException();
        }
        long now = cpuMillis();
        if (burnt >= 0 && now - burnt > slice / BURNING) {
          giveWay();
        }
        burnt = now;
        slice = Math.min(2 * slice, LONGEST_SLICE_MILLIS);
      }
      return get();
    }

    /** -1 where it has not begun. */
    private long cpuMillis() {
      Thread at = thread;
      return at == null ? -1 : Cpu.THREADS.getThreadCpuTime(at.threadId()) / 1_000_000;
    }

    private synchronized void giveWay() {
      if (!over && thread instanceof HookThread at && !at.givesWay()) {
        at.giveWay();
      }
    }

    @Override
    protected void done() {
      HookThreads.tell(answered::countDown);
    }

    @Override
    public void run() {
      Thread current = Thread.currentThread();
      thread = current;
      try {
        super.run();
      } finally {
        end();
        String printed = current instanceof HookThread h ? h.printed() : "";
        if (!printed.isEmpty()) {
          events.tell(new Event.HookPrinted(connection, hook, printed));
        }
      }
    }

    private void end() {
      synchronized (this) {
        over = true;
        stuck.remove(this);
      }
      HookThreads.tell(
          () -> {
            ended.countDown();
            places.release();
          });
    }

    /** Tells it to end; one that has not ended a moment later is stuck. */
    void leave() {
      cancel(true);
      try {
        if (ended.await(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
      boolean last = false;
      synchronized (this) {
        if (!over) {
          stuck.add(this);
          last = stuck.size() == STUCK;
        }
      }
      if (last) {
        events.tell(new Event.HookStuck(hook, STUCK, String.join(" < ", stack())));
      }
    }

    private List<String> stack() {
      Thread at = thread;
      return at == null
          ? List.of()
          : Arrays.stream(at.getStackTrace())
              .takeWhile(f -> !f.getClassName().startsWith("heddle."))
              .limit(FRAMES)
              .map(StackTraceElement::toString)
              .toList();
    }
  }

  /** Not looked for before a call takes long: it costs a moment. */
  private static final class Cpu {
    static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  }
}
