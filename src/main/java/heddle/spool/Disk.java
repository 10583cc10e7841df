package heddle.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * All the spool asks of a disk. Names are relative to the spool's root, {@code folder/file}.
 * Nothing but a force makes anything last: neither content, nor a name, nor the absence of one.
 * Implementations are safe to share.
 */
public interface Disk {
  /** Makes the folder, open to its owner only, where it is missing; it lasts. */
  void folder(String name) throws IOException;

  /** A new, empty file for reading and writing, replacing none, open to its owner only. */
  OpenFile create(String name) throws IOException;

  /**
   * A file for reading. It stays readable through this handle when its name is gone.
   *
   * @throws java.nio.file.NoSuchFileException where there is none
   */
  OpenFile open(String name) throws IOException;

  /** Gives the file another name, at once; a file that had this name is gone. */
  void rename(String from, String to) throws IOException;

  /** Takes the name away; a missing one is no error. */
  void unlink(String name) throws IOException;

  /** The plain names of what lies in the folder, sorted; nothing where there is none. */
  List<String> list(String folder) throws IOException;

  /** Returns when the names in the folder are as durable as the disk can make them. */
  void forceFolder(String folder, Force why) throws IOException;

  /** Octets that could still be written. */
  long free() throws IOException;

  /** One open file. Used by one thread at a time. */
  interface OpenFile extends Closeable {
    /** Reads at the position until the buffer is full or the file ends; how many octets came. */
    int read(long at, ByteBuffer into) throws IOException;

    /** Writes all of the buffer at the position. */
    void write(long at, ByteBuffer from) throws IOException;

    long size() throws IOException;

    /** Returns when the content is as durable as the disk can make it. */
    void force(Force why) throws IOException;
  }
}
