package heddle.spool;

import heddle.mail.Id;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One message as it stands at a moment.
 *
 * @param recipients in the order of the envelope's
 * @param held why nothing is tried, where it is held
 */
public record QueueEntry(Ticket ticket, List<RecipientState> recipients, Optional<String> held) {
  public QueueEntry {
    recipients = List.copyOf(recipients);
    if (recipients.size() != ticket.envelope().recipients().size()) {
      throw new IllegalArgumentException("a state for each recipient, no more and no fewer");
    }
  }

  static QueueEntry fresh(Ticket ticket) {
    return new QueueEntry(
        ticket,
        ticket.envelope().recipients().stream()
            .map(r -> RecipientState.fresh(ticket.accepted()))
            .toList(),
        Optional.empty());
  }

  public Id id() {
    return ticket.id();
  }

  /** Whether nothing is left to do for any recipient. */
  public boolean finished() {
    return recipients.stream().allMatch(RecipientState::done);
  }

  QueueEntry with(Map<Integer, RecipientState> changed) {
    var all = new ArrayList<>(recipients);
    changed.forEach(all::set);
    return new QueueEntry(ticket, all, held);
  }

  QueueEntry held(Optional<String> why) {
    List<RecipientState> states =
        held.isPresent() && why.isEmpty()
            ? recipients.stream().map(r -> r.done() ? r : r.released()).toList()
            : recipients;
    return new QueueEntry(ticket, states, why);
  }
}
