package heddle.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk in memory that remembers everything that was done to it, in order, so that the power can
 * be cut afterwards at any point: see {@link PowerCut}. What the test wants to remember of the same
 * order, it {@link #mark}s. Safe to share.
 */
final class ForgetfulDisk {
  /** One thing that was done. */
  sealed interface Done {
    record Folder(String name) implements Done {}

    record Create(String name, int file) implements Done {}

    record Write(int file, long at, byte[] octets) implements Done {}

    record ForceFile(int file, Force why) implements Done {}

    record Rename(String from, String to) implements Done {}

    record Unlink(String name) implements Done {}

    record ForceFolder(String folder, Force why) implements Done {}

    /** Nothing that was done to the disk: a word of the test. */
    record Mark(Object what) implements Done {}
  }

  private final Platter platter;
  private final List<Done> log = new ArrayList<>();

  ForgetfulDisk() {
    this(new Platter());
  }

  /** A disk on which this lies, forced. */
  ForgetfulDisk(Platter platter) {
    this.platter = platter;
  }

  /** Nothing else happens between what was done before and what is done after. */
  synchronized void mark(Object what) {
    log.add(new Done.Mark(what));
  }

  synchronized List<Done> log() {
    return List.copyOf(log);
  }

  /** What a reader sees now, forced or not. */
  synchronized Platter now() {
    return platter.copy();
  }

  /** The disk as one process sees it: after so many deeds every further one fails for it. */
  Session session(long deeds) {
    return new Session(deeds);
  }

  Session session() {
    return session(Long.MAX_VALUE);
  }

  private synchronized void act(Done done) {
    log.add(done);
    platter.apply(done);
  }

  final class Session implements Disk {
    private long left;

    private Session(long deeds) {
      this.left = deeds;
    }

    private void deed() throws IOException {
      if (left-- <= 0) {
        throw new IOException("the process was killed");
      }
    }

    void kill() {
      synchronized (ForgetfulDisk.this) {
        left = 0;
      }
    }

    @Override
    public void folder(String name) throws IOException {
      synchronized (ForgetfulDisk.this) {
        deed();
        act(new Done.Folder(name));
      }
    }

    @Override
    public OpenFile create(String name) throws IOException {
      synchronized (ForgetfulDisk.this) {
        deed();
        if (platter.find(name) != null) {
          throw new FileAlreadyExistsException(name);
        }
        act(new Done.Create(name, platter.nextFile()));
        return new File(platter.find(name));
      }
    }

    @Override
    public OpenFile open(String name) throws IOException {
      synchronized (ForgetfulDisk.this) {
        Platter.File file = platter.find(name);
        if (file == null) {
          throw new NoSuchFileException(name);
        }
        return new File(file);
      }
    }

    @Override
    public void rename(String from, String to) throws IOException {
      synchronized (ForgetfulDisk.this) {
        deed();
        if (platter.find(from) == null) {
          throw new NoSuchFileException(from);
        }
        act(new Done.Rename(from, to));
      }
    }

    @Override
    public void unlink(String name) throws IOException {
      synchronized (ForgetfulDisk.this) {
        deed();
        if (platter.find(name) != null) {
          act(new Done.Unlink(name));
        }
      }
    }

    @Override
    public List<String> list(String folder) {
      synchronized (ForgetfulDisk.this) {
        return platter.list(folder);
      }
    }

    @Override
    public void forceFolder(String folder, Force why) throws IOException {
      synchronized (ForgetfulDisk.this) {
        deed();
        act(new Done.ForceFolder(folder, why));
      }
    }

    @Override
    public long free() {
      return 1L << 40;
    }

    private final class File implements OpenFile {
      private final Platter.File file;

      File(Platter.File file) {
        this.file = file;
      }

      @Override
      public int read(long at, ByteBuffer into) {
        synchronized (ForgetfulDisk.this) {
          return file.read(at, into);
        }
      }

      @Override
      public void write(long at, ByteBuffer from) throws IOException {
        synchronized (ForgetfulDisk.this) {
          deed();
          byte[] octets = new byte[from.remaining()];
          from.get(octets);
          act(new Done.Write(file.number(), at, octets));
        }
      }

      @Override
      public long size() {
        synchronized (ForgetfulDisk.this) {
          return file.size();
        }
      }

      @Override
      public void force(Force why) throws IOException {
        synchronized (ForgetfulDisk.this) {
          deed();
          act(new Done.ForceFile(file.number(), why));
        }
      }

      @Override
      public void close() {}
    }
  }
}
