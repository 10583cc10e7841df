package heddle.remote;

import heddle.mail.Octets;
import heddle.wire.Deadline;
import java.util.Optional;
import java.util.Set;

/** Another server that speaks whole SASL exchanges through us. Safe to share. */
public interface Relay {
  /**
   * What it speaks, upper case, as it said last; nothing while it was never reached. No waiting.
   */
  Set<String> mechanisms();

  /**
   * Begins an exchange.
   *
   * @param mechanism upper case
   * @param initial absent, empty and data are three things
   * @param binding the octets of a channel binding type such as {@code tls-exporter}
   */
  Turn begin(
      String mechanism, Optional<Octets> initial, Caller caller, Binding binding, Deadline deadline)
      throws InterruptedException;

  /** What this connection can be bound to. */
  @FunctionalInterface
  interface Binding {
    /** Empty where the connection has no binding of that type. */
    Optional<Octets> of(String type);
  }

  /** What it says to a client's words. */
  sealed interface Turn {
    /**
     * The end.
     *
     * @param last what a mechanism says at its success
     */
    record Over(Verdict verdict, Optional<Octets> last) implements Turn {}

    /** It wants an answer. */
    record Asked(Octets challenge, Next next) implements Turn {}
  }

  /** The rest of an exchange; used by one conversation. */
  interface Next {
    Turn answer(Octets answer, Deadline deadline) throws InterruptedException;

    /** The client will not answer any more. */
    void abandon();
  }
}
