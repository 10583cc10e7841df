package heddle.remote;

import heddle.mail.Octets;
import java.net.ProtocolException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a server says of itself before the first question.
 *
 * @param minor the version of the protocol that both sides know
 * @param mechanisms upper case
 */
record DovecotGreeting(int minor, Set<String> mechanisms) {
  static final int MAJOR = 1;

  /** From 2 on an empty initial response is not an absent one, from 3 on channels are bound. */
  static final int MINOR = 4;

  private static final int CHANNEL_BINDING = 3;

  DovecotGreeting {
    mechanisms = Set.copyOf(mechanisms);
  }

  boolean bindsChannels() {
    return minor >= CHANNEL_BINDING;
  }

  /** Listens to the lines of one greeting. Used for one. */
  static final class Ear {
    /** RFC 4422 §3.1: up to 20 of A-Z, 0-9, hyphen and underscore. */
    private static final Pattern NAME = Pattern.compile("[A-Z0-9_-]{1,20}");

    private static final int MOST_LINES = 500;

    private final Set<String> mechanisms = new TreeSet<>();
    private int minor = -1;
    private int lines;

    /** Whether the line was the last. What we do not know of is passed over. */
    boolean hear(List<Octets> line) throws ProtocolException {
      if (++lines > MOST_LINES) {
        throw new ProtocolException("a greeting without end");
      }
      List<String> words = line.stream().map(each -> each.utf8().orElse("")).toList();
      if (minor < 0) {
        version(words);
        return false;
      }
      if (words.getFirst().equals("MECH") && words.size() > 1) {
        mechanism(words.get(1), words.subList(2, words.size()));
      }
      return words.getFirst().equals("DONE");
    }

    private void version(List<String> words) throws ProtocolException {
      boolean version =
          words.size() >= 3
              && words.getFirst().equals("VERSION")
              && words.subList(1, 3).stream().allMatch(each -> each.matches("\\d{1,9}"));
      if (!version) {
        throw new ProtocolException("no greeting of Dovecot's auth");
      }
      if (Integer.parseInt(words.get(1)) != MAJOR) {
        throw new ProtocolException("version " + words.get(1) + " of the protocol");
      }
      minor = Math.min(Integer.parseInt(words.get(2)), MINOR);
    }

    private void mechanism(String name, List<String> flags) {
      // "private" is not to be offered to clients; "anonymous" proves nothing of anybody.
      boolean ours = !flags.contains("private") && !flags.contains("anonymous");
      boolean bound = name.endsWith("-PLUS") || flags.contains("channel-binding");
      if (ours && NAME.matcher(name).matches() && (!bound || minor >= CHANNEL_BINDING)) {
        mechanisms.add(name);
      }
    }

    DovecotGreeting greeting() {
      return new DovecotGreeting(minor, mechanisms);
    }
  }
}
