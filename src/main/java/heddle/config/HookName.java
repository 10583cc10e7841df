package heddle.config;

/** A hook, named by its class. */
public record HookName(String name) {
  static Reading<HookName> read(Object raw) {
    return raw instanceof String text && text.matches("[A-Za-z_][A-Za-z0-9_.$]*")
        ? Reading.good(new HookName(text))
        : Reading.bad(
            "not the name of a hook",
            "Write the name that follows \"class\" in its source, such as \"CramMd5\", or false for none");
  }

  @Override
  public String toString() {
    return name;
  }
}
