package heddle.app;

import heddle.config.AlertConfig;
import heddle.config.HeddleConfig;
import heddle.control.Alarm;
import heddle.control.DoctorMemory;
import heddle.control.ExecOutlet;
import heddle.control.Finding;
import heddle.control.Outlet;
import heddle.control.Web;
import heddle.control.WebOutlet;
import heddle.event.Events;
import heddle.mail.Domain;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** From {@code [alert]} to the alarm. */
final class Alarms {
  private static final Duration OF_PROGRAM = Duration.ofSeconds(30);
  private static final Duration OF_WEB = Duration.ofSeconds(15);

  private Alarms() {}

  /** Empty where nobody wants to know. */
  static Optional<Alarm> of(
      HeddleConfig config,
      Domain hostname,
      Supplier<List<Finding>> doctor,
      DoctorMemory memory,
      Events events,
      InstantSource clock) {
    AlertConfig alert = config.alert();
    if (!alert.any()) {
      return Optional.empty();
    }
    var web = new Web(OF_WEB);
    List<Outlet> outlets = new ArrayList<>();
    if (!alert.exec().isEmpty()) {
      outlets.add(new ExecOutlet(alert.exec(), OF_PROGRAM));
    }
    alert.webhook().ifPresent(url -> outlets.add(new WebOutlet(web, url)));
    return Optional.of(
        new Alarm(
            new Alarm.Settings(hostname.toString(), alert.interval(), alert.heartbeat()),
            outlets,
            web,
            doctor,
            memory,
            events,
            clock));
  }
}
