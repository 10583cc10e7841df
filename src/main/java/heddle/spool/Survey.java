package heddle.spool;

import heddle.mail.Id;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What lies in a spool, read and not touched: the messages that are to be delivered, what is
 * damaged, and what is litter.
 *
 * @param litter files that mean nothing: left by writes that nobody was told of, or by messages
 *     that came to their end
 * @param stale messages in files for which the journal has a newer state
 */
record Survey(
    Map<Id, Found> found,
    List<Finding> findings,
    List<String> litter,
    List<Id> stale,
    List<Journal.Ended> segments) {
  /** A message. */
  record Found(Paper paper, Place place) {}

  /** Something that is not as we wrote it. */
  sealed interface Finding {
    /** Octets of a file, which should be set aside under the name. */
    record BadStretch(String file, long at, long octets, String keepAs) implements Finding {}

    /** A whole file, which should be set aside under its own name. */
    record BadFile(String folder, String name, long octets, String why) implements Finding {}
  }

  static Survey of(Disk disk, Instant now) throws IOException {
    return new Reading(disk, now).survey();
  }

  private static final class Reading {
    private final Disk disk;
    private final Instant now;
    private final Map<Id, Found> found = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> litter = new ArrayList<>();
    private final List<Id> stale = new ArrayList<>();
    private final List<Journal.Ended> segments = new ArrayList<>();

    /** Pairs that are not whole, with the reason; the journal may know better. */
    private final Map<Id, String> broken = new TreeMap<>();

    private final Map<Id, Boolean> dropped = new HashMap<>();

    Reading(Disk disk, Instant now) {
      this.disk = disk;
      this.now = now;
    }

    Survey survey() throws IOException {
      for (String name : disk.list(Folders.TMP)) {
        litter.add(Folders.TMP + "/" + name);
      }
      List<String> names = disk.list(Folders.MAIL);
      for (Id id : ids(names)) {
        pair(id);
      }
      List<Id> inFiles = List.copyOf(found.keySet());
      var numbers = new TreeMap<Long, String>();
      for (String name : disk.list(Folders.JOURNAL)) {
        Segment.number(name).ifPresent(n -> numbers.put(n, name));
      }
      for (String name : numbers.values()) {
        segment(name);
      }
      for (Id id : inFiles) {
        if (!found.containsKey(id)) {
          litter.add(Place.json(Folders.MAIL, id));
          litter.add(Place.text(Folders.MAIL, id));
        }
      }
      brokenPairs(names);
      // A message of the journal that came to its end leaves with its segment.
      found.values().removeIf(f -> !f.place().equals(Place.FILES) && f.paper().entry().finished());
      stale.removeIf(id -> !found.containsKey(id));
      return new Survey(found, findings, litter, stale, segments);
    }

    private static List<Id> ids(List<String> names) {
      return names.stream()
          .filter(n -> n.endsWith(".eml") || n.endsWith(".json"))
          .map(n -> Id.parse(n.substring(0, n.indexOf('.'))))
          .flatMap(Optional::stream)
          .distinct()
          .toList();
    }

    // ---- files

    private void pair(Id id) throws IOException {
      long text = size(Place.text(Folders.MAIL, id));
      Optional<byte[]> json = content(Place.json(Folders.MAIL, id));
      if (json.isEmpty()) {
        broken.put(id, "");
        return;
      }
      try {
        Paper paper = PaperJson.paper(PaperJson.object(json.get()));
        Ticket ticket = paper.entry().ticket();
        if (!ticket.id().equals(id)) {
          broken.put(id, "the envelope is another message's");
        } else if (text != ticket.size()) {
          broken.put(id, text < 0 ? "the text is missing" : "the text has another size");
        } else {
          found.put(id, new Found(paper, Place.FILES));
        }
      } catch (IllegalArgumentException unreadable) {
        broken.put(id, "the envelope cannot be read");
      }
    }

    private long size(String name) throws IOException {
      try (Disk.OpenFile file = disk.open(name)) {
        return file.size();
      } catch (NoSuchFileException none) {
        return -1;
      }
    }

    private Optional<byte[]> content(String name) throws IOException {
      try (Disk.OpenFile file = disk.open(name)) {
        var all = new byte[(int) Math.min(file.size(), SegmentReader.LONGEST_LINE)];
        file.read(0, ByteBuffer.wrap(all));
        return Optional.of(all);
      } catch (NoSuchFileException none) {
        return Optional.empty();
      }
    }

    /**
     * Half a pair is what a writing-out left that the journal still covers, or what a birth left
     * that nobody was told of, or the rest of a message whose end was recorded. A text alone is
     * only ever one of these. An envelope alone, or one that does not fit its text, may also be
     * damage: it is kept.
     */
    private void brokenPairs(List<String> names) throws IOException {
      for (var pair : broken.entrySet()) {
        Id id = pair.getKey();
        boolean known = found.containsKey(id) || dropped.containsKey(id);
        for (String end : List.of(".eml", ".json")) {
          String name = id + end;
          if (!names.contains(name)) {
            continue;
          }
          String file = Folders.MAIL + "/" + name;
          if (known || pair.getValue().isEmpty()) {
            litter.add(file);
          } else {
            findings.add(
                new Finding.BadFile(Folders.MAIL, name, Math.max(0, size(file)), pair.getValue()));
          }
        }
      }
    }

    // ---- the journal

    private void segment(String name) throws IOException {
      String path = Folders.JOURNAL + "/" + name;
      try (Disk.OpenFile file = disk.open(path)) {
        segments.add(new Journal.Ended(name, file.size(), now));
        var reader = new SegmentReader(name, file);
        Optional<String> nonce = reader.nonce();
        if (nonce.isEmpty()) {
          // Without records: one that was never begun to be used.
          if (file.size() > 0) {
            bad(file, name, 0, file.size(), file.size() + "-");
          }
          return;
        }
        reader.read(
            nonce.get(),
            new SegmentReader.Listener() {
              @Override
              public void record(ObjectNode line, long text, long size) throws SpoolRefused {
                if (!understood(line, new Place.InJournal(name, text), size)) {
                  findings.add(
                      new Finding.BadStretch(
                          path, text, size, name + "-" + nonce.get().substring(0, 8) + "-" + text));
                }
              }

              @Override
              public void bad(long from, long to) throws IOException {
                Reading.this.bad(file, name, from, to, nonce.get().substring(0, 8) + "-");
              }
            });
      }
    }

    private void bad(Disk.OpenFile file, String name, long from, long to, String mark)
        throws IOException {
      if (!blank(file, from, to)) {
        findings.add(
            new Finding.BadStretch(
                Folders.JOURNAL + "/" + name, from, to - from, name + "-" + mark + from));
      }
    }

    /** Zeros are what a file system puts where nothing was written. */
    private static boolean blank(Disk.OpenFile file, long from, long to) throws IOException {
      var some = ByteBuffer.allocate(4096);
      for (long at = from; at < to; ) {
        some.clear().limit((int) Math.min(some.capacity(), to - at));
        int came = file.read(at, some);
        for (int i = 0; i < came; i++) {
          if (some.get(i) != 0) {
            return false;
          }
        }
        at += Math.max(1, came);
      }
      return true;
    }

    private boolean understood(ObjectNode line, Place place, long size) throws SpoolRefused {
      try {
        JsonNode message = line.get(Slip.MESSAGE);
        JsonNode state = line.get(Slip.STATE);
        JsonNode drop = line.get(Slip.DROP);
        if (message != null) {
          message(PaperJson.paper(message), place, size);
        } else if (state != null) {
          change(PaperJson.change(state));
        } else if (drop != null) {
          Id id = new Id(drop.stringValue(""));
          found.remove(id);
          dropped.put(id, true);
        }
        return message != null || state != null || drop != null;
      } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
        return false;
      }
    }

    private void message(Paper paper, Place place, long size) {
      Id id = paper.entry().id();
      if (size != paper.entry().ticket().size()) {
        throw new IllegalArgumentException("the text has another size");
      }
      Found before = found.get(id);
      // A whole pair of files was written after this record, and out of it.
      if (before == null || !before.place().equals(Place.FILES)) {
        found.put(id, new Found(paper, place));
        dropped.remove(id);
      }
    }

    private void change(Paper.Change change) {
      Found at = found.get(change.id());
      if (at != null && change.revision() > at.paper().revision()) {
        found.put(change.id(), new Found(at.paper().after(change), at.place()));
        if (at.place().equals(Place.FILES)) {
          stale.add(change.id());
        }
      }
    }
  }
}
