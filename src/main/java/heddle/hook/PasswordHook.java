package heddle.hook;

import heddle.mail.Secret;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;

/**
 * Tells whether a password is right. It is a directory: it works where {@code session.auth.lookup}
 * names {@code "hook/CLASS"}, alone or in a list with others.
 *
 * <p>There is one object of the class; many connections call it at the same time.
 */
@FunctionalInterface
public interface PasswordHook {
  /**
   * Asked for PLAIN and LOGIN; an empty password never comes here.
   *
   * @param authz in whose name the client wants to act; the same as {@code authc} where it named
   *     nobody
   * @param authc whose password it is
   * @param password compare it with {@link Secret#matches}; it is wiped when the call returns
   * @param attributes of the connection, shared with every other hook
   * @return true: the client is {@code authc} and may act as {@code authz}. False: the next of the
   *     list is asked; without one the client hears 535
   * @throws Exception which counts as a directory that is unavailable: 454
   */
  boolean authPlain(
      String authz,
      String authc,
      Secret password,
      Connection connection,
      ConcurrentMap<String, Object> attributes)
      throws Exception;

  /**
   * Asked behind a {@code true}, in the same call.
   *
   * @return the groups of {@code authz}, which every hook of the connection sees from now on under
   *     {@code connection().auth().get().groups()}
   * @throws Exception which counts as one of {@link #authPlain}
   */
  default Set<String> groups(String authz, Connection connection) throws Exception {
    return Set.of();
  }
}
