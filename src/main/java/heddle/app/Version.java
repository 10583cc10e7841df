package heddle.app;

/** The version this program was built as. */
final class Version {
  private Version() {}

  static String get() {
    String built = Version.class.getPackage().getImplementationVersion();
    return built == null ? "development" : built;
  }
}
