package heddle.remote;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.controls.PasswordExpiredControl;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ErrorType;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ResponseControl;
import heddle.remote.Verdict.Why;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a directory server's answer to a bind means. Safe to share; holds no state. */
final class LdapVerdicts {
  private static final String LOCKED = "the account is locked there for now";

  /**
   * Active Directory tells the reason in the words of a 49: {@code AcceptSecurityContext error,
   * data 532, v4563}.
   */
  private static final Pattern DATA =
      Pattern.compile("AcceptSecurityContext error, data ([0-9a-fA-F]{1,8})\\b");

  private LdapVerdicts() {}

  /**
   * @param direct whether the DN was made from the name, and need not exist
   */
  static Verdict of(LDAPResult answer, boolean direct) {
    ResultCode code = answer.getResultCode();
    boolean judged = code.equals(ResultCode.SUCCESS) || code.equals(ResultCode.INVALID_CREDENTIALS);
    if (!judged) {
      return code.equals(ResultCode.NO_SUCH_OBJECT) && direct
          ? new Verdict.No(Why.UNKNOWN)
          : new Verdict.Unavailable("answer to the login: " + words(code));
    }
    try {
      Optional<Verdict> policy = policy(answer);
      if (policy.isPresent()) {
        return policy.get();
      }
    } catch (LDAPException garbage) {
      return new Verdict.Unavailable("its password policy control cannot be read");
    }
    return code.equals(ResultCode.SUCCESS) ? Verdict.Yes.PLAIN : refused(answer);
  }

  /** What a control of a password policy says, whatever the result. */
  private static Optional<Verdict> policy(LDAPResult answer) throws LDAPException {
    if (PasswordExpiredControl.get(answer) != null) {
      return Optional.of(new Verdict.Expired());
    }
    var control = DraftBeheraLDAPPasswordPolicy10ResponseControl.get(answer);
    DraftBeheraLDAPPasswordPolicy10ErrorType error =
        control == null ? null : control.getErrorType();
    if (error == null) {
      return Optional.empty();
    }
    return switch (error) {
      case PASSWORD_EXPIRED, CHANGE_AFTER_RESET -> Optional.of(new Verdict.Expired());
      // Most locks open by themselves.
      case ACCOUNT_LOCKED -> Optional.of(new Verdict.Unavailable(LOCKED));
      // These belong to a change of the password.
      case PASSWORD_MOD_NOT_ALLOWED,
          MUST_SUPPLY_OLD_PASSWORD,
          INSUFFICIENT_PASSWORD_QUALITY,
          PASSWORD_TOO_SHORT,
          PASSWORD_TOO_YOUNG,
          PASSWORD_IN_HISTORY ->
          Optional.empty();
    };
  }

  private static Verdict refused(LDAPResult answer) {
    String words = answer.getDiagnosticMessage();
    Matcher data = DATA.matcher(words == null ? "" : words);
    String reason = data.find() ? data.group(1).toLowerCase(Locale.ROOT) : "";
    return switch (reason) {
      case "525" -> new Verdict.No(Why.UNKNOWN);
      case "532", "773" -> new Verdict.Expired();
      // Disabled, expired; not from this machine.
      case "533", "701", "531" -> new Verdict.No(Why.DISABLED);
      // Locked out after failures; not at this hour.
      case "775", "530" -> new Verdict.Unavailable(LOCKED);
      default -> new Verdict.No(Why.WRONG);
    };
  }

  /** Number and name; never what the server says beside it, for it may quote. */
  static String words(ResultCode code) {
    return code.intValue() + " " + code.getName().replaceAll("[^A-Za-z0-9 -]", "");
  }
}
