package heddle.sasl;

import heddle.mail.Secret;

/** What a mechanism heard and a directory can prove. */
public sealed interface Claim {
  /**
   * A name and a password, of PLAIN or LOGIN.
   *
   * @param authz the identity to act as; equal to {@code authn} where the client named none
   * @param authn the login name as given
   */
  record Password(String authz, String authn, Secret password) implements Claim {}
}
