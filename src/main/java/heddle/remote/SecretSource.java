package heddle.remote;

import heddle.mail.Secret;
import java.io.IOException;

/** Where a secret is found; it is opened anew for each use. */
@FunctionalInterface
public interface SecretSource {
  Secret open() throws IOException;
}
