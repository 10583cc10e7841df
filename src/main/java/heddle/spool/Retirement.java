package heddle.spool;

import heddle.mail.Id;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;

/**
 * Segments leave strictly in order: what still lives in the oldest is written out as files, then it
 * is unlinked. Used by one thread at a time.
 */
final class Retirement {
  private final Disk disk;
  private final Journal journal;
  private final MailFolder mail;
  private final ConcurrentMap<Id, Parcel> parcels;
  private final Lock noRemovals;

  /**
   * @param noRemovals can be taken when no message is between the record of its end and the end of
   *     its files
   */
  Retirement(
      Disk disk,
      Journal journal,
      MailFolder mail,
      ConcurrentMap<Id, Parcel> parcels,
      Lock noRemovals) {
    this.disk = disk;
    this.journal = journal;
    this.mail = mail;
    this.parcels = parcels;
    this.noRemovals = noRemovals;
  }

  /** Retires what is due, or all but the current segment. */
  void run(boolean all) throws IOException {
    for (Optional<Journal.Ended> oldest = journal.due(all);
        oldest.isPresent();
        oldest = journal.due(all)) {
      retire(oldest.get());
      journal.gone(oldest.get());
    }
  }

  private void retire(Journal.Ended segment) throws IOException {
    var moved = new LinkedHashMap<Parcel, Place>();
    try {
      for (Parcel parcel : parcels.values()) {
        writeOut(parcel, segment, moved);
      }
      // A record in this segment may be all that says that some files are gone: let them go first.
      noRemovals.lock();
      try {
        mail.force();
      } finally {
        noRemovals.unlock();
      }
    } catch (IOException | RuntimeException e) {
      // A folder whose force() failed once may call the next one a success: make all names anew.
      moved.forEach(Retirement::moveBack);
      throw e;
    }
    disk.forceFolder(Folders.JOURNAL, Force.JOURNAL_RETIRED);
    disk.unlink(Folders.JOURNAL + "/" + segment.name());
  }

  private void writeOut(Parcel parcel, Journal.Ended segment, Map<Parcel, Place> moved)
      throws IOException {
    if (!lies(parcel, segment)) {
      return;
    }
    parcel.lock.lock();
    try {
      if (parcel.place() instanceof Place.InJournal from && !parcel.gone()) {
        try (InputStream text = text(from, parcel.entry())) {
          mail.file(parcel.paper(parcel.entry()), text);
        }
        moved.put(parcel, from);
        parcel.moveTo(Place.FILES);
      }
    } finally {
      parcel.lock.unlock();
    }
  }

  private static boolean lies(Parcel parcel, Journal.Ended segment) {
    return parcel.place() instanceof Place.InJournal in && in.segment().equals(segment.name());
  }

  private InputStream text(Place.InJournal from, QueueEntry entry) throws IOException {
    return new StretchStream(
        disk.open(Folders.JOURNAL + "/" + from.segment()), from.at(), entry.ticket().size());
  }

  private static void moveBack(Parcel parcel, Place journal) {
    parcel.lock.lock();
    try {
      parcel.moveBackTo(journal);
    } finally {
      parcel.lock.unlock();
    }
  }
}
