package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.directory.LoginName;
import heddle.peer.Network;
import heddle.store.Blocks;
import heddle.store.StoreUnavailable;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The verbs of {@code block}: whom an administrator shuts out. */
final class BlockDesk {
  private final Blocks blocks;
  private final InstantSource clock;

  BlockDesk(Blocks blocks, InstantSource clock) {
    this.blocks = blocks;
    this.clock = clock;
  }

  /** Answers, or empty where the verb is not one of these. */
  Optional<Answer> ask(Request request, String actor) {
    try {
      return switch (request.verb()) {
        case "block.list" ->
            Optional.of(
                Answer.rows(
                    blocks.all().stream()
                        .sorted(Comparator.comparing(Blocks.Block::created))
                        .map(BlockDesk::row)
                        .toList()));
        case "block.add" -> Optional.of(add(request, actor));
        case "block.remove" -> Optional.of(remove(request));
        default -> Optional.empty();
      };
    } catch (StoreUnavailable trouble) {
      return Optional.of(
          Answer.no(
              Answer.FAILED,
              "the blocks cannot be changed now",
              String.valueOf(trouble.getMessage()),
              "nothing was changed; try again, and look at the disk if it stays so"));
    }
  }

  private static Map<String, Object> row(Blocks.Block block) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("subject", block.subject());
    row.put("reason", block.reason());
    row.put("by", block.actor());
    row.put("since", block.created().truncatedTo(ChronoUnit.SECONDS).toString());
    row.put(
        "until",
        block.expires().map(e -> e.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("removed"));
    return row;
  }

  /** {@code user:NAME}, an address of mail, a network, or an address in digits. */
  private static Optional<String> subject(String typed) {
    Optional<Network> network = Network.parse(typed);
    if (network.isPresent()) {
      return network.map(Network::toString);
    }
    String name = typed.startsWith("user:") ? typed.substring(5) : typed;
    return typed.startsWith("user:") || typed.indexOf('@') > 0
        ? LoginName.normal(name).map(n -> "user:" + n)
        : Optional.empty();
  }

  private static Answer noSubject(String typed) {
    return Answer.no(
        Answer.USAGE,
        "nothing was changed",
        "\"" + typed.replaceAll("\\p{Cntrl}", "?") + "\" is neither a network nor a user",
        "write 192.0.2.0/24, 2001:db8::/64, or user:anna@example.org");
  }

  private Answer add(Request request, String actor) throws StoreUnavailable {
    String typed = request.arg("subject").orElse("");
    Optional<String> subject = subject(typed);
    if (subject.isEmpty()) {
      return noSubject(typed);
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    String until = request.arg("expires").orElse("");
    Optional<Instant> expires = until.isEmpty() ? Optional.empty() : TermsForm.expiry(until, now);
    if (!until.isEmpty() && expires.filter(now::isBefore).isEmpty()) {
      return Answer.no(
          Answer.USAGE,
          "nothing was changed",
          "\"" + until + "\" is no time to come",
          "write 2h, 90d, or a date such as 2027-01-31");
    }
    String reason = request.arg("reason").filter(r -> !r.isBlank()).orElse("by hand");
    var block = new Blocks.Block(subject.get(), reason, actor, now, expires);
    if (!request.flag("dry-run")) {
      blocks.add(block);
    }
    return Answer.row(row(block));
  }

  private Answer remove(Request request) throws StoreUnavailable {
    String typed = request.arg("subject").orElse("");
    Optional<String> subject = subject(typed);
    if (subject.isEmpty()) {
      return noSubject(typed);
    }
    boolean there =
        request.flag("dry-run")
            ? blocks.all().stream().anyMatch(b -> b.subject().equals(subject.get()))
            : blocks.remove(subject.get());
    return there
        ? Answer.row(Map.of("subject", subject.get(), "dry-run", request.flag("dry-run")))
        : Answer.no(
            Answer.NOT_FOUND,
            "there is no such block",
            subject.get() + " is not shut out",
            "see all of them with: heddle block list");
  }
}
