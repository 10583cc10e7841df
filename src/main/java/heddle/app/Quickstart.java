package heddle.app;

import heddle.control.Answer;
import heddle.control.ControlClient;
import heddle.control.Request;
import heddle.directory.LoginName;
import heddle.event.Event;
import heddle.event.EventBus;
import heddle.mail.Mailbox;
import heddle.tls.ServerKeys;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * From nothing to a first message: writes what is missing, changes nothing that is there, and tells
 * a newcomer what to do next.
 */
final class Quickstart {
  private final Home home;
  private final String address;
  private final Optional<String> password;
  private final Optional<String> servedBy;
  private final PrintStream out;
  private final AtomicBoolean told = new AtomicBoolean();

  private Quickstart(
      Home home,
      String address,
      Optional<String> password,
      Optional<String> servedBy,
      PrintStream out) {
    this.home = home;
    this.address = address;
    this.password = password;
    this.servedBy = servedBy;
    this.out = out;
  }

  static Quickstart prepare(Home home, String address, PrintStream out)
      throws Refused, IOException {
    Mailbox mailbox =
        Mailbox.parse(address)
            .orElseThrow(
                () ->
                    new Refused(
                        Answer.USAGE,
                        "\"" + address.replaceAll("\\p{Cntrl}", "?") + "\" is no mail address",
                        "the first user is named by the address they send from",
                        "say, for example: bin/heddle quickstart anna@example.org"));
    if (LoginName.normal(address).isEmpty()) {
      throw new Refused(
          Answer.USAGE,
          "\"" + address.replaceAll("\\p{Cntrl}", "?") + "\" cannot be a user",
          "a login name has no spaces",
          "take another address for the first user");
    }
    writeConfig(home, mailbox, out);
    var config = new ConfigDesk(home).load(new EventBus());
    Optional<Lock> lock = Lock.take(home.lock());
    if (lock.isEmpty()) {
      askServer(home, mailbox, out);
      return new Quickstart(
          home, address, Optional.empty(), Optional.of(Lock.holder(home.lock())), out);
    }
    try (Lock _ = lock.get();
        Books books = Books.open(home, InstantSource.system(), Extras.of(config))) {
      ServerKeys keys = new Wiring(home, config, new EventBus(), InstantSource.system()).keys();
      keys.serving()
          .forEach(c -> out.println("certificate  " + c.name() + " until " + c.expires()));
      Optional<String> made = addUser(books, mailbox, out);
      return new Quickstart(home, mailbox.normal(), made, Optional.empty(), out);
    }
  }

  /** A server runs here: it is asked to add the user, where they are not there yet. */
  private static void askServer(Home home, Mailbox mailbox, PrintStream out) throws Refused {
    var server = new ControlClient(home.control());
    Answer users = server.ask(Request.of("user.list", Map.of()), "");
    if (users.rows().stream().anyMatch(row -> mailbox.normal().equals(row.get("user")))) {
      out.println("user         " + mailbox.normal() + " is there; its password stays as it is");
      return;
    }
    Answer added = server.ask(Request.of("user.add", Map.of("address", mailbox.toString())), "");
    if (!added.ok()) {
      throw new Refused(added.exit(), added.what(), added.why(), added.remedy());
    }
    out.println("user         " + mailbox.normal());
    out.println("password     " + added.rows().getFirst().get("password") + "   (shown this once)");
  }

  private static Optional<String> addUser(Books books, Mailbox mailbox, PrintStream out)
      throws Refused {
    if (books.accounts().snapshot().find(mailbox.normal()).isPresent()) {
      out.println("user         " + mailbox.normal() + " is there; its password stays as it is");
      return Optional.empty();
    }
    Answer answer =
        books
            .users()
            .ask(Request.of("user.add", Map.of("address", mailbox.toString())))
            .orElseThrow();
    if (!answer.ok()) {
      throw new Refused(answer.exit(), answer.what(), answer.why(), answer.remedy());
    }
    String password = String.valueOf(answer.rows().getFirst().get("password"));
    out.println("user         " + mailbox.normal());
    out.println("password     " + password + "   (shown this once; write it down)");
    return Optional.of(password);
  }

  private static void writeConfig(Home home, Mailbox mailbox, PrintStream out) throws IOException {
    if (Files.exists(home.config())) {
      out.println("config       " + home.config() + " is there; nothing in it is changed");
      return;
    }
    boolean standard = mayBind(465) && mayBind(587);
    String any = standard ? "[::]" : "127.0.0.1";
    String text =
        """
        # Heddle's configuration. Every key has a default; etc/heddle.example.toml shows them all,
        # and `bin/heddle config explain KEY` says what one means. After a change: `bin/heddle config check`.

        # The domains whose addresses belong to our users.
        domains = ["%s"]

        # TLS from the first octet: what mail programs call SSL/TLS.
        [listener.submissions]
        bind = ["%s"]
        tls = "implicit"

        # TLS by STARTTLS.
        [listener.submission]
        bind = ["%s"]
        tls = "starttls"

        # Mail is kept here, a folder for each recipient; nothing leaves this machine.
        [route.default]
        to = "maildir"
        path = "var/mail"
        """
            .formatted(
                mailbox.domain().unicode(),
                any + ":" + (standard ? "465" : "2465"),
                any + ":" + (standard ? "587" : "2587"));
    Files.createDirectories(home.etc());
    Path draft = home.etc().resolve(".heddle.toml.new");
    Files.deleteIfExists(draft);
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    Files.writeString(draft, text, StandardOpenOption.WRITE);
    Files.move(draft, home.config());
    out.println("config       " + home.config());
  }

  private static boolean mayBind(int port) {
    try (var probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(port));
      return true;
    } catch (IOException no) {
      return false;
    }
  }

  Optional<String> servedBy() {
    return servedBy;
  }

  /** The line that sends a first message, ready to paste. */
  void invite(Heddle heddle) {
    Optional<String> listener =
        heddle.config().listener().keySet().stream().filter("submissions"::equals).findFirst();
    if (listener.isEmpty()) {
      out.println();
      out.println("Serving.");
      out.flush();
      return;
    }
    int port = heddle.address(listener.get()).getPort();
    Path certificate = home.tls().resolve("self-signed.crt");
    boolean ourOwn = heddle.config().tls().certificate().isEmpty();
    String trust =
        ourOwn && Files.exists(certificate)
            ? "--cacert " + quoted(home.root().resolve(certificate).toString())
            : "";
    out.println();
    out.println("Serving. In another terminal, this line sends a first message:");
    out.println();
    out.println(
        "  printf '%s\\r\\n' "
            + quoted("From: " + address)
            + " "
            + quoted("To: " + address)
            + " 'Subject: hello' '' 'It works.' | curl -sS "
            + trust
            + " --url smtps://localhost:"
            + port
            + " --user "
            + quoted(address + ":" + password.orElse("PASSWORD"))
            + " --mail-from "
            + quoted(address)
            + " --mail-rcpt "
            + quoted(address)
            + " --upload-file -");
    out.println();
    if (password.isEmpty()) {
      out.println(
          "with your password in the place of PASSWORD; a new one: bin/heddle user password "
              + address);
      out.println();
    }
    out.flush();
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9@:/._+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  void arrived(Event.Delivered delivered) {
    if (told.compareAndSet(false, true)) {
      // In one write: the log goes to the same place, and its lines must not come in between.
      byte[] words =
          ("\nThe first message has arrived:\n  " + delivered.reply() + "\n\n")
              .getBytes(StandardCharsets.UTF_8);
      out.write(words, 0, words.length);
      out.flush();
    }
  }
}
