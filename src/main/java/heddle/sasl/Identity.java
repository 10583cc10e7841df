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
 * @param shown by which credential
 * @param mechanism upper case
 * @param until when the right to begin new transactions ends, where a token has an end
 */
public record Identity(
    String authn,
    String authz,
    String display,
    Optional<String> account,
    Shown shown,
    String mechanism,
    Set<String> groups,
    Optional<Instant> until) {
  /** Of a right without an end, by a credential that others judge. */
  public Identity(
      String authn,
      String authz,
      String display,
      Optional<String> account,
      String credential,
      String mechanism,
      Set<String> groups) {
    this(authn, authz, display, account, Shown.as(credential), mechanism, groups, Optional.empty());
  }

  public Identity {
    groups = Set.copyOf(groups);
  }

  /** What logs call the credential. */
  public String credential() {
    return shown.title();
  }
}
