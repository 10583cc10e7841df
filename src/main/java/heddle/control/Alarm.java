package heddle.control;

import heddle.control.DoctorMemory.Told;
import heddle.control.Finding.State;
import heddle.event.Event;
import heddle.event.Events;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs the doctor again and again and tells the outlets what has changed, each of them each thing
 * once, and once a day what lasts; and calls the heartbeat while there is no error. What did not
 * leave is tried again at the next run. Needs neither queue nor disk.
 */
public final class Alarm implements Events, AutoCloseable {
  /** The same state is told again so often. */
  private static final Duration AGAIN = Duration.ofDays(1);

  /** Behind an event that cannot wait its consequences come in, and so may more of its kind. */
  private static final Duration REST = Duration.ofSeconds(2);

  /** Where something did not leave, the next run is not farther off. */
  private static final Duration RETRY = Duration.ofMinutes(1);

  /**
   * What there is to do.
   *
   * @param host this server's name
   * @param heartbeat called by GET; empty: none is
   */
  public record Settings(String host, Duration interval, Optional<URI> heartbeat) {}

  private final Settings settings;
  private final List<Outlet> outlets;
  private final Web web;
  private final Supplier<List<Finding>> doctor;
  private final DoctorMemory memory;
  private final Events events;
  private final InstantSource clock;
  private final Semaphore urgent = new Semaphore(0);
  private final Thread thread;
  private final Map<String, String> complaints = new HashMap<>();
  private boolean heartFailed;

  /**
   * @param doctor what there is to be found now
   * @param web for the heartbeat; closed with this
   */
  public Alarm(
      Settings settings,
      List<Outlet> outlets,
      Web web,
      Supplier<List<Finding>> doctor,
      DoctorMemory memory,
      Events events,
      InstantSource clock) {
    this.settings = settings;
    this.outlets = List.copyOf(outlets);
    this.web = web;
    this.doctor = doctor;
    this.memory = memory;
    this.events = events;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("alarm").unstarted(this::watch);
  }

  /** Runs for the first time at once. */
  public void start() {
    thread.start();
  }

  /** What cannot wait for the next run. */
  @Override
  public void tell(Event event) {
    if (event instanceof Event.SpoolClosed || event instanceof Event.HookStuck) {
      urgent.release();
    }
  }

  private void watch() {
    try {
      while (true) {
        boolean allLeft = run();
        Duration next =
            allLeft || settings.interval().compareTo(RETRY) < 0 ? settings.interval() : RETRY;
        if (urgent.tryAcquire(next.toMillis(), TimeUnit.MILLISECONDS)) {
          Thread.sleep(REST);
          urgent.drainPermits();
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** One run; whether everything left that had to. */
  boolean run() throws InterruptedException {
    List<Finding> findings = doctor.get();
    if (Thread.interrupted()) {
      // What a doctor finds of a server that is being stopped is nobody's trouble.
      throw new InterruptedException();
    }
    boolean allLeft = true;
    boolean told = false;
    for (Outlet outlet : outlets) {
      for (Finding finding : findings) {
        Optional<Alert> alert = due(outlet, finding);
        if (alert.isPresent()) {
          boolean left = left(outlet, alert.get());
          allLeft &= left;
          told |= left;
          if (!left) {
            break; // so would those behind it, and they would take their time
          }
        }
      }
      var looked = new TreeSet<String>();
      findings.forEach(f -> looked.add(f.check()));
      memory.keepOnly(outlet.name(), looked);
    }
    if (told) {
      memory.shown(findings);
      save();
    }
    heartbeat(findings);
    return allLeft;
  }

  private Optional<Alert> due(Outlet outlet, Finding finding) {
    Optional<Told> before = memory.told(outlet.name(), finding.check());
    State was = before.map(Told::state).orElse(State.OK);
    Instant now = clock.instant();
    boolean changed = (was.trouble() || finding.state().trouble()) && was != finding.state();
    boolean lasts =
        !changed
            && finding.state().trouble()
            && before.filter(b -> !now.isBefore(b.at().plus(AGAIN))).isPresent();
    // A check that is skipped for once has not become well.
    return finding.state() != State.SKIPPED && (changed || lasts)
        ? Optional.of(new Alert(settings.host(), finding, was, lasts, now))
        : Optional.empty();
  }

  private boolean left(Outlet outlet, Alert alert) throws InterruptedException {
    try {
      outlet.send(alert);
      memory.tell(outlet.name(), alert.finding().check(), alert.finding().state(), alert.at());
      complaints.remove(outlet.name());
      return true;
    } catch (IOException trouble) {
      String why = String.valueOf(trouble.getMessage());
      // The same is not said once a minute.
      if (!why.equals(complaints.put(outlet.name(), why))) {
        events.tell(
            new Event.Warning(
                "the alert about " + alert.finding().check() + " did not leave by " + outlet.name(),
                why,
                "it is tried again at each run; look at [alert] " + outlet.name()));
      }
      return false;
    }
  }

  private void save() {
    try {
      memory.save();
    } catch (IOException full) {
      // The memory holds as long as the process; an alert about the disk has just left.
    }
  }

  private void heartbeat(List<Finding> findings) throws InterruptedException {
    boolean well = findings.stream().noneMatch(f -> f.state() == State.ERR);
    if (settings.heartbeat().isEmpty() || !well) {
      return;
    }
    try {
      web.get(settings.heartbeat().get());
      heartFailed = false;
    } catch (IOException trouble) {
      if (!heartFailed) {
        events.tell(
            new Event.Warning(
                "the heartbeat was not taken",
                String.valueOf(trouble.getMessage()),
                "it is called again at each run; look at [alert] heartbeat"));
      }
      heartFailed = true;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      if (thread.isAlive()) {
        thread.join(Duration.ofSeconds(2));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    web.close();
    outlets.forEach(Outlet::close);
  }
}
