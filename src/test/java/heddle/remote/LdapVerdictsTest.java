package heddle.remote;

import static heddle.remote.Questions.told;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.controls.PasswordExpiredControl;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ErrorType;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ResponseControl;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10WarningType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the answer to a bind means. */
class LdapVerdictsTest {
  private static String verdict(int code, String words, boolean direct, Control... controls) {
    return told(
        LdapVerdicts.of(
            new LDAPResult(1, ResultCode.valueOf(code), words, null, new String[0], controls),
            direct));
  }

  /** The result, the verdict on a DN made from the name, and on one that was found. */
  @ParameterizedTest
  @CsvSource({
    "0,  yes, yes",
    "49, no WRONG, no WRONG",
    "32, no UNKNOWN, unavailable: answer to the login: 32 no such object",
    "1,  unavailable: answer to the login: 1 operations error,",
    "2,  unavailable: answer to the login: 2 protocol error,",
    "3,  unavailable: answer to the login: 3 time limit exceeded,",
    "8,  unavailable: answer to the login: 8 strong auth required,",
    "10, unavailable: answer to the login: 10 referral,",
    "11, unavailable: answer to the login: 11 admin limit exceeded,",
    "13, unavailable: answer to the login: 13 confidentiality required,",
    "14, unavailable: answer to the login: 14 SASL bind in progress,",
    "34, unavailable: answer to the login: 34 invalid DN syntax,",
    "48, unavailable: answer to the login: 48 inappropriate authentication,",
    "50, unavailable: answer to the login: 50 insufficient access rights,",
    "51, unavailable: answer to the login: 51 busy,",
    "52, unavailable: answer to the login: 52 unavailable,",
    "53, unavailable: answer to the login: 53 unwilling to perform,",
    "80, unavailable: answer to the login: 80 other,",
    "4711, unavailable: answer to the login: 4711 4711,"
  })
  void each_result_has_a_meaning(int code, String direct, String found) {
    assertEquals(direct, verdict(code, null, true));
    assertEquals(found == null ? direct : found, verdict(code, null, false));
  }

  @ParameterizedTest
  @CsvSource({
    "525, no UNKNOWN",
    "52e, no WRONG",
    "530, unavailable: the account is locked there for now",
    "531, no DISABLED",
    "532, expired",
    "533, no DISABLED",
    "701, no DISABLED",
    "773, expired",
    "775, unavailable: the account is locked there for now",
    "5321, no WRONG",
    "0, no WRONG"
  })
  void active_directory_tells_the_reason_in_its_words(String data, String verdict) {
    String words =
        "80090308: LdapErr: DSID-0C09042F, comment: AcceptSecurityContext error, data "
            + data
            + ", v4563\0";
    assertEquals(verdict, verdict(49, words, true));
    assertEquals(verdict, verdict(49, words, false));
    assertEquals("no WRONG", verdict(49, "data " + data + ", of another kind", false));
  }

  private static Control policy(DraftBeheraLDAPPasswordPolicy10ErrorType error) {
    return new DraftBeheraLDAPPasswordPolicy10ResponseControl(null, -1, error);
  }

  @ParameterizedTest
  @CsvSource({
    "49, PASSWORD_EXPIRED, expired",
    "0, PASSWORD_EXPIRED, expired",
    "0, CHANGE_AFTER_RESET, expired",
    "49, ACCOUNT_LOCKED, unavailable: the account is locked there for now",
    "0, ACCOUNT_LOCKED, unavailable: the account is locked there for now",
    "0, PASSWORD_TOO_SHORT, yes",
    "49, PASSWORD_IN_HISTORY, no WRONG"
  })
  void a_policy_has_the_last_word(
      int code, DraftBeheraLDAPPasswordPolicy10ErrorType error, String verdict) {
    assertEquals(verdict, verdict(code, null, false, policy(error)));
  }

  @Test
  void a_policy_that_only_warns_changes_nothing() {
    var warning =
        new DraftBeheraLDAPPasswordPolicy10ResponseControl(
            DraftBeheraLDAPPasswordPolicy10WarningType.TIME_BEFORE_EXPIRATION, 60, null);
    assertEquals("yes", verdict(0, null, false, warning));
    assertEquals("no WRONG", verdict(49, null, false, warning));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 49})
  void the_older_control_says_expired_too(int code) {
    assertEquals("expired", verdict(code, null, false, new PasswordExpiredControl()));
  }

  @Test
  void a_policy_that_cannot_be_read_is_no_answer() {
    var garbage =
        new Control(
            DraftBeheraLDAPPasswordPolicy10ResponseControl.PASSWORD_POLICY_RESPONSE_OID,
            false,
            new ASN1OctetString("garbage"));
    assertEquals(
        "unavailable: its password policy control cannot be read",
        verdict(0, null, false, garbage));
  }

  @Test
  void what_the_server_says_beside_it_is_not_repeated() {
    assertEquals(
        "unavailable: answer to the login: 53 unwilling to perform",
        verdict(53, "you said \"correct horse\"", false));
  }
}
