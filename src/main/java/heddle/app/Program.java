package heddle.app;

import heddle.config.HeddleConfig;
import heddle.console.Desk;
import heddle.control.Answer;
import heddle.control.ControlClient;
import heddle.control.Request;
import heddle.control.Verbs;
import heddle.event.Event;
import heddle.event.EventBus;
import heddle.event.EventLog;
import heddle.spool.RealDisk;
import heddle.spool.Settings;
import heddle.spool.Spool;
import heddle.store.History;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** What the commands ask of the program: a running server's answers, or its own. */
final class Program implements Desk {
  private static final Duration STARTING = Duration.ofSeconds(3);

  /** Of these the files of a stopped server answer, too. */
  private static final Set<String> BY_FILES =
      Set.of("user.", "app.", "key.", "device.", "block.", "login.");

  private final Home home;

  Program(Home home) {
    this.home = home;
  }

  @Override
  public Path home() {
    return home.root();
  }

  @Override
  public String version() {
    return Version.get();
  }

  @Override
  public Answer ask(Request request) {
    try {
      demandHome();
      return switch (request.verb().substring(0, request.verb().indexOf('.') + 1)) {
        case "config." -> new ConfigDesk(home).ask(request);
        case "queue." -> queue(request);
        case "hook." -> hook(request);
        case "spool." -> alone(request, () -> new SpoolDesk(home).ask(request));
        case "doctor.", "cert.", "send.", "backup." ->
            new HomeDesk(home, this::fromServer).ask(request);

        default -> running(request);
      };
    } catch (Refused refused) {
      return refused.answer();
    } catch (IOException trouble) {
      return Answer.no(
          Answer.FAILED,
          "the files below " + home.root() + " cannot be used",
          String.valueOf(trouble.getMessage()),
          "look at their owner and mode, and whose you are");
    }
  }

  /** A home that was mistyped must not be made by looking at it. */
  private void demandHome() throws Refused {
    if (!Files.isDirectory(home.etc()) && !Files.isDirectory(home.var())) {
      throw new Refused(
          Answer.NOT_FOUND,
          "there is no home at " + home.root(),
          "it has neither etc nor var",
          "make one with: heddle --home " + home.root() + " quickstart you@example.org");
    }
  }

  @FunctionalInterface
  private interface Work {
    Answer done() throws IOException, Refused;
  }

  /** What must not be done while a server runs. */
  private Answer alone(Request request, Work work) throws IOException, Refused {
    Optional<Lock> lock = Lock.take(home.lock());
    if (lock.isEmpty()) {
      return Answer.no(
          Answer.REFUSED,
          request.verb().replace('.', ' ') + " reads the files of a stopped server",
          "a server runs here, as process " + Lock.holder(home.lock()),
          "stop it first");
    }
    try (Lock _ = lock.get()) {
      return work.done();
    }
  }

  /** The queue of a running server, or of a stopped one by its files. */
  private Answer queue(Request request) throws IOException {
    Optional<Lock> lock = Lock.take(home.lock());
    if (lock.isEmpty()) {
      return fromServer(request);
    }
    try (Lock _ = lock.get();
        Spool spool =
            Spool.open(
                new RealDisk(home.spool()), Settings.DEFAULT, _ -> {}, InstantSource.system())) {
      Answer answer =
          new QueueDesk(spool, InstantSource.system())
              .ask(request)
              .orElseGet(() -> notHere(request));
      spool.retireAll();
      return answer;
    }
  }

  /** A file is looked at here; what is in force only a running server knows. */
  private Answer hook(Request request) throws IOException {
    if (request.verb().equals("hook.test")) {
      return alone(request);
    }
    Optional<Lock> lock = Lock.take(home.lock());
    if (lock.isEmpty()) {
      return fromServer(request);
    }
    try (Lock _ = lock.get()) {
      return alone(request);
    }
  }

  private Answer alone(Request request) {
    return HookDesk.alone(home).ask(request).orElseGet(() -> notHere(request));
  }

  private Answer running(Request request) throws IOException, Refused {
    if (!BY_FILES.contains(request.verb().substring(0, request.verb().indexOf('.') + 1))) {
      return served(request);
    }
    Optional<Lock> lock = Lock.take(home.lock());
    if (lock.isPresent()) {
      try (Lock _ = lock.get();
          Books books = Books.open(home, InstantSource.system(), Extras.of(home))) {
        if (request.verb().equals("login.list")) {
          return logins(request);
        }
        Answer answer = alone(books, request);
        if (!answer.ok() || request.flag("dry-run")) {
          return answer;
        }
        return switch (request.verb()) {
          case "user.disable" -> holding(answer);
          case "user.remove" -> request.flag("forget") ? forgotten(answer) : answer;
          default -> answer;
        };
      }
    }
    return fromServer(request);
  }

  /**
   * What only a running server answers. A console asks for it again and again: the lock is only
   * tried, for a server may be about to take it.
   */
  private Answer served(Request request) throws IOException {
    Optional<Lock> free = Lock.take(home.lock());
    if (free.isPresent()) {
      free.get().close();
      return notRunning(request);
    }
    return fromServer(request);
  }

  private Answer holding(Answer answer) throws IOException {
    try (Spool spool =
        Spool.open(new RealDisk(home.spool()), Settings.DEFAULT, _ -> {}, InstantSource.system())) {
      Answer held = ServerOffice.holding(answer, new QueueDesk(spool, InstantSource.system()));
      spool.retireAll();
      return held;
    }
  }

  private Answer alone(Books books, Request request) {
    return books
        .users()
        .ask(request)
        .or(() -> books.credentials(Places.of(home)).ask(request))
        .or(() -> books.blocks().ask(request, System.getProperty("user.name", "")))
        .orElseGet(() -> notRunning(request));
  }

  private Answer forgotten(Answer answer) throws Refused {
    try (History history = Books.history(home, InstantSource.system(), History.Keep.ALL, _ -> {})) {
      return Books.forget(history, answer);
    }
  }

  private Answer logins(Request request) throws Refused {
    try (History history = Books.history(home, InstantSource.system(), History.Keep.ALL, _ -> {})) {
      return new LoginDesk(history).ask(request).orElseThrow();
    }
  }

  /** What only a running server answers. */
  private static Answer notHere(Request request) {
    return Verbs.named(request.verb()).isPresent()
        ? Answer.no(
            Answer.UNREACHABLE,
            "no server runs here",
            request.verb().replace('.', ' ') + " is answered by a running one",
            "start it: heddle serve")
        : ServerOffice.unknown(request);
  }

  private static Answer notRunning(Request request) {
    return request.verb().equals("status")
        ? Answer.row(Map.of("state", "stopped"))
        : notHere(request);
  }

  /** Somebody holds the lock: a server, perhaps one that is just starting or stopping. */
  private Answer fromServer(Request request) {
    var client = new ControlClient(home.control());
    long began = System.nanoTime();
    Answer answer = client.ask(request, "");
    while (answer.exit() == Answer.UNREACHABLE && System.nanoTime() - began < STARTING.toNanos()) {
      try {
        Thread.sleep(50);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        break;
      }
      answer = client.ask(request, "");
    }
    return answer.exit() == Answer.UNREACHABLE
        ? Answer.no(
            Answer.UNREACHABLE,
            "the server does not answer",
            "process "
                + Lock.holder(home.lock())
                + " holds "
                + home.lock()
                + " but does not hear at "
                + home.control(),
            "look at its log; it may be starting, stopping or stuck")
        : answer;
  }

  @Override
  public int serve() {
    try (var log = log()) {
      return serve(log, new EventBus(log), _ -> {});
    }
  }

  private static EventLog log() {
    return new EventLog(
            new FileOutputStream(FileDescriptor.out),
            journal() ? EventLog.Reader.JOURNALD : EventLog.Reader.OTHERS,
            InstantSource.system())
        .start();
  }

  /**
   * systemd.exec(5): JOURNAL_STREAM names device and inode of the journal's end. It is inherited by
   * what a desktop's terminal starts, and is there where only standard error goes to the journal.
   */
  private static boolean journal() {
    String named = System.getenv("JOURNAL_STREAM");
    if (named == null) {
      return false;
    }
    try {
      Map<String, Object> out = Files.readAttributes(Path.of("/proc/self/fd/1"), "unix:dev,ino");
      return named.equals(out.get("dev") + ":" + out.get("ino"));
    } catch (IOException | UnsupportedOperationException cannotTell) {
      return true;
    }
  }

  @FunctionalInterface
  interface Ready {
    void serving(Heddle heddle);
  }

  private int serve(EventLog log, EventBus events, Ready ready) {
    try {
      demandHome();
      HeddleConfig config = configured(log, events);
      var over = new CountDownLatch(1);
      Heddle heddle = Heddle.start(home, config, events);
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform()
                  .name("stop")
                  .unstarted(
                      () -> {
                        heddle.stop("signal");
                        over.countDown();
                        // The log writes on a daemon thread; give it the moment it needs.
                        rest();
                        // A clean stop is a success, not the 143 that the JVM makes of SIGTERM.
                        Runtime.getRuntime().halt(0);
                      }));
      ready.serving(heddle);
      over.await();
      return 0;
    } catch (Refused refused) {
      print(refused.answer());
      return refused.exit();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /** The log learns its format before the first event is told: that of the notes, if any. */
  private HeddleConfig configured(EventLog log, EventBus events) throws Refused {
    List<Event> notes = new ArrayList<>();
    HeddleConfig config = new ConfigDesk(home).load(notes::add);
    log.write(
        switch (config.log().format()) {
          case TEXT -> EventLog.Format.TEXT;
          case JSON -> EventLog.Format.JSON;
        });
    notes.forEach(events::tell);
    return config;
  }

  private static void rest() {
    try {
      Thread.sleep(250);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  static void print(Answer answer) {
    PrintStream err = System.err;
    err.println("heddle: " + answer.what());
    if (!answer.why().isEmpty()) {
      answer.why().lines().forEach(line -> err.println("   why: " + line));
    }
    if (!answer.remedy().isEmpty()) {
      err.println("   do:  " + answer.remedy());
    }
  }

  @Override
  public int quickstart(String address, boolean serve) {
    try {
      Quickstart quickstart = Quickstart.prepare(home, address, System.out);
      if (!serve) {
        return 0;
      }
      if (quickstart.servedBy().isPresent()) {
        System.out.println(
            "Heddle serves here already, as process " + quickstart.servedBy().get() + ".");
        return 0;
      }
      try (var log = log()) {
        var events = new EventBus(log);
        return serve(
            log,
            events,
            heddle -> {
              quickstart.invite(heddle);
              events.listen(event -> tellOfArrival(quickstart, event));
            });
      }
    } catch (Refused refused) {
      print(refused.answer());
      return refused.exit();
    } catch (IOException trouble) {
      print(
          Answer.no(
              Answer.FAILED,
              "the home " + home.root() + " cannot be prepared",
              String.valueOf(trouble.getMessage()),
              "look at its owner, mode and free space"));
      return 1;
    }
  }

  private static void tellOfArrival(Quickstart quickstart, Event event) {
    if (event instanceof Event.Delivered delivered) {
      quickstart.arrived(delivered);
    }
  }
}
