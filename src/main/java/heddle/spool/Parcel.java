package heddle.spool;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One message in the queue while the server runs. Read by anybody; changed under {@link #lock},
 * which is held until the change is durable, so that a message is never written out in the midst of
 * a change.
 */
final class Parcel {
  final ReentrantLock lock = new ReentrantLock();
  private final Paper.Unknown unknown;
  private volatile QueueEntry entry;
  private volatile Place place;
  private long revision;
  private boolean gone;
  private boolean filesToo;
  private boolean sure;

  Parcel(Paper paper, Place place) {
    this.entry = paper.entry();
    this.revision = paper.revision();
    this.unknown = paper.unknown();
    this.place = place;
  }

  QueueEntry entry() {
    return entry;
  }

  void become(QueueEntry next) {
    entry = next;
  }

  Place place() {
    return place;
  }

  void moveTo(Place next) {
    place = next;
  }

  /** Back to the journal: the files' names could not be forced, and have to be made anew. */
  void moveBackTo(Place journal) {
    place = journal;
    filesToo = true;
  }

  /** Whether there may be files to take away at the end. */
  boolean inFiles() {
    return filesToo || place.equals(Place.FILES);
  }

  boolean gone() {
    return gone;
  }

  void leave() {
    gone = true;
  }

  /**
   * What is to be written in files. It counts as a change of its own, so that a record of a change
   * that failed, and may be on disk all the same, is older.
   */
  Paper paper(QueueEntry as) {
    revision++;
    return new Paper(as, revision, unknown);
  }

  /**
   * What is to be written in the journal: these recipients, or all where it is not sure that what
   * came before is on the disk. A revision is used once, even where writing fails.
   */
  Paper.Change change(QueueEntry as, Set<Integer> changed) {
    revision++;
    Map<Integer, RecipientState> states = new HashMap<>();
    for (int i = 0; i < as.recipients().size(); i++) {
      if (!sure || changed.contains(i)) {
        states.put(i, as.recipients().get(i));
      }
    }
    sure = false;
    return new Paper.Change(as.id(), revision, states, as.held());
  }

  /** The change is on the disk. */
  void saved() {
    sure = true;
  }
}
