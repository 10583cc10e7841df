package heddle.listener;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The uid of a user of this machine: the JDK tells names only. Each is looked up once; safe to
 * share.
 */
final class UserNumbers {
  private static final Map<String, Long> KNOWN = new ConcurrentHashMap<>();
  private static final Path PASSWD = Path.of("/etc/passwd");

  private UserNumbers() {}

  /** Empty where no user database has the name. */
  static OptionalLong of(String user) {
    Long known = KNOWN.get(user);
    if (known != null) {
      return OptionalLong.of(known);
    }
    OptionalLong found = listed(user);
    if (found.isEmpty()) {
      found = user.matches("[0-9]{1,10}") ? OptionalLong.of(Long.parseLong(user)) : asked(user);
    }
    found.ifPresent(uid -> KNOWN.put(user, uid));
    return found;
  }

  private static OptionalLong listed(String user) {
    try {
      for (String line : Files.readAllLines(PASSWD, StandardCharsets.ISO_8859_1)) {
        String[] fields = line.split(":", 4);
        if (fields.length == 4 && fields[0].equals(user) && fields[2].matches("[0-9]{1,10}")) {
          return OptionalLong.of(Long.parseLong(fields[2]));
        }
      }
    } catch (IOException unreadable) {
      // Then another database may know.
    }
    return OptionalLong.empty();
  }

  /** People of a directory (LDAP, SSSD) stand in no file. */
  private static OptionalLong asked(String user) {
    try {
      Process id = new ProcessBuilder("id", "-u", "--", user).redirectErrorStream(true).start();
      id.getOutputStream().close();
      if (!id.waitFor(2, TimeUnit.SECONDS)) {
        id.destroyForcibly();
        return OptionalLong.empty();
      }
      String said = new String(id.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return id.exitValue() == 0 && said.strip().matches("[0-9]{1,10}")
          ? OptionalLong.of(Long.parseLong(said.strip()))
          : OptionalLong.empty();
    } catch (IOException notHere) {
      return OptionalLong.empty();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    }
  }
}
