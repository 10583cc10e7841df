package heddle.control;

import heddle.wire.Deadline;
import java.util.ArrayList;
import java.util.List;

/** Whether the site's hooks answer. */
public final class HookCheck implements Check {
  private final Troubles troubles;

  public HookCheck(Troubles troubles) {
    this.troubles = troubles;
  }

  @Override
  public Subject subject() {
    return Subject.HOOKS;
  }

  @Override
  public List<Finding> look(Deadline deadline) {
    List<Finding> findings = new ArrayList<>();
    troubles
        .stuck()
        .forEach(
            (hook, calls) ->
                findings.add(
                    Ailment.HOOK_STUCK.found("hook", hook, "calls", Integer.toString(calls))));
    if (findings.isEmpty()) {
      troubles
          .failing()
          .forEach(
              (hook, failing) ->
                  findings.add(
                      Ailment.HOOK_FAILS.found(
                          "hook",
                          hook,
                          "count",
                          Integer.toString(failing.times()),
                          "why",
                          failing.why())));
    }
    // One id, one finding: the first hook stands for the others.
    return List.of(
        findings.isEmpty() ? Finding.ok(Subject.HOOKS.id(), "no trouble") : findings.getFirst());
  }
}
