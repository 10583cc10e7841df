package heddle.app;

import heddle.config.Match;
import heddle.spool.QueueEntry;
import heddle.spool.RecipientState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What can be asked of a message that waits. */
final class QueueFacts {
  private QueueFacts() {}

  /** Whether the message is meant: for any of the recipients that wait. */
  static boolean holds(Match match, QueueEntry entry, Instant now) {
    for (int i = 0; i < entry.recipients().size(); i++) {
      int which = i;
      if (!entry.recipients().get(i).done() && match.holds(key -> fact(key, entry, which, now))) {
        return true;
      }
    }
    return false;
  }

  private static Optional<String> fact(String key, QueueEntry entry, int which, Instant now) {
    RecipientState state = entry.recipients().get(which);
    return switch (key) {
      case "id" -> Optional.of(entry.id().value());
      case "from" -> Optional.of(entry.ticket().envelope().sender().toString());
      case "to" ->
          Optional.of(entry.ticket().envelope().recipients().get(which).mailbox().toString());
      case "user" -> entry.ticket().submitter().map(s -> s.authz());
      case "state" -> Optional.of(state(entry));
      case "age" ->
          Optional.of(Long.toString(Duration.between(entry.ticket().accepted(), now).toSeconds()));
      case "size" -> Optional.of(Long.toString(entry.ticket().size()));
      case "tries" -> Optional.of(Integer.toString(state.attempts()));
      case "reply" -> Optional.of(entry.held().orElse(state.lastReply()));
      case "route" -> Optional.of(state.route()).filter(r -> !r.isEmpty());
      default -> Optional.empty();
    };
  }

  /** {@code held}, {@code deferred} where it was tried in vain, else {@code waiting}. */
  static String state(QueueEntry entry) {
    if (entry.held().isPresent()) {
      return "held";
    }
    return entry.recipients().stream().anyMatch(r -> !r.done() && r.attempts() > 0)
        ? "deferred"
        : "waiting";
  }

  /** Why it is still here: the hold, or what was said of the first that waits. */
  static String why(QueueEntry entry) {
    List<RecipientState> open = entry.recipients().stream().filter(r -> !r.done()).toList();
    return entry
        .held()
        .orElseGet(
            () ->
                open.stream()
                    .map(RecipientState::lastReply)
                    .filter(reply -> !reply.isEmpty())
                    .findFirst()
                    .orElse(""));
  }
}
