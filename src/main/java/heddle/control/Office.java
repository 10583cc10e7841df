package heddle.control;

/** Whoever answers requests: a running server through its socket, or this process itself. */
@FunctionalInterface
public interface Office {
  /**
   * @param actor who asks, as the operating system knows them
   */
  Answer ask(Request request, String actor);
}
