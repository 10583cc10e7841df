package heddle.scripting;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * Threads for one hook's calls. One whose call is over makes the next, unless it had to give way:
 * that cannot be taken back, and whatever such a thread starts or wakes would begin as it is. How
 * many there are is the caller's concern. Safe to share.
 */
final class HookThreads {
  /** Gives way to nobody; what a thread that gives way must not do itself, it does. */
  private static final Executor UPRIGHT =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("hook-answers").daemon(true).factory());

  private final String hook;
  private final ConcurrentLinkedDeque<HookThread> idle = new ConcurrentLinkedDeque<>();

  HookThreads(String hook) {
    this.hook = hook;
  }

  /** Begins the work at once. */
  void execute(Runnable work) {
    for (HookThread free = idle.pollFirst(); free != null; free = idle.pollFirst()) {
      if (free.offer(work)) {
        return;
      }
    }
    new HookThread(hook, work, idle::addFirst).start();
  }

  /** Tells somebody of an answer: they may run on the thread that tells them, or make others. */
  static void tell(Runnable news) {
    if (Thread.currentThread() instanceof HookThread thread && thread.givesWay()) {
      UPRIGHT.execute(news);
    } else {
      news.run();
    }
  }
}
