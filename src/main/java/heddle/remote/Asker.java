package heddle.remote;

import heddle.wire.Deadline;

/**
 * Another server that knows whose password is right. It holds connections where its protocol lets
 * them be used again. Safe to share.
 */
public interface Asker extends AutoCloseable {
  /**
   * One question. Whatever the other side does is a verdict, never an exception, and comes by the
   * deadline: name, connection, TLS and login together.
   *
   * @throws InterruptedException if the asking thread is told to stop
   */
  Verdict ask(Question question, Deadline deadline) throws InterruptedException;

  /** Whether a {@link Verdict.Kept} is its yes and its no: then unknown names cost a hash, too. */
  default boolean keepsHashes() {
    return false;
  }

  /** Lets go of every connection. */
  @Override
  void close();
}
