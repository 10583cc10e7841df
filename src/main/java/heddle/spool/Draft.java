package heddle.spool;

import heddle.mail.Id;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message that is being received. Small ones are held in memory, larger ones go to a file as they
 * come. Used by one conversation only; close it in any case.
 */
public final class Draft implements AutoCloseable {
  private static final int SMALLEST = 4 * 1024;
  private static final int SPILL = 64 * 1024;

  /** Who takes what is finished. */
  interface Desk {
    void small(Ticket ticket, byte[] text, int size) throws SpoolUnavailable;

    void large(Ticket ticket) throws SpoolUnavailable;
  }

  private final Id id;
  private final Disk disk;
  private final Desk desk;
  private final long limit;
  private byte[] held = new byte[SMALLEST];
  private int inMemory;
  private long inFile;
  private Disk.@Nullable OpenFile file;
  private boolean over;

  Draft(Id id, Disk disk, Desk desk, long limit) {
    this.id = id;
    this.disk = disk;
    this.desk = desk;
    this.limit = limit;
  }

  /** Octets so far. */
  public long size() {
    return inFile + inMemory;
  }

  /**
   * Adds octets of the text.
   *
   * @throws SpoolUnavailable where the disk takes no more; the draft is then good for nothing but
   *     closing
   */
  public void write(byte[] octets, int from, int size) throws SpoolUnavailable {
    if (over) {
      throw new IllegalStateException("the draft is finished");
    }
    try {
      if (file == null && size() + size > limit) {
        disk.unlink(Place.text(Folders.TMP, id));
        file = disk.create(Place.text(Folders.TMP, id));
        spill();
        held = new byte[SPILL];
      }
      if (file == null) {
        hold(octets, from, size);
      } else {
        pass(octets, from, size);
      }
    } catch (IOException e) {
      over = true;
      throw new SpoolUnavailable("the message cannot be written", e);
    }
  }

  private void hold(byte[] octets, int from, int size) {
    if (inMemory + size > held.length) {
      int room = (int) Math.min(limit, Math.max(held.length * 2L, inMemory + (long) size));
      held = Arrays.copyOf(held, Math.max(room, inMemory + size));
    }
    System.arraycopy(octets, from, held, inMemory, size);
    inMemory += size;
  }

  private void pass(byte[] octets, int from, int size) throws IOException {
    for (int done = 0; done < size; ) {
      int some = Math.min(size - done, held.length - inMemory);
      System.arraycopy(octets, from + done, held, inMemory, some);
      inMemory += some;
      done += some;
      if (inMemory == held.length) {
        spill();
      }
    }
  }

  private void spill() throws IOException {
    Disk.OpenFile to = file;
    if (to != null) {
      to.write(inFile, ByteBuffer.wrap(held, 0, inMemory));
      inFile += inMemory;
      inMemory = 0;
    }
  }

  /**
   * Returns when the message is durable: only then may a 250 be said. The ticket's size is set
   * here.
   *
   * @throws SpoolUnavailable the message is not ours; the client keeps it (452 4.3.1)
   */
  public void commit(Ticket ticket) throws SpoolUnavailable {
    if (over || !ticket.id().equals(id)) {
      throw new IllegalStateException("not the ticket of an unfinished draft");
    }
    over = true;
    Ticket sized = ticket.sized(size());
    Disk.OpenFile text = file;
    if (text == null) {
      desk.small(sized, held, inMemory);
      return;
    }
    try {
      spill();
      text.force(Force.BIRTH_TEXT);
      text.close();
    } catch (IOException e) {
      throw new SpoolUnavailable("the message cannot be written", e);
    }
    desk.large(sized);
    file = null;
  }

  /** Discards what was not committed. */
  @Override
  public void close() {
    over = true;
    if (file != null) {
      try {
        file.close();
        disk.unlink(Place.text(Folders.TMP, id));
      } catch (IOException stays) {
        // tmp is emptied at start.
      }
      file = null;
    }
  }
}
