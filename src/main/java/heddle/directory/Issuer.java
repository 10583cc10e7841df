package heddle.directory;

import heddle.mail.Secret;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Whose tokens are believed, as the configuration has it.
 *
 * @param name of the table
 * @param issuer exactly as its tokens name it
 * @param audience that a token must be meant for
 * @param way how a token is proved
 * @param usernameClaim the claim that is the login name
 */
public record Issuer(String name, String issuer, String audience, Way way, String usernameClaim) {
  /** How a token is proved. */
  public sealed interface Way {
    /**
     * By the issuer's signature.
     *
     * @param jwks where its keys are published
     * @param algorithms of signatures with a public key, as RFC 7518 calls them
     */
    record Signed(URI jwks, List<String> algorithms) implements Way {
      public Signed {
        algorithms = List.copyOf(algorithms);
        if (algorithms.stream().anyMatch(a -> a.equals("none") || a.startsWith("HS"))) {
          throw new IllegalArgumentException("a token that anybody could sign proves nothing");
        }
      }
    }

    /** By asking the issuer about it (RFC 7662), who may want to know who asks. */
    record Asked(URI endpoint, Optional<Client> client) implements Way {}
  }

  /** As the issuer knows this server. */
  public record Client(String id, Source secret) {}

  /** Where a secret is found; it is opened anew for each question. */
  @FunctionalInterface
  public interface Source {
    Secret open() throws IOException;
  }
}
