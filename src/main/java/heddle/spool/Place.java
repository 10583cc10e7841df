package heddle.spool;

import heddle.mail.Id;

/** Where the text of a message lies. */
sealed interface Place {
  /** In a segment, at an offset. */
  record InJournal(String segment, long at) implements Place {}

  /** In {@code mail/ID.eml}, the state beside it. */
  record InFiles() implements Place {}

  Place FILES = new InFiles();

  static String text(String folder, Id id) {
    return folder + "/" + id + ".eml";
  }

  static String json(String folder, Id id) {
    return folder + "/" + id + ".json";
  }
}
