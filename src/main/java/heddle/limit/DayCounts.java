package heddle.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import heddle.mail.Id;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How many messages a credential has sent within 24 hours, counted by the hour: an hour's messages
 * fall out together. Bounded; safe to share.
 */
public final class DayCounts {
  private static final int HOURS = 24;
  private final Ticker ticker;
  private final Cache<Id, Day> days;

  /** One credential's hours. */
  private static final class Day {
    private final int[] sent = new int[HOURS];
    private final long[] hour = new long[HOURS];

    synchronized boolean take(long now, int most) {
      if (sum(now) >= most) {
        return false;
      }
      add(now, 1);
      return true;
    }

    synchronized void add(long now, int count) {
      int at = (int) (now % HOURS);
      if (hour[at] != now) {
        hour[at] = now;
        sent[at] = 0;
      }
      sent[at] = Math.max(0, sent[at] + count);
    }

    synchronized int sum(long now) {
      int sum = 0;
      for (int i = 0; i < HOURS; i++) {
        if (now - hour[i] < HOURS) {
          sum += sent[i];
        }
      }
      return sum;
    }
  }

  public DayCounts() {
    this(Ticker.systemTicker());
  }

  DayCounts(Ticker ticker) {
    this.ticker = ticker;
    this.days =
        Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterAccess(Duration.ofDays(1))
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /** The hours are counted from an origin of their own, never negative. */
  private long hour() {
    return Math.floorDiv(ticker.read(), TimeUnit.HOURS.toNanos(1)) + (1L << 30);
  }

  /** One more, if there may be one; of many that come at once no more than there may be. */
  public boolean take(Id credential, int most) {
    return days.get(credential, _ -> new Day()).take(hour(), most);
  }

  /** It was not sent after all. */
  public void giveBack(Id credential) {
    days.get(credential, _ -> new Day()).add(hour(), -1);
  }

  public int count(Id credential) {
    Day day = days.getIfPresent(credential);
    return day == null ? 0 : day.sum(hour());
  }
}
