package heddle.spool;

import heddle.mail.Id;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The messages that are promised, and every change of their state: in memory and, before it is
 * acknowledged, on the disk. Safe to share.
 */
final class Queue {
  private final Journal journal;
  private final MailFolder mail;
  private final ConcurrentMap<Id, Parcel> parcels = new ConcurrentHashMap<>();

  /** What happened and could not be written yet. */
  private final Set<Id> unsaved = ConcurrentHashMap.newKeySet();

  private final ReadWriteLock removals = new ReentrantReadWriteLock();

  Queue(Journal journal, MailFolder mail) {
    this.journal = journal;
    this.mail = mail;
  }

  ConcurrentMap<Id, Parcel> parcels() {
    return parcels;
  }

  /** Can be taken when no message is between the record of its end and the end of its files. */
  Lock noRemovals() {
    return removals.writeLock();
  }

  void add(Paper paper, Place place) {
    parcels.put(paper.entry().id(), new Parcel(paper, place));
  }

  /** The state on disk is older than the one in memory. */
  void unsaved(Id id) {
    unsaved.add(id);
  }

  List<QueueEntry> entries() {
    return parcels.values().stream().map(Parcel::entry).filter(e -> !e.finished()).toList();
  }

  Optional<Parcel> find(Id id) {
    return Optional.ofNullable(parcels.get(id));
  }

  // ---- changes

  /** What happened is true whether or not it can be written: memory first, the disk when it can. */
  Optional<QueueEntry> happened(Id id, Map<Integer, Outcome> outcomes) throws SpoolUnavailable {
    Optional<Parcel> found = find(id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Parcel parcel = found.get();
    parcel.lock.lock();
    try {
      if (parcel.gone()) {
        return Optional.empty();
      }
      Map<Integer, RecipientState> changed = new HashMap<>();
      outcomes.forEach(
          (index, outcome) -> {
            RecipientState now = parcel.entry().recipients().get(index);
            if (!now.done()) {
              changed.put(index, now.after(outcome));
            }
          });
      if (!changed.isEmpty()) {
        parcel.become(parcel.entry().with(changed));
        write(parcel, parcel.entry(), changed.keySet());
      }
      return Optional.of(parcel.entry());
    } catch (IOException e) {
      unsaved.add(id);
      throw unavailable(e);
    } finally {
      parcel.lock.unlock();
    }
  }

  /** An order counts when it is written. */
  Optional<QueueEntry> hold(Id id, Optional<String> why) throws SpoolUnavailable {
    Optional<Parcel> found = find(id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Parcel parcel = found.get();
    parcel.lock.lock();
    try {
      if (parcel.gone()) {
        return Optional.empty();
      }
      QueueEntry next = parcel.entry().held(why);
      write(parcel, next, Set.of());
      parcel.become(next);
      return Optional.of(next);
    } catch (IOException e) {
      throw unavailable(e);
    } finally {
      parcel.lock.unlock();
    }
  }

  /** Whether there was such a message. */
  boolean drop(Id id) throws SpoolUnavailable {
    Optional<Parcel> found = find(id);
    if (found.isEmpty()) {
      return false;
    }
    Parcel parcel = found.get();
    parcel.lock.lock();
    try {
      if (parcel.gone()) {
        return false;
      }
      end(parcel);
      return true;
    } finally {
      parcel.lock.unlock();
    }
  }

  /** Writes what could not be written before; whether nothing is left of it. */
  boolean catchUp() throws SpoolUnavailable {
    for (Id id : List.copyOf(unsaved)) {
      Optional<Parcel> found = find(id);
      if (found.isPresent()) {
        catchUp(found.get());
      } else {
        unsaved.remove(id);
      }
    }
    return unsaved.isEmpty();
  }

  private void catchUp(Parcel parcel) throws SpoolUnavailable {
    parcel.lock.lock();
    try {
      if (!parcel.gone()) {
        write(parcel, parcel.entry(), Set.of());
        unsaved.remove(parcel.entry().id());
      }
    } catch (IOException e) {
      throw unavailable(e);
    } finally {
      parcel.lock.unlock();
    }
  }

  // ---- under the parcel's lock

  private void write(Parcel parcel, QueueEntry next, Set<Integer> changed) throws IOException {
    if (next.finished() && parcel.inFiles()) {
      end(parcel);
    } else if (parcel.place().equals(Place.FILES)) {
      mail.rewrite(parcel.paper(next));
    } else {
      journal.write(Slip.state(parcel.change(next, changed)));
      parcel.saved();
      if (next.finished()) {
        leave(parcel);
      }
    }
  }

  /**
   * The end of a message is one record in the journal, wherever its text is: its segment may still
   * be there and would bring it back, and unlinking may be undone by a cut. The segment with the
   * record leaves only after the mail folder was forced.
   */
  private void end(Parcel parcel) throws SpoolUnavailable {
    removals.readLock().lock();
    try {
      journal.write(Slip.drop(parcel.entry().id()));
      if (parcel.inFiles()) {
        mail.remove(parcel.entry().id());
      }
      leave(parcel);
    } finally {
      removals.readLock().unlock();
    }
  }

  private void leave(Parcel parcel) {
    parcel.leave();
    parcels.remove(parcel.entry().id());
    unsaved.remove(parcel.entry().id());
  }

  private static SpoolUnavailable unavailable(IOException e) {
    return e instanceof SpoolUnavailable u
        ? u
        : new SpoolUnavailable("the state of a message cannot be written", e);
  }
}
