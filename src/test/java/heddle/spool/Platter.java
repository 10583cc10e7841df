package heddle.spool;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Files and names, as a reader sees them. Used under its owner's lock. */
final class Platter {
  /** The content of a file; its name is in the folder. */
  static final class File {
    private final int number;
    private byte[] octets = new byte[256];
    private int size;

    File(int number) {
      this.number = number;
    }

    File(int number, byte[] content) {
      this.number = number;
      this.octets = content.clone();
      this.size = content.length;
    }

    int number() {
      return number;
    }

    int size() {
      return size;
    }

    byte[] content() {
      return Arrays.copyOf(octets, size);
    }

    void write(long at, byte[] some) {
      int end = Math.toIntExact(at + some.length);
      if (end > octets.length) {
        octets = Arrays.copyOf(octets, Math.max(end, octets.length * 2));
      }
      System.arraycopy(some, 0, octets, (int) at, some.length);
      size = Math.max(size, end);
    }

    int read(long at, ByteBuffer into) {
      if (at >= size) {
        return 0;
      }
      int some = (int) Math.min(into.remaining(), size - at);
      into.put(octets, (int) at, some);
      return some;
    }
  }

  private final Map<Integer, File> files = new HashMap<>();
  private final TreeMap<String, Integer> names = new TreeMap<>();
  private int nextFile = 1;

  int nextFile() {
    return nextFile;
  }

  File find(String name) {
    Integer number = names.get(name);
    return number == null ? null : files.get(number);
  }

  File file(int number) {
    return files.get(number);
  }

  Map<String, Integer> names() {
    return names;
  }

  List<String> list(String folder) {
    String start = folder + "/";
    return names.subMap(start, folder + "0").keySet().stream()
        .map(n -> n.substring(start.length()))
        .toList();
  }

  /** A file that was there before. */
  void put(String name, byte[] content) {
    files.put(nextFile, new File(nextFile, content));
    names.put(name, nextFile++);
  }

  void apply(ForgetfulDisk.Done done) {
    switch (done) {
      case ForgetfulDisk.Done.Create c -> {
        files.put(c.file(), new File(c.file()));
        names.put(c.name(), c.file());
        nextFile = c.file() + 1;
      }
      case ForgetfulDisk.Done.Write w -> files.get(w.file()).write(w.at(), w.octets());
      case ForgetfulDisk.Done.Rename r -> names.put(r.to(), names.remove(r.from()));
      case ForgetfulDisk.Done.Unlink u -> names.remove(u.name());
      case ForgetfulDisk.Done.Folder f -> {}
      case ForgetfulDisk.Done.ForceFile f -> {}
      case ForgetfulDisk.Done.ForceFolder f -> {}
      case ForgetfulDisk.Done.Mark m -> {}
    }
  }

  Platter copy() {
    var copy = new Platter();
    names.forEach((name, number) -> copy.put(name, files.get(number).content()));
    return copy;
  }
}
