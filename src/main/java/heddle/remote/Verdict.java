package heddle.remote;

import heddle.mail.Octets;
import java.util.Optional;
import java.util.Set;

/** What another server says of a login. */
public sealed interface Verdict {
  /**
   * It is right.
   *
   * @param name what the server calls them, where it says so
   */
  record Yes(Optional<String> name, Set<String> groups) implements Verdict {
    public static final Yes PLAIN = new Yes(Optional.empty(), Set.of());

    public Yes {
      groups = Set.copyOf(groups);
    }
  }

  /** A definite no. */
  record No(Why why) implements Verdict {}

  /** What is wrong. */
  enum Why {
    /** The password; or the name, where the server does not tell the two apart. */
    WRONG,
    /** The server says that it has no such name: the next may be asked. */
    UNKNOWN,
    /** The account is shut. */
    DISABLED
  }

  /** The password was right once and has to be changed before it is right again. */
  record Expired() implements Verdict {}

  /**
   * It judges nothing: this is what it keeps of the password.
   *
   * @param hash in one of the forms that are known by their beginning; empty where no password is
   *     set
   */
  record Kept(Optional<Octets> hash, Set<String> groups) implements Verdict {
    public Kept {
      groups = Set.copyOf(groups);
    }
  }

  /**
   * It did not say: out of reach, late, not understood.
   *
   * @param why for a log, in our words or cleaned of control characters; never a secret
   */
  record Unavailable(String why) implements Verdict {}
}
