package heddle.session;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One message of a client, and what must come of it: a mechanism is a tree of these, written down
 * from its RFC.
 *
 * @param what for people
 * @param words the message, undecorated; of what was heard before, where it needs that
 * @param fixed whether it can be said before the server has answered
 */
record Said(String what, Function<Course, byte[]> words, boolean fixed, Then then) {
  /** As long as a line may be. */
  static final String LONGEST = "as much as fits a line";

  /** What a message leads to. */
  sealed interface Then {}

  record Over(End end) implements Then {}

  /**
   * A challenge.
   *
   * @param prompt whether the octets of the 334 are right
   * @param answers what may be said now
   * @param last whether these are the server's words at its success
   */
  record Asked(BiPredicate<Course, byte[]> prompt, Supplier<List<Said>> answers, boolean last)
      implements Then {}

  static Said of(String what, String words, Then then) {
    return of(what, words.getBytes(StandardCharsets.UTF_8), then);
  }

  static Said of(String what, byte[] words, Then then) {
    return new Said(what, _ -> words, true, then);
  }

  static Said of(String words, End end) {
    return of(words.replace('\0', '|').replace('\u0001', '^'), words, new Over(end));
  }

  /** Words that need the server's own. */
  static Said reply(String what, Function<Course, String> words, Then then) {
    return new Said(what, c -> words.apply(c).getBytes(StandardCharsets.UTF_8), false, then);
  }

  static Said longest(Then then) {
    byte[] words = new byte[12_288 / 4 * 3];
    Arrays.fill(words, (byte) 'a');
    return of(LONGEST, words, then);
  }

  static Said longest(End end) {
    return longest(new Over(end));
  }

  static Asked asked(String prompt, Supplier<List<Said>> answers) {
    byte[] wanted = prompt.getBytes(StandardCharsets.UTF_8);
    return new Asked((_, heard) -> Arrays.equals(wanted, heard), answers, false);
  }

  /** RFC 4954 §4: what the server says at its success comes in a 334, answered by nothing. */
  static Asked lastWords(BiPredicate<Course, byte[]> prompt) {
    return new Asked(
        prompt,
        () ->
            List.of(
                of("nothing", "", new Over(End.ACCEPTED)),
                of("nothing", "", new Over(End.ACCEPTED)),
                of("nothing", "", new Over(End.ACCEPTED)),
                of("something", "x", new Over(End.MALFORMED)),
                longest(End.MALFORMED)),
        true);
  }
}
