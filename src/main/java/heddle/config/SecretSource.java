package heddle.config;

/** Where a secret is found; the secret itself never stands in the configuration. */
public sealed interface SecretSource {
  /** A file; a relative path begins at the folder of the configuration. */
  record File(String path) implements SecretSource {
    @Override
    public String toString() {
      return "<from file " + path + ">";
    }
  }

  /** A variable of the environment. */
  record Env(String variable) implements SecretSource {
    @Override
    public String toString() {
      return "<from variable " + variable + ">";
    }
  }

  /** A credential handed over by systemd. */
  record Credential(String name) implements SecretSource {
    @Override
    public String toString() {
      return "<from credential " + name + ">";
    }
  }
}
