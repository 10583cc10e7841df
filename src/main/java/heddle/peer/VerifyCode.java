package heddle.peer;

import java.util.Optional;

/**
 * What may be held against a certificate, by the numbers and in the words of OpenSSL ({@code
 * SSL_get_verify_result(3)}, {@code X509_STORE_CTX_get_error(3)}).
 */
public enum VerifyCode {
  OK(0, "ok"),
  UNSPECIFIED(1, "unspecified certificate verification error"),
  NO_ISSUER(2, "unable to get issuer certificate"),
  NO_CRL(3, "unable to get certificate CRL"),
  BAD_SIGNATURE(7, "certificate signature failure"),
  BAD_CRL_SIGNATURE(8, "CRL signature failure"),
  NOT_YET_VALID(9, "certificate is not yet valid"),
  EXPIRED(10, "certificate has expired"),
  CRL_NOT_YET_VALID(11, "CRL is not yet valid"),
  CRL_EXPIRED(12, "CRL has expired"),
  SELF_SIGNED(18, "self-signed certificate"),
  SELF_SIGNED_IN_CHAIN(19, "self-signed certificate in certificate chain"),
  NO_LOCAL_ISSUER(20, "unable to get local issuer certificate"),
  NOTHING_VERIFIED(21, "unable to verify the first certificate"),
  CHAIN_TOO_LONG(22, "certificate chain too long"),
  REVOKED(23, "certificate revoked"),
  PATH_TOO_LONG(25, "path length constraint exceeded"),
  WRONG_PURPOSE(26, "unsuitable certificate purpose"),
  NO_CERTIFICATE_SIGNING(32, "key usage does not include certificate signing"),
  NO_CRL_ISSUER(33, "unable to get CRL issuer certificate"),
  UNKNOWN_CRITICAL_EXTENSION(34, "unhandled critical extension"),
  NO_CRL_SIGNING(35, "key usage does not include CRL signing"),
  UNKNOWN_CRITICAL_CRL_EXTENSION(36, "unhandled critical CRL extension"),
  PROXY_CERTIFICATE(40, "proxy certificates not allowed, please set the appropriate flag"),
  OTHER_CRL_SCOPE(44, "different CRL scope"),
  NOT_PERMITTED(47, "permitted subtree violation"),
  EXCLUDED(48, "excluded subtree violation"),
  SUBTREE_MINIMUM(49, "name constraints minimum and maximum not supported"),
  UNKNOWN_CONSTRAINT(51, "unsupported name constraint type"),
  WEAK_KEY(66, "EE certificate key too weak"),
  WEAK_CA_KEY(67, "CA certificate key too weak"),
  WEAK_SIGNATURE(68, "CA signature digest algorithm too weak"),
  NOT_A_CA(79, "invalid CA certificate");

  private final int number;
  private final String words;

  VerifyCode(int number, String words) {
    this.number = number;
    this.words = words;
  }

  /** By OpenSSL's number; empty for one that is never used here. */
  public static Optional<VerifyCode> of(int number) {
    for (VerifyCode each : values()) {
      if (each.number == number) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  public int number() {
    return number;
  }

  public String words() {
    return words;
  }

  /** {@code 18 (self-signed certificate)} */
  @Override
  public String toString() {
    return number + " (" + words + ")";
  }
}
