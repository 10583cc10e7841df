package heddle.app;

import heddle.config.Bind;
import heddle.config.HeddleConfig;
import heddle.config.ListenerConfig;
import heddle.config.RouteConfig;
import heddle.config.Source;
import heddle.config.TlsConfig;
import heddle.control.BackupCheck;
import heddle.control.CertificateCheck;
import heddle.control.Check;
import heddle.control.ClockCheck;
import heddle.control.DiskCheck;
import heddle.control.Doorway;
import heddle.control.DownCheck;
import heddle.control.FileSystemRoom;
import heddle.control.FilesCheck;
import heddle.control.HookCheck;
import heddle.control.ListenCheck;
import heddle.control.MemoryCheck;
import heddle.control.NamesCheck;
import heddle.control.QueueCheck;
import heddle.control.SubmitCheck;
import heddle.control.Troubles;
import heddle.delivery.Route;
import heddle.delivery.Router;
import heddle.dial.Credentials;
import heddle.dial.Security;
import heddle.directory.OneTimeLogin;
import heddle.dns.Names;
import heddle.mail.Domain;
import heddle.mail.Mailbox;
import heddle.spool.QueueEntry;
import heddle.spool.RecipientState;
import heddle.spool.Spool;
import heddle.spool.SpoolStatus;
import heddle.spool.Ticket;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The checks of one home, fitted to its parts. */
final class Checks {
  private final Home home;
  private final InstantSource clock;

  Checks(Home home, InstantSource clock) {
    this.home = home;
    this.clock = clock;
  }

  /** Those of a running server. */
  List<Check> running(Heddle heddle, Domain host, Troubles troubles, OneTimeLogin login) {
    HeddleConfig config = heddle.config();
    Supplier<List<Doorway>> doors = () -> doorways(heddle);
    String hostname = host.ascii();
    return List.of(
        new ConfigCheck(home),
        new CertificateCheck(heddle.keys(), doors, clock),
        new ListenCheck(doors, hostname),
        new SubmitCheck(doors, hostname, way(config), () -> ticket(login)),
        disk(() -> closed(heddle.spool())),
        new QueueCheck(() -> waiting(heddle.spool(), heddle.router()), clock),
        DownCheck.routes(routes(config), troubles, clock),
        clock(),
        new HookCheck(troubles),
        DownCheck.directories(directories(config), troubles, clock),
        new NamesCheck(Names::checkResolver),
        new MemoryCheck(),
        new FilesCheck(),
        backup());
  }

  DiskCheck disk(Supplier<Optional<String>> closed) {
    return new DiskCheck(home.var().toString(), new FileSystemRoom(home.var()), closed);
  }

  ClockCheck clock() {
    var folders = List.of(home.var(), home.spool().resolve("journal"));
    return new ClockCheck(
        new ClockCheck.Sights(folders, built(), Path.of("/run/systemd/timesync")), clock);
  }

  BackupCheck backup() {
    return new BackupCheck(() -> Backup.last(home), clock);
  }

  /** When the file was made that this class came in. */
  private static Optional<Instant> built() {
    try {
      Path here = Path.of(Checks.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isRegularFile(here)
          ? Optional.of(Files.getLastModifiedTime(here).toInstant())
          : Optional.empty();
    } catch (IOException | URISyntaxException | NullPointerException unknown) {
      return Optional.empty();
    }
  }

  static List<Doorway> doorways(Heddle heddle) {
    TlsConfig.ClientCertificate asked = heddle.config().tls().clientCertificate();
    List<Doorway> doors = new ArrayList<>();
    for (Doors.Door door : heddle.doors()) {
      ListenerConfig listener = heddle.config().listener().get(door.name());
      if (listener != null) {
        Security security = security(listener.tls());
        doors.add(
            new Doorway(
                door.name(), door.where(), security, shut(door, listener, security, asked)));
      }
    }
    return doors;
  }

  private static Security security(ListenerConfig.Mode mode) {
    return switch (mode) {
      case IMPLICIT -> Security.IMPLICIT;
      case STARTTLS -> Security.STARTTLS;
      case NONE -> Security.NONE;
    };
  }

  private static Optional<String> shut(
      Doors.Door door,
      ListenerConfig listener,
      Security security,
      TlsConfig.ClientCertificate asked) {
    if (door.where() instanceof Bind.Tcp(var address, _)
        && listener.proxyProtocolFrom().stream()
            .anyMatch(n -> n.contains(Doorway.reach(address)))) {
      return Optional.of("a PROXY header is required from this machine");
    }
    return asked == TlsConfig.ClientCertificate.REQUIRE && security != Security.NONE
        ? Optional.of("every client has to show a certificate, and the doctor has none")
        : Optional.empty();
  }

  private static SubmitCheck.Way way(HeddleConfig config) {
    var auth = config.session().auth();
    boolean hooked =
        auth.hook().otherwise().isPresent()
            || auth.hook().rules().stream().anyMatch(r -> r.then().isPresent());
    if (hooked) {
      return SubmitCheck.Way.HOOK;
    }
    List<Source> asked = new ArrayList<>(auth.lookup().otherwise());
    auth.lookup().rules().forEach(r -> asked.addAll(r.then()));
    return asked.stream().allMatch(s -> s instanceof Source.Local)
        ? SubmitCheck.Way.ALL
        : SubmitCheck.Way.PASSWORD;
  }

  private static SubmitCheck.Login ticket(OneTimeLogin login) {
    OneTimeLogin.Ticket ticket = login.issue();
    return new SubmitCheck.Login() {
      @Override
      public Credentials.Password credentials(Credentials.Order order) {
        return new Credentials.Password(ticket.name(), ticket::password, order);
      }

      @Override
      public void close() {
        ticket.close();
      }
    };
  }

  private static Optional<String> closed(Spool spool) {
    return switch (spool.status().door()) {
      case SpoolStatus.Door.Open _ -> Optional.empty();
      case SpoolStatus.Door.Closed(var why) -> Optional.of(why);
    };
  }

  private static List<QueueCheck.Waiting> waiting(Spool spool, Router router) {
    return spool.entries().stream().map(e -> waiting(e, router)).toList();
  }

  /** What has no other way than a route that holds is held, though nothing marks it so. */
  private static QueueCheck.Waiting waiting(QueueEntry entry, Router router) {
    String to = "";
    String reply = "";
    boolean held = true;
    for (int i = 0; i < entry.recipients().size(); i++) {
      RecipientState state = entry.recipients().get(i);
      if (!state.done()) {
        Mailbox mailbox = entry.ticket().envelope().recipients().get(i).mailbox();
        held &= router.route(question(entry.ticket(), mailbox)) instanceof Route.Hold;
        if (to.isEmpty() || reply.isEmpty()) {
          to = mailbox.toString();
          reply = state.lastReply();
        }
      }
    }
    return new QueueCheck.Waiting(
        entry.id().value(), to, entry.ticket().accepted(), held || entry.held().isPresent(), reply);
  }

  private static Router.Question question(Ticket ticket, Mailbox recipient) {
    return new Router.Question(
        recipient,
        ticket.envelope().sender(),
        ticket.listener(),
        ticket.submitter().map(Ticket.Submitter::authz),
        OptionalLong.of(ticket.size()));
  }

  private static Map<String, String> routes(HeddleConfig config) {
    Map<String, String> routes = new TreeMap<>();
    config.route().forEach((name, route) -> routes.put(name, does(route)));
    return routes;
  }

  private static String does(RouteConfig route) {
    return switch (route.to()) {
      case HOLD -> "holds";
      case MX -> "holds (this version does not deliver to mail exchangers by itself yet)";
      case MAILDIR -> "writes to " + route.path().orElse("var/mail");
      case SMARTHOST ->
          "hands to "
              + route.address().map(Object::toString).orElse("")
              + ":"
              + route.portOrDefault();
    };
  }

  private static Map<String, String> directories(HeddleConfig config) {
    Map<String, String> directories = new TreeMap<>();
    for (String name : Remotes.named(config)) {
      var remote = config.remote().get(name);
      if (remote != null) {
        directories.put(name, "asked by " + remote.protocol().word());
      }
    }
    return directories;
  }
}
