package heddle.sasl;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who logged in, as what.
 *
 * @param authn whose credential was shown, in normal form
 * @param authz in whose name the session acts, in normal form; rights are those of this one
 * @param display the login name as it was given
 * @param account the local account of {@code authz}, if there is one
 * @param credential which of the credentials it was: {@code "password"}, {@code "app:iphone"}
 * @param mechanism upper case
 * @param until when the right to begin new transactions ends, where a token has an end
 */
public record Identity(
    String authn,
    String authz,
    String display,
    Optional<String> account,
    String credential,
    String mechanism,
    Set<String> groups,
    Optional<Instant> until) {
  /** Of a right without an end. */
  public Identity(
      String authn,
      String authz,
      String display,
      Optional<String> account,
      String credential,
      String mechanism,
      Set<String> groups) {
    this(authn, authz, display, account, credential, mechanism, groups, Optional.empty());
  }

  public Identity {
    groups = Set.copyOf(groups);
  }
}
