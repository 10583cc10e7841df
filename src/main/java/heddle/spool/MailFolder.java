package heddle.spool;

import heddle.mail.Id;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Messages as pairs of files, {@code mail/ID.eml} and {@code mail/ID.json}. Everything is made in
 * {@code tmp} and renamed, so that a name in {@code mail} means a whole file. Safe to share; the
 * caller sees to it that one message is written by one thread.
 */
final class MailFolder {
  private static final int BUFFER = 64 * 1024;
  private final Disk disk;

  MailFolder(Disk disk) {
    this.disk = disk;
  }

  /** A message that never was in the journal. Its text lies in tmp, forced. */
  void bear(Paper paper) throws IOException {
    Id id = paper.entry().id();
    try {
      json(paper, Force.BIRTH_JSON);
      disk.rename(Place.text(Folders.TMP, id), Place.text(Folders.MAIL, id));
      disk.rename(Place.json(Folders.TMP, id), Place.json(Folders.MAIL, id));
      disk.forceFolder(Folders.MAIL, Force.BIRTH_FOLDER);
    } catch (IOException e) {
      // The client hears 452 and keeps its message: a copy that stayed here would be a second one.
      quietly(Place.json(Folders.MAIL, id));
      quietly(Place.text(Folders.MAIL, id));
      quietly(Place.json(Folders.TMP, id));
      quietly(Place.text(Folders.TMP, id));
      throw e;
    }
  }

  /** Writes a message of the journal out; the folder is still to be forced. */
  void file(Paper paper, InputStream text) throws IOException {
    Id id = paper.entry().id();
    String tmp = Place.text(Folders.TMP, id);
    disk.unlink(tmp);
    try (Disk.OpenFile file = disk.create(tmp)) {
      byte[] some = new byte[BUFFER];
      long at = 0;
      for (int came = text.read(some); came > 0; came = text.read(some)) {
        file.write(at, ByteBuffer.wrap(some, 0, came));
        at += came;
      }
      if (at != paper.entry().ticket().size()) {
        throw new IOException("the journal gives " + at + " octets of message " + id);
      }
      file.force(Force.FILED_TEXT);
    }
    json(paper, Force.FILED_JSON);
    disk.rename(tmp, Place.text(Folders.MAIL, id));
    disk.rename(Place.json(Folders.TMP, id), Place.json(Folders.MAIL, id));
  }

  /** Another state of a message that lies here. */
  void rewrite(Paper paper) throws IOException {
    Id id = paper.entry().id();
    json(paper, Force.STATE_JSON);
    disk.rename(Place.json(Folders.TMP, id), Place.json(Folders.MAIL, id));
    disk.forceFolder(Folders.MAIL, Force.STATE_FOLDER);
  }

  private void json(Paper paper, Force why) throws IOException {
    String tmp = Place.json(Folders.TMP, paper.entry().id());
    disk.unlink(tmp);
    try (Disk.OpenFile file = disk.create(tmp)) {
      file.write(0, ByteBuffer.wrap(PaperJson.bytes(PaperJson.write(paper))));
      file.force(why);
    }
  }

  /**
   * Takes both files away. Their end is in the journal, whose segment stays until the folder has
   * been forced: so neither order nor haste matters here, and what stays is taken away at start.
   */
  void remove(Id id) {
    quietly(Place.json(Folders.MAIL, id));
    quietly(Place.text(Folders.MAIL, id));
  }

  private void quietly(String name) {
    try {
      disk.unlink(name);
    } catch (IOException stays) {
      // Taken away at the next start.
    }
  }

  void force() throws IOException {
    disk.forceFolder(Folders.MAIL, Force.FILED_FOLDER);
  }
}
