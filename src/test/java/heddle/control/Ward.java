package heddle.control;

import heddle.app.Home;
import heddle.app.TestHome;
import heddle.config.Bind;
import heddle.control.DiskCheck.Inodes;
import heddle.control.DiskCheck.Room;
import heddle.dial.Credentials;
import heddle.dial.Papers;
import heddle.dial.Peer;
import heddle.dial.Security;
import heddle.event.Event;
import heddle.mail.Secret;
import heddle.tls.ServerKeys;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** Everything that can be wrong, made wrong; and everything as it should be. */
final class Ward {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final String HOST = "mail.example.org";
  private static final Deadline SOON = Deadline.in(Duration.ofMinutes(1));
  private static final long GIBI = 1L << 30;

  private final Path folder;

  Ward(Path folder) {
    this.folder = folder;
  }

  /** The finding of each ailment, from a check that looks at the real thing where it can. */
  Finding sick(Ailment ailment) throws Exception {
    return switch (ailment) {
      case SERVER_STOPPED -> ofHome("", Subject.SERVER);
      case SERVER_SILENT -> finding(TestHome.silent(home("")), "server");
      case CONFIG_NOTES -> ofHome("[session.auth]\nrequire = false\n", Subject.CONFIG);
      case CONFIG_REFUSED -> ofHome("nonsense = 1\n", Subject.CONFIG);
      case CERT_SELF_SIGNED -> certificate(keys(Optional.empty()), Instant.now());
      case CERT_ENDS_SOON -> certificate(given(HOST, 13), Instant.now());
      case CERT_ENDED -> certificate(given(HOST, 30), Instant.now().plus(Duration.ofDays(33)));
      case CERT_NOT_YET -> certificate(given(HOST, 30), Instant.now().minus(Duration.ofDays(500)));
      case CERT_OTHER_NAME -> certificate(given("www.example.org", 30), Instant.now());
      case CERT_FILE_REFUSED -> {
        ServerKeys keys = given(HOST, 30);
        write(Papers.of(HOST, Duration.ofDays(60)), "server.crt", "nobodys.key");
        yield certificate(keys, Instant.now());
      }
      case CERT_OLD_SERVED -> {
        ServerKeys keys = given(HOST, 30);
        try (Peer peer = speaking(Papers.of(HOST, Duration.ofDays(3)), "235 in")) {
          yield only(new CertificateCheck(keys, () -> List.of(door(peer)), InstantSource.system()));
        }
      }
      case LISTEN_TURNED_AWAY -> listening(wire -> wire.say("421 4.7.0 Too many"));
      case LISTEN_FAILED -> listening(wire -> wire.hangUp());
      case SUBMIT_PUT_OFF -> submitting("454 4.7.0 Later");
      case SUBMIT_REFUSED -> submitting("535 5.7.8 No");
      case DISK_LOW -> disk(new Room(20 * GIBI, GIBI + 1, Optional.empty()));
      case DISK_FULL -> disk(new Room(20 * GIBI, GIBI / 20, Optional.empty()));
      case INODES_LOW ->
          disk(new Room(4 * GIBI, 2 * GIBI, Optional.of(new Inodes(100_000, 9_999))));
      case INODES_OUT -> disk(new Room(4 * GIBI, 2 * GIBI, Optional.of(new Inodes(100_000, 999))));
      case SPOOL_CLOSED ->
          only(new DiskCheck("var", () -> roomy(), () -> Optional.of("no space left")));
      case DISK_SILENT -> only(new DiskCheck("var", Ward::broken, Optional::empty));
      case QUEUE_WAITS -> queue(Duration.ofMinutes(61), false);
      case QUEUE_STUCK -> queue(Duration.ofHours(25), false);
      case ROUTE_DOWN -> down(Subject.ROUTE, Duration.ofMinutes(60));
      case ROUTE_LONG_DOWN -> down(Subject.ROUTE, Duration.ofMinutes(61));
      case DIRECTORY_DOWN -> down(Subject.DIRECTORY, Duration.ofMinutes(10));
      case DIRECTORY_LONG_DOWN -> down(Subject.DIRECTORY, Duration.ofMinutes(11));
      case CLOCK_UNKEPT -> {
        Files.createDirectories(folder.resolve("timesync"));
        yield clock(Optional.empty(), Instant.now(), Duration.ZERO);
      }
      case CLOCK_JUMPED -> clock(Optional.empty(), Instant.now(), Duration.ofSeconds(-7));
      case CLOCK_BACK -> {
        Files.writeString(folder.resolve("events.db"), "");
        yield clock(Optional.empty(), Instant.now().minus(Duration.ofMinutes(2)), Duration.ZERO);
      }
      case CLOCK_BEFORE_BUILD ->
          clock(Optional.of(NOW), NOW.minus(Duration.ofDays(1)), Duration.ZERO);
      case HOOK_FAILS -> hooks(new Event.HookFailed(Optional.empty(), "Own", "no answer"));
      case HOOK_STUCK -> hooks(new Event.HookStuck("Own", 16, "at Own.auth"));
      case NAMES_BLOCK -> only(new NamesCheck(() -> Optional.of("the JDK's own resolver")));
      case MEMORY_SHORT -> only(new MemoryCheck(() -> new MemoryCheck.Heap(85, 100)));
      case MEMORY_OUT -> only(new MemoryCheck(() -> new MemoryCheck.Heap(95, 100)));
      case FILES_SHORT -> only(new FilesCheck(() -> new FilesCheck.Open(80, 100)));
      case FILES_OUT -> only(new FilesCheck(() -> new FilesCheck.Open(95, 100)));
      case BACKUP_NONE -> backup(Optional.empty());
      case BACKUP_OLD -> backup(Optional.of(NOW.minus(Duration.ofDays(8)).minusSeconds(1)));
      case CHECK_FAILED -> doctored(_ -> broken(), Duration.ofSeconds(30));
      case CHECK_OVERDUE -> doctored(_ -> never(), Duration.ofMillis(50));
    };
  }

  /** What each check says where nothing is wrong. */
  Finding well(Subject subject) throws Exception {
    return switch (subject) {
      case SERVER, DOCTOR -> throw new IllegalArgumentException("it has nothing good to say");
      case CONFIG -> ofHome("", subject);
      case CERT -> {
        Papers papers = Papers.of(HOST, Duration.ofDays(30));
        write(papers, "server.crt", "server.key");
        ServerKeys keys = keys(Optional.of(pair()));
        try (Peer peer = speaking(papers, "235 in")) {
          yield only(new CertificateCheck(keys, () -> List.of(door(peer)), InstantSource.system()));
        }
      }
      case LISTEN -> {
        try (Peer peer = speaking(Papers.of(HOST, Duration.ofDays(30)), "235 in")) {
          yield only(new ListenCheck(() -> List.of(door(peer)), HOST));
        }
      }
      case SUBMIT -> submitting("235 2.7.0 In");
      case DISK -> disk(roomy());
      case QUEUE -> queue(Duration.ofMinutes(60), false);
      case ROUTE, DIRECTORY -> {
        var troubles = new Troubles(() -> NOW);
        tell(troubles, subject, true);
        tell(troubles, subject, false);
        yield only(check(subject, troubles, NOW));
      }
      case CLOCK -> clock(Optional.of(NOW), Instant.now(), Duration.ofSeconds(4));
      case HOOKS -> {
        var troubles = new Troubles(() -> NOW);
        troubles.tell(new Event.HookStuck("Own", 16, "at Own.auth"));
        troubles.tell(new Event.HookFailed(Optional.empty(), "Own", "no answer"));
        troubles.tell(new Event.HooksLoaded(List.of("Own"), List.of()));
        yield only(new HookCheck(troubles));
      }
      case NAMES -> only(new NamesCheck(Optional::empty));
      case MEMORY -> only(new MemoryCheck());
      case FILES -> only(new FilesCheck());
      case BACKUP -> backup(Optional.of(NOW.minus(Duration.ofDays(8))));
    };
  }

  static Finding only(Check check) throws Exception {
    List<Finding> findings = check.look(SOON);
    if (findings.size() != 1) {
      throw new AssertionError(findings);
    }
    return findings.getFirst();
  }

  private Home home(String config) throws IOException {
    Home home = TestHome.make("hostname = \"mail.example.org\"\n" + config);
    home.root().toFile().deleteOnExit();
    return home;
  }

  private Finding ofHome(String config, Subject subject) throws IOException {
    Home home = home(config);
    try {
      return finding(TestHome.alone(home, "doctor.run", Map.of()), subject.id());
    } finally {
      TestHome.delete(home.root());
    }
  }

  private static Finding finding(Answer answer, String check) {
    for (Map<String, Object> row : answer.rows()) {
      if (check.equals(row.get("check"))) {
        for (Finding.State state : Finding.State.values()) {
          if (state.word().equals(row.get("state"))) {
            return new Finding(
                check, state, String.valueOf(row.get("says")), String.valueOf(row.get("remedy")));
          }
        }
      }
    }
    throw new AssertionError("no " + check + " in " + answer);
  }

  // ---- certificates and listeners

  private ServerKeys.Pair pair() {
    return new ServerKeys.Pair(folder.resolve("server.crt"), folder.resolve("server.key"));
  }

  private ServerKeys keys(Optional<ServerKeys.Pair> pair) throws Exception {
    return ServerKeys.open(new ServerKeys.Settings(HOST, folder, pair, Map.of()), _ -> {});
  }

  private ServerKeys given(String host, int days) throws Exception {
    write(Papers.of(host, Duration.ofDays(days).plusHours(1)), "server.crt", "server.key");
    return keys(Optional.of(pair()));
  }

  private void write(Papers papers, String certificate, String key) throws Exception {
    papers.write(folder.resolve(certificate), folder.resolve(key));
  }

  private static Finding certificate(ServerKeys keys, Instant now) throws Exception {
    return only(new CertificateCheck(keys, List::of, InstantSource.fixed(now)));
  }

  static Doorway door(Peer peer) {
    return door(peer, Security.IMPLICIT);
  }

  private static Doorway door(Peer peer, Security security) {
    var where = new Bind.Tcp(InetAddress.ofLiteral("127.0.0.1"), peer.port());
    return new Doorway("submissions", where, security, Optional.empty());
  }

  /** A listener as ours are, behind TLS. */
  static Peer speaking(Papers papers, String login) throws Exception {
    return Peer.playing(
        wire -> {
          wire.secure(papers.context());
          wire.say("220 mail.example.org");
          for (String heard = wire.hear(); heard != null; heard = wire.hear()) {
            if (heard.startsWith("EHLO")) {
              wire.offer("AUTH PLAIN");
            } else if (heard.startsWith("QUIT")) {
              wire.say("221 Goodbye");
              wire.hangUp();
              return;
            } else {
              wire.say(login);
            }
          }
        });
  }

  private static Finding listening(Peer.Script script) throws Exception {
    try (Peer peer = Peer.playing(script)) {
      return only(new ListenCheck(() -> List.of(door(peer, Security.STARTTLS)), HOST));
    }
  }

  private static Finding submitting(String login) throws Exception {
    try (Peer peer = speaking(Papers.of(HOST, Duration.ofDays(30)), login)) {
      return only(
          new SubmitCheck(() -> List.of(door(peer)), HOST, SubmitCheck.Way.PASSWORD, Ward::ticket));
    }
  }

  static SubmitCheck.Login ticket() {
    return new SubmitCheck.Login() {
      @Override
      public Credentials.Password credentials(Credentials.Order order) {
        return new Credentials.Password("doctor", () -> Secret.ofUtf8("once"), order);
      }

      @Override
      public void close() {}
    };
  }

  // ---- the rest

  private static Room roomy() {
    return new Room(20 * GIBI, 2 * GIBI, Optional.of(new Inodes(100_000, 10_000)));
  }

  private static Finding disk(Room room) throws Exception {
    return only(new DiskCheck("var", () -> room, Optional::empty));
  }

  static Finding queue(Duration age, boolean held) throws Exception {
    var waiting =
        new QueueCheck.Waiting(
            "0123456789AB", "bob@example.net", NOW.minus(age), held, "451 later");
    var young = new QueueCheck.Waiting("0123456789AC", "eve@example.net", NOW, false, "");
    return only(new QueueCheck(() -> List.of(young, waiting), () -> NOW));
  }

  private static Check check(Subject subject, Troubles troubles, Instant now) {
    return subject == Subject.ROUTE
        ? DownCheck.routes(Map.of("default", "hands to relay:587"), troubles, () -> now)
        : DownCheck.directories(Map.of("imap", "asked by imap"), troubles, () -> now);
  }

  private static void tell(Troubles troubles, Subject subject, boolean down) {
    if (subject == Subject.ROUTE) {
      troubles.tell(
          down
              ? new Event.RouteDown("default", "relay:587", "no connection")
              : new Event.RouteUp("default", "relay:587"));
    } else {
      troubles.tell(
          down
              ? new Event.DirectoryDown("remote/imap", "no connection")
              : new Event.DirectoryUp("remote/imap"));
    }
  }

  /** Told again with other words on the way: it is down since the first time. */
  private static Finding down(Subject subject, Duration age) throws Exception {
    var now = new AtomicReference<>(NOW);
    var troubles = new Troubles(now::get);
    tell(troubles, subject, true);
    now.set(NOW.plusSeconds(30));
    tell(troubles, subject, true);
    return only(check(subject, troubles, NOW.plus(age)));
  }

  private Finding clock(Optional<Instant> built, Instant now, Duration moved) throws Exception {
    long[] nanos = {0};
    var sights = new ClockCheck.Sights(List.of(folder), built, folder.resolve("timesync"));
    var check = new ClockCheck(sights, () -> now, () -> nanos[0]);
    nanos[0] = -moved.toNanos();
    return only(check);
  }

  private static Finding hooks(Event event) throws Exception {
    var troubles = new Troubles(() -> NOW);
    troubles.tell(event);
    return only(new HookCheck(troubles));
  }

  private static Finding backup(Optional<Instant> last) throws Exception {
    return only(new BackupCheck(() -> last, () -> NOW));
  }

  private interface Look {
    Object now(Deadline deadline) throws Exception;
  }

  private static Room broken() throws IOException {
    throw new IOException("Input/output error");
  }

  private static Object never() throws InterruptedException {
    new CountDownLatch(1).await();
    return "";
  }

  private static Finding doctored(Look look, Duration patience) {
    Check check =
        new Check() {
          @Override
          public Subject subject() {
            return Subject.DISK;
          }

          @Override
          public List<Finding> look(Deadline deadline) throws Exception {
            look.now(deadline);
            return List.of();
          }
        };
    return new Doctor(List.of(check), patience).run().getFirst();
  }
}
