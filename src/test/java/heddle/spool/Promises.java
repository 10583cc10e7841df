package heddle.spool;

import heddle.mail.Id;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a spool has promised so far: how each message may come out, and what is kept of damage. */
final class Promises {
  /** Said into the order of what was done to the disk. An empty state: the message is not there. */
  sealed interface Word {
    record Text(Id id, byte[] text) implements Word {}

    /** Its 250 was said. */
    record Promised(Id id) implements Word {}

    record Trying(Id id, Optional<QueueEntry> state) implements Word {}

    record Acknowledged(Id id, Optional<QueueEntry> state) implements Word {}

    record Kept(String file, byte[] content) implements Word {}
  }

  private static final class Message {
    byte[] text = {};
    boolean promised;
    final Set<Optional<QueueEntry>> possible = new HashSet<>(Set.of(Optional.empty()));
  }

  private final Map<Id, Message> messages = new HashMap<>();
  private final Map<String, byte[]> kept = new HashMap<>();

  private Message message(Id id) {
    return messages.computeIfAbsent(id, i -> new Message());
  }

  void hear(Word word) {
    switch (word) {
      case Word.Text t -> message(t.id()).text = t.text();
      case Word.Promised p -> message(p.id()).promised = true;
      case Word.Trying t -> message(t.id()).possible.add(t.state());
      case Word.Acknowledged a -> {
        Message message = message(a.id());
        message.possible.clear();
        message.possible.add(a.state());
        // The client was not told of it: it owes nobody to be there.
        if (!message.promised) {
          message.possible.add(Optional.empty());
        }
      }
      case Word.Kept k -> kept.put(k.file(), k.content());
    }
  }

  /** What came out of a cut lasts, and is promised again. */
  void settle(Id id, byte[] text, QueueEntry state) {
    Message message = message(id);
    message.text = text;
    message.promised = true;
    message.possible.clear();
    message.possible.add(Optional.of(state));
  }

  byte[] text(Id id) {
    return message(id).text;
  }

  int promised() {
    return (int) messages.values().stream().filter(m -> m.promised).count();
  }

  /** What a spool does not keep; empty where it keeps its word. */
  List<String> broken(Spool spool) throws IOException {
    var broken = new ArrayList<String>();
    Map<Id, QueueEntry> out = new HashMap<>();
    for (QueueEntry entry : spool.entries()) {
      out.put(entry.id(), entry);
    }
    for (var one : messages.entrySet()) {
      Optional<QueueEntry> is = Optional.ofNullable(out.remove(one.getKey()));
      if (!one.getValue().possible.contains(is)) {
        broken.add(
            one.getKey()
                + " may be "
                + one.getValue().possible.stream().map(Promises::words).toList()
                + " and is "
                + words(is));
      } else if (is.isPresent()
          && !Arrays.equals(one.getValue().text, Samples.read(spool, one.getKey()))) {
        broken.add(one.getKey() + " has another text");
      }
    }
    out.keySet().forEach(ghost -> broken.add(ghost + " was never written"));
    return broken;
  }

  /** What was told to be set aside and is not there, whether or not a start would do it again. */
  List<String> missing(Platter platter) {
    var broken = new ArrayList<String>();
    kept.forEach(
        (file, content) -> {
          Platter.File is = platter.find(file);
          if (is == null || !Arrays.equals(content, is.content())) {
            broken.add(file + " was told and is not kept");
          }
        });
    return broken;
  }

  private static String words(Optional<QueueEntry> state) {
    return state
        .map(
            s ->
                (s.held().isPresent() ? "held " : "")
                    + s.recipients().stream().map(r -> r.status() + "/" + r.attempts()).toList())
        .orElse("gone");
  }
}
