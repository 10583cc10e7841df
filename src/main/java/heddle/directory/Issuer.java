package heddle.directory;

import java.net.URI;
import java.util.List;

/**
 * Whose tokens are believed, as the configuration has it.
 *
 * @param name of the table
 * @param issuer exactly as its tokens name it
 * @param audience that a token must be meant for
 * @param jwks where its keys are published
 * @param algorithms of signatures with a public key, as RFC 7518 calls them
 * @param usernameClaim the claim that is the login name
 */
public record Issuer(
    String name,
    String issuer,
    String audience,
    URI jwks,
    List<String> algorithms,
    String usernameClaim) {
  public Issuer {
    algorithms = List.copyOf(algorithms);
    if (algorithms.stream().anyMatch(a -> a.equals("none") || a.startsWith("HS"))) {
      throw new IllegalArgumentException("a token that anybody could sign proves nothing");
    }
  }
}
