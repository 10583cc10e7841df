package heddle.dns;

import heddle.wire.Deadline;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;
import org.xbill.DNS.lookup.RedirectLoopException;
import org.xbill.DNS.lookup.RedirectOverflowException;
import org.xbill.DNS.lookup.ServerFailedException;

/** One question to the DNS and how to wait for it. Keeps what it heard as long as it holds. */
final class Lookups {
  // A lost packet is asked for again well before most callers lose patience.
  private static final Duration EACH_TRY = Duration.ofSeconds(2);
  private static final Duration ALL_TRIES = Duration.ofSeconds(30);
  private final LookupSession session;

  private Lookups(ExtendedResolver resolver) {
    resolver.setTimeout(ALL_TRIES);
    for (Resolver each : resolver.getResolvers()) {
      each.setTimeout(EACH_TRY);
    }
    session = LookupSession.builder().resolver(resolver).cache(new Cache(DClass.IN)).build();
  }

  static Lookups system() {
    return new Lookups(new ExtendedResolver());
  }

  static Lookups of(List<InetSocketAddress> resolvers) {
    var simple = new ArrayList<Resolver>();
    for (InetSocketAddress address : resolvers) {
      simple.add(new SimpleResolver(address));
    }
    return new Lookups(new ExtendedResolver(simple));
  }

  /** Asks, and does not wait. */
  Pending begin(Name name, int type) {
    return new Pending(session.lookupAsync(name, type).toCompletableFuture());
  }

  /** A question on its way. */
  record Pending(CompletableFuture<LookupResult> coming) {
    /**
     * Waits for the answer.
     *
     * @param value of a record; null where it is of another kind (an alias on the way)
     */
    <T> Answer<List<T>> answer(Function<Record, @Nullable T> value, Deadline deadline) {
      try {
        long nanos = deadline.left().toNanos();
        LookupResult result = coming.get(nanos, TimeUnit.NANOSECONDS);
        var found = new ArrayList<T>();
        for (Record each : result.getRecords()) {
          T wanted = value.apply(each);
          if (wanted != null) {
            found.add(wanted);
          }
        }
        return found.isEmpty() ? new Answer.None<>() : new Answer.Found<>(List.copyOf(found));
      } catch (TimeoutException late) {
        coming.cancel(false);
        return new Answer.Unknown<>("no answer from the name server in time");
      } catch (ExecutionException told) {
        return verdict(told.getCause());
      } catch (InterruptedException stop) {
        coming.cancel(false);
        Thread.currentThread().interrupt();
        return new Answer.Unknown<>("interrupted");
      }
    }
  }

  private static <T> Answer<List<T>> verdict(@Nullable Throwable told) {
    return switch (told) {
      case CompletionException wrapped -> verdict(wrapped.getCause());
      case NoSuchDomainException nxdomain -> new Answer.None<>();
      case NoSuchRRSetException nodata -> new Answer.None<>();
      case ServerFailedException servfail -> new Answer.Unknown<>("name server failure");
      case RedirectLoopException loop -> new Answer.Unknown<>("aliases in a circle");
      case RedirectOverflowException chain -> new Answer.Unknown<>("too many aliases");
      case null, default -> new Answer.Unknown<>("no usable answer from the name server");
    };
  }
}
