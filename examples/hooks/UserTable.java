import heddle.hook.Connection;
import heddle.hook.PasswordHook;
import heddle.mail.Secret;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;

/** A table of users in the source. Name it in session.auth.lookup as "hook/UserTable". */
public final class UserTable implements PasswordHook {
  private static final Map<String, String> PASSWORDS = Map.of("scott", "tiger");

  @Override
  public boolean authPlain(
      String authz,
      String authc,
      Secret password,
      Connection connection,
      ConcurrentMap<String, Object> attributes) {
    // An empty password never comes here. Whoever says true lets authc act as authz.
    String right = PASSWORDS.get(authc);
    return right != null && password.matches(right) && authz.equals(authc);
  }
}
