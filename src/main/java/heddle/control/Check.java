package heddle.control;

import heddle.wire.Deadline;
import java.util.List;

/** One thing that {@code doctor} looks at. It changes nothing. Safe to share. */
public interface Check {
  Subject subject();

  /**
   * Looks now.
   *
   * @param deadline by which it should be over
   * @return one finding at least, unless there is nothing of the kind here
   * @throws Exception what kept it from looking; its message is shown
   */
  List<Finding> look(Deadline deadline) throws Exception;
}
