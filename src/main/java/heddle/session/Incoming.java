package heddle.session;

import heddle.mail.Envelope;
import heddle.mail.Id;
import heddle.mail.Reply;
import heddle.smtp.Replies;
import heddle.spool.Draft;
import heddle.spool.SpoolUnavailable;
import heddle.spool.Ticket;
import heddle.submission.HeaderScanner;
import heddle.wire.Ending;
import heddle.wire.Sink;
import java.io.IOException;

/**
 * A message on its way in: header mended in passing, text into a draft of the spool. Closing it
 * without keeping it leaves nothing behind. Used by one conversation.
 */
final class Incoming implements AutoCloseable {
  /** RFC 5321 §6.3: "at least 100 Received entries" are no sign of a loop; we stop there. */
  private static final int LOOP = 100;

  private final Draft draft;
  private final HeaderScanner scanner;
  private final Ticket ticket;

  Incoming(Draft draft, HeaderScanner scanner, Ticket ticket) {
    this.draft = draft;
    this.scanner = scanner;
    this.ticket = ticket;
  }

  Sink sink() {
    return scanner;
  }

  Id id() {
    return ticket.id();
  }

  Envelope envelope() {
    return ticket.envelope();
  }

  long size() {
    return draft.size();
  }

  HeaderScanner header() {
    return scanner;
  }

  /** All of it has come: keeps it. What is returned is positive only once it is on disk. */
  Reply keep() {
    try {
      scanner.finish();
      if (scanner.received() >= LOOP) {
        return Replies.LOOP;
      }
      draft.commit(ticket);
      return Replies.queued(ticket.id());
    } catch (SpoolUnavailable full) {
      return Replies.STORAGE;
    } catch (IOException broken) {
      return Replies.STORAGE;
    }
  }

  /** The reply to a transfer that did not complete; empty where nobody is left to hear it. */
  static Reply refusal(Ending ending, long maxOctets) {
    return switch (ending) {
      case Ending.Complete _ -> throw new IllegalArgumentException("complete is no refusal");
      case Ending.Flawed flawed -> Replies.flawedMessage(flawed.flaw());
      case Ending.TooLarge _ -> Replies.tooLarge(maxOctets);
      case Ending.SinkFailed _ -> Replies.STORAGE;
      case Ending.Runaway _ -> Replies.RUNAWAY;
      case Ending.TimedOut _ -> Replies.DATA_TIMEOUT;
      case Ending.End _ -> Replies.DATA_TIMEOUT; // nobody hears it
    };
  }

  /** Whether the next octet after this ending is the next command. */
  static boolean inStep(Ending ending) {
    return switch (ending) {
      case Ending.Complete _, Ending.Flawed _, Ending.TooLarge _, Ending.SinkFailed _ -> true;
      case Ending.Runaway _, Ending.TimedOut _, Ending.End _ -> false;
    };
  }

  @Override
  public void close() {
    draft.close();
  }
}
