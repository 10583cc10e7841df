package heddle.event;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One event, many ears. Each ear is quick and its mistakes are its own. Safe to share. */
public final class EventBus implements Events {
  private final List<Events> ears = new CopyOnWriteArrayList<>();

  public EventBus(Events... first) {
    ears.addAll(List.of(first));
  }

  public void listen(Events ear) {
    ears.add(ear);
  }

  @Override
  public void tell(Event event) {
    for (Events ear : ears) {
      try {
        ear.tell(event);
      } catch (RuntimeException itsOwnMistake) {
        System.getLogger("heddle").log(System.Logger.Level.WARNING, "an event's reader failed");
      }
    }
  }
}
