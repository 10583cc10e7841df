package heddle.spool;

import heddle.mail.Id;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is written of a message beside its text.
 *
 * @param revision counts the changes of the state: of two that meet, the higher one is right
 * @param unknown members of a younger release, kept as they came
 */
record Paper(QueueEntry entry, long revision, Unknown unknown) {
  /** Members that we do not know, of the whole and of each recipient. */
  record Unknown(Optional<ObjectNode> whole, Map<Integer, ObjectNode> recipients) {
    static final Unknown NONE = new Unknown(Optional.empty(), Map.of());
  }

  /** A change of state. It stands for itself: applied twice it is applied once. */
  record Change(
      Id id, long revision, Map<Integer, RecipientState> recipients, Optional<String> held) {}

  Paper after(Change change) {
    return new Paper(
        entry.with(change.recipients()).held(change.held()), change.revision(), unknown);
  }
}
