package heddle.app;

import heddle.control.Answer;
import heddle.control.Doctor;
import heddle.control.DoctorMemory;
import heddle.control.Finding;
import heddle.control.Request;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The verb {@code doctor.run}. One look at a time: each has a login of its own. */
final class DoctorDesk {
  private final Doctor doctor;
  private final DoctorMemory memory;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile List<Finding> last = List.of();

  DoctorDesk(Doctor doctor, DoctorMemory memory) {
    this.doctor = doctor;
    this.memory = memory;
  }

  /** Answers, or empty where the verb is not this one. */
  Optional<Answer> ask(Request request) {
    if (!request.verb().equals("doctor.run")) {
      return Optional.empty();
    }
    List<Finding> findings = run();
    return Optional.of(rows(request.flag("changed") ? news(findings) : findings));
  }

  /** What the last look found wrong, a line each; none before the first. */
  List<String> worries() {
    return last.stream()
        .filter(f -> f.state() == Finding.State.ERR)
        .map(f -> f.check() + ": " + f.says() + ".  show: doctor")
        .toList();
  }

  /** All that there is to be found now. */
  List<Finding> run() {
    looking.lock();
    try {
      last = doctor.run();
      return last;
    } finally {
      looking.unlock();
    }
  }

  private List<Finding> news(List<Finding> findings) {
    List<Finding> news = memory.news(findings);
    try {
      memory.save();
    } catch (IOException full) {
      // The check of the disk tells of it; until it is mended the same may be news once more.
    }
    return news;
  }

  static Answer rows(List<Finding> findings) {
    return Answer.rows(findings.stream().map(DoctorDesk::row).toList());
  }

  private static Map<String, Object> row(Finding finding) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("check", finding.check());
    row.put("state", finding.state().word());
    row.put("says", finding.says());
    row.put("remedy", finding.remedy());
    return row;
  }
}
