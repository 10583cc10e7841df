package heddle.app;

import heddle.config.HeddleConfig;
import heddle.control.Ailment;
import heddle.control.CertificateCheck;
import heddle.control.Check;
import heddle.control.Finding;
import heddle.control.Subject;
import heddle.tls.ServerKeys;
import heddle.wire.Deadline;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be looked at where no server runs; that none runs is an error. */
final class StoppedDoctor {
  private final Home home;
  private final InstantSource clock = InstantSource.system();

  StoppedDoctor(Home home) {
    this.home = home;
  }

  List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    checks.add(check(Subject.SERVER, () -> List.of(Ailment.SERVER_STOPPED.found())));
    checks.add(new ConfigCheck(home));
    checks.add(
        check(Subject.CERT, () -> certificates(Deadline.in(heddle.control.Doctor.PATIENCE))));
    if (Files.isDirectory(home.var())) {
      checks.add(new Checks(home, clock).disk(Optional::empty));
    }
    checks.add(new Checks(home, clock).clock());
    checks.add(new Checks(home, clock).backup());
    return checks;
  }

  /** A server holds the lock, and says nothing. */
  static List<Finding> silent(Home home) {
    return List.of(Ailment.SERVER_SILENT.found("pid", Lock.holder(home.lock())));
  }

  private List<Finding> certificates(Deadline deadline) {
    try {
      return keys(home, clock)
          .map(keys -> new CertificateCheck(keys, List::of, clock).look(deadline))
          .orElseGet(
              () ->
                  List.of(
                      Finding.skipped(
                          Subject.CERT.id(), "a self-signed one is made at the first start")));
    } catch (Refused refused) {
      return List.of(
          Finding.skipped(Subject.CERT.id(), "the configuration is refused, see config"));
    }
  }

  /** Those of the files; empty where there are none yet, for looking makes none. */
  static Optional<ServerKeys> keys(Home home, InstantSource clock) throws Refused {
    HeddleConfig config = new ConfigDesk(home).load(_ -> {});
    boolean given = config.tls().certificate().isPresent();
    return given || Files.exists(home.tls().resolve("self-signed.pem"))
        ? Optional.of(new Wiring(home, config, _ -> {}, clock).keys())
        : Optional.empty();
  }

  @FunctionalInterface
  private interface Look {
    List<Finding> now();
  }

  private static Check check(Subject subject, Look look) {
    return new Check() {
      @Override
      public Subject subject() {
        return subject;
      }

      @Override
      public List<Finding> look(Deadline deadline) {
        return look.now();
      }
    };
  }
}
