package heddle.app;

import heddle.control.Answer;

/** Why the program cannot go on, in words for an administrator: what, why, what to do. */
public final class Refused extends Exception {
  private static final long serialVersionUID = 1;
  private final int exit;
  private final String why;
  private final String remedy;

  Refused(int exit, String what, String why, String remedy) {
    super(what);
    this.exit = exit;
    this.why = why;
    this.remedy = remedy;
  }

  /** The sentence of a lower room, with what it was about. */
  static Refused of(String what, Exception cause, String remedy) {
    return new Refused(Answer.FAILED, what, String.valueOf(cause.getMessage()), remedy);
  }

  int exit() {
    return exit;
  }

  Answer answer() {
    return Answer.no(exit, String.valueOf(getMessage()), why, remedy);
  }
}
