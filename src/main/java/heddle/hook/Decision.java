package heddle.hook;

import heddle.mail.Octets;
import heddle.mail.Reply;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An {@link AuthHook}'s answer; made by {@link Decisions}. */
public sealed interface Decision {
  /**
   * 235.
   *
   * @param username who logs in; empty: the user name of PLAIN or LOGIN
   * @param authzid in whose name they act; empty: their own
   * @param last goes out as a challenge first, and the client answers it with nothing (RFC 4954 §4)
   * @param groups of the one who logs in, for other hooks to see
   */
  record Accept(
      Optional<String> username,
      Optional<String> authzid,
      Optional<Octets> last,
      Set<String> groups)
      implements Decision {
    public Accept {
      groups = Set.copyOf(groups);
    }

    /** They may act in this name: the message is theirs, the rights are those of this one. */
    public Accept actingAs(String authzid) {
      return new Accept(username, Optional.of(authzid), last, groups);
    }

    /** What the mechanism says at its success. */
    public Accept last(Octets words) {
      return new Accept(username, authzid, Optional.of(words), groups);
    }

    /**
     * They belong to these: every hook of the connection sees it from now on, under {@code
     * connection().auth().get().groups()}.
     */
    public Accept groups(String... names) {
      return new Accept(username, authzid, last, Set.copyOf(List.of(names)));
    }
  }

  /** A definite no: 535 5.7.8 unless {@link #codes} says otherwise. */
  record Reject(Reply reply, boolean closes) implements Decision {
    public Reject {
      require(reply, 5);
    }

    /** The connection ends behind the reply. */
    public Reject disconnect() {
      return new Reject(reply, true);
    }

    /**
     * @param code 500 to 599
     * @param enhanced such as {@code "5.7.9"}
     * @throws IllegalArgumentException where they do not agree
     */
    public Reject codes(int code, String enhanced) {
      return new Reject(Words.coded(reply, code, Optional.of(enhanced)), closes);
    }
  }

  /** Not now: 454 4.7.0 unless {@link #codes} says otherwise. It counts as no failure. */
  record Defer(Reply reply, boolean closes) implements Decision {
    public Defer {
      require(reply, 4);
      closes = closes || Words.closes(reply);
    }

    /** The connection ends behind the reply; behind 421 it ends anyhow. */
    public Defer disconnect() {
      return new Defer(reply, true);
    }

    /**
     * @param code 400 to 499
     * @param enhanced such as {@code "4.7.12"}
     * @throws IllegalArgumentException where they do not agree
     */
    public Defer codes(int code, String enhanced) {
      return new Defer(Words.coded(reply, code, Optional.of(enhanced)), closes);
    }
  }

  /**
   * 334 with the prompt in base64; the hook is called again with the client's answer.
   *
   * @param closes the prompt is sent, and then the connection ends: the exchange counts as aborted
   */
  record Challenge(Octets prompt, boolean closes) implements Decision {
    /** The prompt is sent, and then the connection ends. */
    public Challenge disconnect() {
      return new Challenge(prompt, true);
    }

    /**
     * For scripts that say it.
     *
     * @param code 334; RFC 4954 §4 knows no other
     */
    public Challenge codes(int code) {
      if (code != 334) {
        throw new IllegalArgumentException("a challenge has the code 334, not " + code);
      }
      return this;
    }
  }

  /** The built-in mechanism is to decide, with the directories of {@code session.auth.lookup}. */
  record Verify() implements Decision {}

  private static void require(Reply reply, int kind) {
    if (reply.code() / 100 != kind || reply.status().isEmpty()) {
      throw new IllegalArgumentException(
          "the code must be " + kind + "00 to " + kind + "99, with a status: " + reply.code());
    }
  }
}
