package heddle.hook;

import org.jspecify.annotations.Nullable;

/**
 * Decides about a login, or speaks a SASL mechanism of the site's own. It works at the listeners
 * where {@code session.auth.hook} names its class.
 *
 * <p>It is called when a client says AUTH with a mechanism that is offered ({@link
 * AuthAttempt#state} is 0), and again with one more for each {@link Decisions#reply reply} that the
 * client has answered. PLAIN and LOGIN are decoded beforehand: user name and password are there at
 * state 0, and a response only behind a reply of the hook's own.
 *
 * <p>There is one object of the class, made by its public constructor without parameters; many
 * connections call it at the same time. What belongs to one connection belongs into {@link
 * AuthAttempt#attributes}.
 */
@FunctionalInterface
public interface AuthHook {
  /**
   * @return one of {@link Decisions}; {@code null} is {@link Decisions#reject}
   * @throws Exception which the client hears of as 454: nobody's password is called wrong because
   *     the hook has a mistake. The same holds for a call that outlasts {@code hooks.timeout}
   */
  @Nullable Decision auth(AuthAttempt attempt) throws Exception;
}
