package heddle.sasl;

/**
 * One voice in the question "who is this?". Asked in order; the first that does not pass decides.
 */
@FunctionalInterface
public interface Authenticator {
  Decision decide(Attempt attempt) throws Exception;
}
