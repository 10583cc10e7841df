package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.nio.file.Path;

/** What the commands need of the program around them. */
public interface Desk {
  /** The folder with etc, var and run. */
  Path home();

  /** Asks the running server, or does it here where none runs. */
  Answer ask(Request request);

  /** Serves until told to stop; returns the exit code. */
  int serve();

  /** Prepares a home, and serves unless told not to; returns the exit code. */
  int quickstart(String address, boolean serve);

  String version();
}
