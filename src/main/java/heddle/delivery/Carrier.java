package heddle.delivery;

import heddle.dial.Message;
import heddle.dial.Result;
import heddle.dial.Trouble;
import heddle.mail.Envelope;
import heddle.mail.Id;
import heddle.mail.Mailbox;
import heddle.mail.Recipient;
import heddle.spool.QueueEntry;
import heddle.spool.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries one message along one route, once; decides nothing. Safe to share. */
final class Carrier {
  private final Spool spool;

  Carrier(Spool spool) {
    this.spool = spool;
  }

  /**
   * What came of it.
   *
   * @param turnouts by the recipient's place in the envelope
   * @param knock how long until this message is to look whether the next hop is there again
   */
  record Carried(Map<Integer, Turnout> turnouts, Optional<Duration> knock) {
    Carried {
      turnouts = Map.copyOf(turnouts);
    }
  }

  /**
   * @param which places in the envelope; one at least
   * @param knocks it calls even where the next hop was absent a moment ago
   */
  Carried carry(QueueEntry entry, List<Integer> which, Route route, boolean knocks) {
    return switch (route) {
      case Route.Hold _ -> new Carried(Map.of(), Optional.empty());
      case Route.Maildir maildir -> new Carried(file(entry, which, maildir), Optional.empty());
      case Route.Smarthost smarthost -> hand(entry, which, smarthost.hop(), knocks);
    };
  }

  // ---- into Maildirs

  private Map<Integer, Turnout> file(QueueEntry entry, List<Integer> which, Route.Maildir maildir) {
    Map<Integer, Turnout> turnouts = new HashMap<>();
    for (int index : which) {
      turnouts.put(index, file(entry, index, maildir.delivery()));
    }
    return turnouts;
  }

  private Turnout file(QueueEntry entry, int index, MaildirDelivery delivery) {
    Id id = entry.id();
    Envelope envelope = entry.ticket().envelope();
    Mailbox to = envelope.recipients().get(index).mailbox();
    try (InputStream text = spool.open(id)) {
      var file = delivery.deliver(id, entry.ticket().accepted(), envelope.sender(), to, text);
      return new Turnout.Delivered(file.toString(), Optional.empty(), Report.Handover.FINAL, false);
    } catch (IOException trouble) {
      return new Turnout.Later("451 4.2.0 " + words(trouble), Optional.empty());
    } catch (RuntimeException mistake) {
      // A mistake of ours with one recipient must not stop the others, nor lose this one.
      System.getLogger("heddle.delivery").log(System.Logger.Level.ERROR, "delivery", mistake);
      return new Turnout.Later("451 4.3.0 a mistake of ours", Optional.empty());
    }
  }

  private static String words(IOException trouble) {
    return switch (trouble) {
      case AccessDeniedException denied -> "may not write " + denied.getFile();
      case NotDirectoryException not -> "not a folder: " + not.getFile();
      case FileSystemException failed ->
          failed.getFile() + ": " + (failed.getReason() == null ? "failed" : failed.getReason());
      default -> trouble.getMessage() == null ? "the disk failed" : trouble.getMessage();
    };
  }

  // ---- to a server

  private Carried hand(QueueEntry entry, List<Integer> which, NextHop hop, boolean knocks) {
    Optional<Trouble> away = knocks ? Optional.empty() : hop.away();
    if (away.isPresent()) {
      return new Carried(all(which, turnedBack(away.get())), Optional.empty());
    }
    Id id = entry.id();
    TextKind kind;
    try (InputStream text = spool.open(id)) {
      kind = TextKind.of(text);
    } catch (IOException trouble) {
      var later = new Turnout.Later("451 4.3.0 the message cannot be read", Optional.empty());
      // Who was to knock has not: let it come back for that.
      return new Carried(
          all(which, later), knocks ? Optional.of(Duration.ofMinutes(1)) : Optional.empty());
    }
    Envelope whole = entry.ticket().envelope();
    List<Recipient> recipients = which.stream().map(whole.recipients()::get).toList();
    var message =
        new Message(
            entry.ticket().size(), kind.eightBit(), kind.eightBitHeader(), () -> spool.open(id));
    return switch (hop.hand(whole.to(recipients), message, knocks)) {
      case Handed.Down(var trouble, var knock) ->
          new Carried(all(which, turnedBack(trouble)), knock);
      case Handed.Over(var results, var dsn) -> {
        Map<Integer, Turnout> turnouts = new HashMap<>();
        for (int i = 0; i < results.size(); i++) {
          Result result = results.get(i);
          turnouts.put(which.get(i), Turnout.of(result.outcome(), hop.host(), dsn));
        }
        yield new Carried(turnouts, Optional.empty());
      }
    };
  }

  /** RFC 5321 §4.2.3: 421 is a service that is not available, whatever one asks of it. */
  private static Turnout turnedBack(Trouble trouble) {
    return new Turnout.Later(Turnout.of(421, trouble), Optional.empty());
  }

  private static Map<Integer, Turnout> all(List<Integer> which, Turnout turnout) {
    Map<Integer, Turnout> turnouts = new HashMap<>();
    which.forEach(index -> turnouts.put(index, turnout));
    return turnouts;
  }
}
