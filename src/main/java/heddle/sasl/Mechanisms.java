package heddle.sasl;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The mechanisms that are built in, by name. Safe to share. */
public final class Mechanisms {
  private final Map<String, Mechanism> byName = new LinkedHashMap<>();

  /**
   * @param hostname the server's own
   * @param random unpredictable
   */
  public Mechanisms(String hostname, RandomGenerator random) {
    for (ScramHash hash : ScramHash.values()) {
      add(new Scram(hash, true, random));
      add(new Scram(hash, false, random));
    }
    add(new External());
    add(new OAuthBearer());
    add(new XOAuth2());
    add(new CramMd5(hostname, random));
    add(new Plain());
    add(new Login());
  }

  private void add(Mechanism mechanism) {
    byName.put(mechanism.name(), mechanism);
  }

  /** By its registered name, upper case. */
  public Optional<Mechanism> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public Set<String> names() {
    return Set.copyOf(byName.keySet());
  }
}
