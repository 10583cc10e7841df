package heddle.remote;

import heddle.dial.Target;
import java.util.Optional;

/**
 * A directory server, and how a login is asked of it.
 *
 * @param target under STARTTLS the server may refuse TLS only where a password may go in clear
 * @param allowPlaintext whether passwords may go to another machine without TLS
 * @param kept so many connections at most are kept for the next search
 */
public record LdapSettings(Target target, boolean allowPlaintext, Way way, int kept) {
  /** How the entry of a name is known. */
  public sealed interface Way {
    /**
     * Its DN can be told from the name.
     *
     * @param userDn with {@code {user}}, {@code {local-part}} and {@code {domain}} in it
     */
    record Direct(String userDn) implements Way {}

    /**
     * It is searched for.
     *
     * @param base the DN below which it lies
     * @param filter with {@code {user}}, {@code {local-part}} and {@code {domain}} in it
     * @param service who searches; nobody in particular where it is empty
     */
    record Searched(String base, String filter, Optional<ServiceLogin> service) implements Way {}
  }
}
