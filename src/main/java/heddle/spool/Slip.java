package heddle.spool;

import heddle.mail.Id;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import tools.jackson.databind.node.ObjectNode;

/**
 * One record on its way into the journal, and the one who waits for it.
 *
 * @param accepts the message that this record would bring into the world
 * @param durable called by the writer, in the order of the records, before anybody is woken
 */
record Slip(
    Segment.Load record,
    Optional<Id> accepts,
    Durable durable,
    CompletableFuture<Boolean> settled) {
  /** Hears that the record is on disk. Must be quick and take no lock. */
  interface Durable {
    void at(String segment, long text);
  }

  static final String MESSAGE = "message";
  static final String STATE = "state";
  static final String DROP = "drop";

  private static final byte[] NO_TEXT = {};

  static Slip message(Paper paper, byte[] text, int size, Durable durable) {
    return new Slip(
        new Segment.Load(member(MESSAGE, PaperJson.bytes(PaperJson.write(paper))), text, size),
        Optional.of(paper.entry().id()),
        durable,
        new CompletableFuture<>());
  }

  static Slip state(Paper.Change change) {
    ObjectNode node = PaperJson.write(change);
    return bare(member(STATE, PaperJson.bytes(node)));
  }

  static Slip drop(Id id) {
    return bare(member(DROP, ("\"" + id + "\"").getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  /** For waking the writer when it is over. */
  static Slip nothing() {
    return bare(NO_TEXT);
  }

  private static Slip bare(byte[] members) {
    return new Slip(
        new Segment.Load(members, NO_TEXT, 0),
        Optional.empty(),
        (segment, text) -> {},
        new CompletableFuture<>());
  }

  private static byte[] member(String name, byte[] value) {
    byte[] key = ("\"" + name + "\":").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    byte[] all = new byte[key.length + value.length];
    System.arraycopy(key, 0, all, 0, key.length);
    System.arraycopy(value, 0, all, key.length, value.length);
    return all;
  }

  /** Waits until the record is durable. No interrupt ends the wait: the disk does. */
  void await() throws SpoolUnavailable {
    try {
      settled.join();
    } catch (CompletionException failed) {
      Throwable why = failed.getCause();
      throw new SpoolUnavailable(
          why instanceof SpoolUnavailable u && u.getMessage() != null
              ? u.getMessage()
              : "the journal cannot be written",
          failed);
    }
  }
}
