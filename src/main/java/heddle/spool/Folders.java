package heddle.spool;

/** The rooms of a spool on its disk. */
final class Folders {
  static final String JOURNAL = "journal";
  static final String MAIL = "mail";
  static final String TMP = "tmp";
  static final String DAMAGED = "damaged";

  private Folders() {}
}
