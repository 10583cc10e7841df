package heddle.dial;

/** What came of a call. */
public sealed interface Dialled {
  /** The line is the caller's, to be closed. */
  record Connected(Line line) implements Dialled {}

  record Failed(Trouble trouble) implements Dialled {}
}
