package heddle.spool;

/**
 * Why something is forced to the disk: each force() of the spool stands here by name, with what
 * would be lost without it.
 */
public enum Force {
  /** Before the 250 and before a state change is acknowledged: the records of one batch. */
  JOURNAL_RECORD,
  /** Before the first record of a segment is acknowledged: the segment's name. */
  JOURNAL_FOLDER,
  /**
   * Before a segment is unlinked: that those before it are gone for good. One that came back would
   * bring messages whose end was written in a later segment.
   */
  JOURNAL_RETIRED,
  /** Before the 250: the text of a message born as files. */
  BIRTH_TEXT,
  /** Before the 250: the envelope of a message born as files. */
  BIRTH_JSON,
  /** Before the 250: the names of both files. */
  BIRTH_FOLDER,
  /** Before a segment is unlinked: the text of a message written out of it. */
  FILED_TEXT,
  /** Before a segment is unlinked: the envelope and state of a message written out of it. */
  FILED_JSON,
  /**
   * Before a segment is unlinked: the names of all files written out of it, and the absence of the
   * files whose end is recorded in it.
   */
  FILED_FOLDER,
  /** Before a state change of a message in files is acknowledged. */
  STATE_JSON,
  /** The same: the name. */
  STATE_FOLDER,
  /** Before damage is told: the bytes set aside, for their segment will be unlinked. */
  DAMAGED_COPY,
  /** The same: the name. */
  DAMAGED_FOLDER,
  /** After a force() that failed: whether the disk takes it again. */
  PROBE
}
