package heddle.spool;

import heddle.mail.Id;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A spool whose server is stopped, looked at without changing it: for {@code spool list | cat |
 * export | check}. What it finds is what the next start will find. Used by one thread.
 */
public final class SpoolFiles {
  private static final int BUFFER = 64 * 1024;
  private final Disk disk;

  public SpoolFiles(Disk disk) {
    this.disk = disk;
  }

  /**
   * Something that the next start would set aside.
   *
   * @param file below the spool's root
   * @param what in words
   */
  public record Finding(String file, long at, long octets, String what) {}

  /**
   * All messages that are still to be delivered, the oldest first.
   *
   * @throws SpoolRefused written by a version that we do not read
   */
  public List<QueueEntry> list() throws IOException {
    return survey().found().values().stream()
        .map(f -> f.paper().entry())
        .filter(e -> !e.finished())
        .sorted(
            Comparator.comparing((QueueEntry e) -> e.ticket().accepted())
                .thenComparing(QueueEntry::id))
        .toList();
  }

  /** Copies the text of a message; false where there is none of this id. */
  public boolean cat(Id id, OutputStream to) throws IOException {
    Optional<Survey.Found> found = Optional.ofNullable(survey().found().get(id));
    if (found.isPresent()) {
      try (InputStream text = text(found.get())) {
        text.transferTo(to);
      }
    }
    return found.isPresent();
  }

  /**
   * Writes every message into the folder, {@code ID.eml} and {@code ID.json}, replacing none.
   *
   * @return how many
   */
  public int export(Path folder) throws IOException {
    var target = new RealDisk(folder);
    target.folder("");
    int count = 0;
    for (Survey.Found found : survey().found().values()) {
      if (!found.paper().entry().finished()) {
        export(found, target);
        count++;
      }
    }
    return count;
  }

  private void export(Survey.Found found, Disk target) throws IOException {
    Id id = found.paper().entry().id();
    try (InputStream text = text(found);
        Disk.OpenFile to = target.create(id + ".eml")) {
      byte[] some = new byte[BUFFER];
      long at = 0;
      for (int came = text.read(some); came > 0; came = text.read(some)) {
        to.write(at, ByteBuffer.wrap(some, 0, came));
        at += came;
      }
    }
    try (Disk.OpenFile to = target.create(id + ".json")) {
      to.write(0, ByteBuffer.wrap(PaperJson.bytes(PaperJson.write(found.paper()))));
    }
  }

  /** What is damaged; empty where all is well. */
  public List<Finding> check() throws IOException {
    return survey().findings().stream()
        .map(
            finding ->
                switch (finding) {
                  case Survey.Finding.BadStretch bad ->
                      new Finding(bad.file(), bad.at(), bad.octets(), "no record of the journal");
                  case Survey.Finding.BadFile bad ->
                      new Finding(bad.folder() + "/" + bad.name(), 0, bad.octets(), bad.why());
                })
        .toList();
  }

  private Survey survey() throws IOException {
    return Survey.of(disk, Instant.EPOCH);
  }

  private InputStream text(Survey.Found found) throws IOException {
    Ticket ticket = found.paper().entry().ticket();
    return switch (found.place()) {
      case Place.InJournal j ->
          new StretchStream(disk.open(Folders.JOURNAL + "/" + j.segment()), j.at(), ticket.size());
      case Place.InFiles f ->
          new StretchStream(disk.open(Place.text(Folders.MAIL, ticket.id())), 0, ticket.size());
    };
  }
}
