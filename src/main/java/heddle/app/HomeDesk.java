package heddle.app;

import heddle.control.Answer;
import heddle.control.Doctor;
import heddle.control.DoctorMemory;
import heddle.control.Request;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The verbs that look after a home: {@code doctor}, {@code cert}, {@code send}, {@code backup}; by
 * its server, or by its files where none runs.
 *
 * @param server asks the one that runs
 */
record HomeDesk(Home home, Function<Request, Answer> server) {
  /** Answers, whichever it is. */
  Answer ask(Request request) throws IOException, Refused {
    if (request.verb().equals("backup.verify")) {
      return BackupDesk.verify(request); // it lies elsewhere, and needs neither server nor lock
    }
    Optional<Lock> lock = Lock.take(home.lock());
    if (lock.isEmpty()) {
      Answer answer = server.apply(request);
      boolean silent = answer.exit() == Answer.UNREACHABLE;
      return silent && request.verb().equals("doctor.run")
          ? DoctorDesk.rows(StoppedDoctor.silent(home))
          : answer;
    }
    try (Lock _ = lock.get()) {
      return alone(request);
    }
  }

  private Answer alone(Request request) throws Refused {
    return switch (request.verb()) {
      case "doctor.run" ->
          new DoctorDesk(
                  new Doctor(new StoppedDoctor(home).checks()), DoctorMemory.open(home.doctor()))
              .ask(request)
              .orElseThrow();
      case "cert.list", "cert.show" -> certificates(request);
      case "backup.create", "backup.state" -> BackupDesk.stopped(home).ask(request).orElseThrow();
      default ->
          Answer.no(
              Answer.UNREACHABLE,
              "no server runs here",
              "only a running server can do this",
              "start it: heddle serve");
    };
  }

  /** The files tell what would be served. */
  private Answer certificates(Request request) throws Refused {
    InstantSource clock = InstantSource.system();
    return StoppedDoctor.keys(home, clock)
        .flatMap(keys -> new CertDesk(keys, List::of, clock).ask(request))
        .orElseGet(() -> Answer.rows(List.of()));
  }
}
