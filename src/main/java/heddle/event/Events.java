package heddle.event;

/** Where facts are told. Safe to share; telling never throws and never waits for long. */
@FunctionalInterface
public interface Events {
  void tell(Event event);
}
