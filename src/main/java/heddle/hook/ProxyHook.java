package heddle.hook;

import org.jspecify.annotations.Nullable;

/**
 * Sees every command line before the server does, and may change it or answer it. It works at the
 * listeners where {@code session.proxy} names its class. The data of a message never comes here,
 * nor do the lines of an AUTH exchange, unless {@code .next()} asks for them.
 *
 * <p>There is one object of the class; many connections call it at the same time.
 */
@FunctionalInterface
public interface ProxyHook {
  /**
   * @return {@link Decisions#pass} or {@link Decisions#proxyReply}; {@code null} is {@code pass()}
   * @throws Exception which ends the connection with 421, as does a call that outlasts {@code
   *     hooks.timeout}
   */
  @Nullable ProxyDecision command(ProxyCommand command) throws Exception;
}
