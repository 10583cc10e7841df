package heddle.spool;

import heddle.event.Event;
import heddle.event.Events;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Puts a spool in order at start: damage is set aside and told, litter is taken away. */
final class Recovery {
  private static final int BUFFER = 64 * 1024;
  private final Disk disk;
  private final Events events;

  Recovery(Disk disk, Events events) {
    this.disk = disk;
    this.events = events;
  }

  void tidy(Survey survey) throws IOException {
    // Before anything is taken away: a damaged file may be the last trace of a message.
    Set<String> kept = new HashSet<>(disk.list(Folders.DAMAGED));
    for (Survey.Finding finding : survey.findings()) {
      switch (finding) {
        case Survey.Finding.BadStretch bad -> {
          // A segment that is still there was seen at an earlier start, too.
          if (kept.add(bad.keepAs())) {
            setAside(bad.file(), bad.at(), bad.octets(), bad.keepAs());
          }
        }
        case Survey.Finding.BadFile bad -> {
          String file = bad.folder() + "/" + bad.name();
          setAside(file, 0, bad.octets(), bad.name());
          disk.unlink(file);
        }
      }
    }
    // Not before: what lies in tmp may be a half-made copy of before.
    for (String file : survey.litter()) {
      disk.unlink(file);
    }
  }

  private void setAside(String file, long at, long octets, String keepAs) throws IOException {
    String tmp = Folders.TMP + "/" + keepAs;
    disk.unlink(tmp);
    try (Disk.OpenFile from = disk.open(file);
        Disk.OpenFile to = disk.create(tmp)) {
      var some = ByteBuffer.allocate(BUFFER);
      for (long done = 0; done < octets; ) {
        some.clear().limit((int) Math.min(BUFFER, octets - done));
        int came = from.read(at + done, some);
        if (came == 0) {
          break;
        }
        to.write(done, some.flip());
        done += came;
      }
      to.force(Force.DAMAGED_COPY);
    }
    String kept = Folders.DAMAGED + "/" + keepAs;
    disk.rename(tmp, kept);
    disk.forceFolder(Folders.DAMAGED, Force.DAMAGED_FOLDER);
    events.tell(new Event.SpoolDamaged(file, at, octets, kept));
  }

  static void folders(Disk disk) throws IOException {
    for (String folder : List.of(Folders.JOURNAL, Folders.MAIL, Folders.TMP, Folders.DAMAGED)) {
      disk.folder(folder);
    }
  }
}
