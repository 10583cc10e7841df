package heddle.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A disk that refuses some forces, or all writing, and counts the forces. */
public final class FaultyDisk implements Disk {
  private final Disk disk;
  public final Set<Force> refused = ConcurrentHashMap.newKeySet();
  public volatile boolean full;
  private final Map<Force, Integer> forces = new EnumMap<>(Force.class);

  public FaultyDisk(Disk disk) {
    this.disk = disk;
  }

  synchronized int forces(Force why) {
    return forces.getOrDefault(why, 0);
  }

  private synchronized void force(Force why) throws IOException {
    forces.merge(why, 1, Integer::sum);
    if (refused.contains(why)) {
      throw new IOException("Input/output error");
    }
  }

  private void write() throws IOException {
    if (full) {
      throw new IOException("No space left on device");
    }
  }

  @Override
  public void folder(String name) throws IOException {
    disk.folder(name);
  }

  @Override
  public OpenFile create(String name) throws IOException {
    return new File(disk.create(name));
  }

  @Override
  public OpenFile open(String name) throws IOException {
    return new File(disk.open(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void unlink(String name) throws IOException {
    disk.unlink(name);
  }

  @Override
  public List<String> list(String folder) throws IOException {
    return disk.list(folder);
  }

  @Override
  public void forceFolder(String folder, Force why) throws IOException {
    force(why);
    disk.forceFolder(folder, why);
  }

  @Override
  public long free() throws IOException {
    return disk.free();
  }

  private final class File implements OpenFile {
    private final OpenFile file;

    File(OpenFile file) {
      this.file = file;
    }

    @Override
    public int read(long at, ByteBuffer into) throws IOException {
      return file.read(at, into);
    }

    @Override
    public void write(long at, ByteBuffer from) throws IOException {
      FaultyDisk.this.write();
      file.write(at, from);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void force(Force why) throws IOException {
      FaultyDisk.this.force(why);
      file.force(why);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
