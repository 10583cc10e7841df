package heddle.control;

/**
 * What a check found of one thing.
 *
 * @param check its stable id: {@code disk}, {@code listen.submission}
 * @param says in words for an administrator; what others said in it is cleaned of control
 *     characters where it is printed
 * @param remedy what to do; empty where nothing is to be done
 */
public record Finding(String check, State state, String says, String remedy) {
  /** How it is. */
  public enum State {
    OK("ok"),
    /** It could not be looked at, and that is nobody's fault. */
    SKIPPED("skipped"),
    WARN("WARN"),
    ERR("ERR");

    private final String word;

    State(String word) {
      this.word = word;
    }

    /** As it is printed and kept. */
    public String word() {
      return word;
    }

    /** Whether somebody should do something. */
    public boolean trouble() {
      return switch (this) {
        case OK, SKIPPED -> false;
        case WARN, ERR -> true;
      };
    }
  }

  /** All is well. */
  public static Finding ok(String check, String says) {
    return new Finding(check, State.OK, says, "");
  }

  /** Nobody looked; the words say why. */
  public static Finding skipped(String check, String why) {
    return new Finding(check, State.SKIPPED, "skipped: " + why, "");
  }
}
