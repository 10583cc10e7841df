package heddle.config;

/** One who may be asked whether a login is right. */
public sealed interface Source {
  /** The accounts of this server. */
  record Local() implements Source {
    @Override
    public String toString() {
      return "local";
    }
  }

  /** A server of {@code [remote.NAME]}. */
  record Remote(String name) implements Source {
    @Override
    public String toString() {
      return "remote/" + name;
    }
  }

  /** A password hook, by its class name. */
  record Hook(String name) implements Source {
    @Override
    public String toString() {
      return "hook/" + name;
    }
  }

  static Reading<Source> read(String text) {
    if (text.equals("local")) {
      return Reading.good(new Local());
    }
    if (text.matches("remote/.+")) {
      return Reading.good(new Remote(text.substring(7)));
    }
    return text.matches("hook/[A-Za-z_][A-Za-z0-9_.$]*")
        ? Reading.good(new Hook(text.substring(5)))
        : Reading.bad(
            Words.quoted(text) + " is nobody who could be asked",
            "Write \"local\", \"remote/NAME\", \"hook/NAME\", or false for nobody");
  }
}
