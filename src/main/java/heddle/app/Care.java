package heddle.app;

import heddle.control.Alarm;
import heddle.control.Doctor;
import heddle.control.DoctorMemory;
import heddle.control.Troubles;
import heddle.directory.OneTimeLogin;
import heddle.event.Event;
import heddle.event.EventBus;
import heddle.event.Events;
import heddle.mail.Domain;
import heddle.sasl.Verifier;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/** What looks after a running server: the doctor, its alarm, and what they hear of. */
final class Care implements AutoCloseable {
  private final Troubles troubles;
  private final TestMail testMail;
  private final OneTimeLogin login = new OneTimeLogin(new SecureRandom());
  private final DoctorDesk doctor;
  private final Optional<Alarm> alarm;

  /** Hears of everything from now on; looks at nothing before it is started. */
  Care(Heddle heddle, Domain hostname, EventBus events, InstantSource clock) {
    this.troubles = new Troubles(clock);
    this.testMail = new TestMail(clock);
    DoctorMemory memory = DoctorMemory.open(heddle.home().doctor());
    var checks = new Checks(heddle.home(), clock).running(heddle, hostname, troubles, login);
    this.doctor = new DoctorDesk(new Doctor(checks), memory);
    this.alarm = Alarms.of(heddle.config(), hostname, doctor::run, memory, events, clock);
    events.listen(troubles);
    events.listen(testMail);
    alarm.ifPresent(events::listen);
  }

  void start() {
    alarm.ifPresent(Alarm::start);
  }

  DoctorDesk doctor() {
    return doctor;
  }

  TestMail testMail() {
    return testMail;
  }

  /** Those who decide about logins, behind the doctor's own way in. */
  Verifier before(Verifier directories) {
    return login.before(directories);
  }

  /** Of the doctor's own logins the log is enough. */
  static Events withoutOwn(Events history) {
    return event -> {
      if (!(event instanceof Event.LoginAccepted in
          && in.credential().equals(OneTimeLogin.CREDENTIAL))) {
        history.tell(event);
      }
    };
  }

  /** What is found of a server that is being stopped is nobody's trouble. */
  @Override
  public void close() {
    alarm.ifPresent(Alarm::close);
  }
}
