package heddle.directory;

import heddle.sasl.Identity;
import java.util.function.Predicate;

/** Sends those home whose login is not good any more. Returns at once; safe to share. */
@FunctionalInterface
public interface Leaving {
  void leave(Predicate<Identity> whose);
}
