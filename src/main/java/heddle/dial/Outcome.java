package heddle.dial;

import heddle.mail.EnhancedStatus;
import heddle.mail.Reply;

/** What became of a message for one recipient. */
public sealed interface Outcome {
  /** It is theirs now. */
  record Accepted(Reply reply) implements Outcome {}

  /** Not now (4xx). */
  record Deferred(Reply reply) implements Outcome {}

  /** Never (5xx). */
  record Refused(Reply reply) implements Outcome {}

  /** It was not offered to them: the next hop cannot carry it as it is, and we change nothing. */
  record NotCarried(EnhancedStatus status, String words) implements Outcome {}

  /** The conversation ended before the end of the message was sent: surely not taken. */
  record Interrupted(Trouble trouble) implements Outcome {}

  /**
   * The end of the message was sent, and the answer never heard: it may have been taken. A further
   * attempt may make a second copy.
   */
  record Lost(Trouble trouble) implements Outcome {}
}
