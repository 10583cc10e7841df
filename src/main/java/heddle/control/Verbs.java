package heddle.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that may be asked of a server: the one table behind both sockets, the audit, the page of the
 * protocol and its schemas. Verbs that only the files of a stopped server answer are not in it.
 */
public final class Verbs {
  private static final String MATCH =
      "which are meant: from:anna to:@example.org state:deferred older:2h larger:10MB"
          + " reply~\"5.7.1\" id:7Q4K*";
  private static final String USER = "the user's name, a mail address";
  private static final String DRY = "true where nothing was changed because of dry-run";

  private static final Map<String, Verb> ALL = new LinkedHashMap<>();

  static {
    List<Verb> verbs = new ArrayList<>();
    verbs.addAll(server());
    verbs.addAll(users());
    verbs.addAll(credentials());
    verbs.addAll(logins());
    verbs.addAll(queue());
    verbs.addAll(history());
    verbs.addAll(sessions());
    verbs.forEach(v -> ALL.put(v.name(), v));
  }

  private Verbs() {}

  public static Optional<Verb> named(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  public static List<Verb> all() {
    return List.copyOf(ALL.values());
  }

  private static List<Verb> server() {
    return List.of(
        Verb.looks("status", "Is it running, and does something need attention?")
            .one()
            .oneOf("state", Set.of("running", "stopped"), "whether a server runs")
            .text("hostname", "the name it goes by")
            .maybe()
            .text("version", "of the server")
            .maybe()
            .whole("pid", "its process")
            .maybe()
            .time("since", "when it started")
            .maybe()
            .texts("listeners", "NAME@ADDRESS:PORT of each")
            .maybe()
            .whole("sessions", "connections now")
            .maybe()
            .whole("queue", "messages that wait")
            .maybe()
            .whole("held", "of these, held")
            .maybe()
            .whole("accepted-today", "messages taken within 24 hours")
            .maybe()
            .whole("failed-logins", "within 24 hours")
            .maybe()
            .whole("failed-from", "from so many addresses")
            .maybe()
            .text("certificate", "the name of the one that ends first")
            .maybe()
            .time("certificate-until", "its end")
            .maybe()
            .texts("attention", "what needs somebody, a line each")
            .maybe(),
        Verb.asks("top", "What goes on: who sends, and where it goes.")
            .one()
            .whole("sessions", "connections now")
            .whole("logged-in", "of these")
            .whole("queue", "messages that wait")
            .wholes("in", "messages taken, a number for each of the last 20 minutes")
            .wholes("out", "messages delivered, likewise")
            .whole("cpu", "of all cores, per cent")
            .whole("heap", "octets")
            .objects(
                "who", "who, via, from, now, hour, day, recipients and last of each that sends")
            .objects("to", "domain, queued, tried, oldest and reply of each that is waited for"),
        Verb.looks("doctor.run", "All checks, with what to do about each.")
            .flag("changed", "true: only what is other than at the last such run, or alert")
            .text("check", "its id")
            .oneOf("state", Set.of("ok", "WARN", "ERR", "skipped"), "how it stands")
            .text("says", "what was found")
            .text("remedy", "what to do, or empty"),
        certificate(Verb.looks("cert.list", "The certificates in force.")),
        certificate(Verb.looks("cert.show", "One of them.").one().needs("name", "its host name"))
            .time("begins", "from when")
            .truth("self-signed", "whether nobody else vouches for it")
            .text("file", "where it lies")
            .text("key", "the kind of its key")
            .text("signature", "its algorithm")
            .texts("chain", "subjects, its own first"),
        Verb.acts("cert.reload", "Read the files now.")
            .many()
            .text("name", "the host name")
            .truth("changed", "whether another is in force now")
            .time("ends", "until when")
            .text("sha256", "its fingerprint"),
        Verb.looks("cert.test", "A handshake with each listener for each name.")
            .text("listener", "its name")
            .text("where", "its address")
            .text("name", "whom the client asked for")
            .text("result", "ok, or what is wrong; skipped: why")
            .text("protocol", "of TLS, or empty")
            .whole("days", "left of what is served")
            .maybe()
            .text("subject", "of what is served")
            .whole("chain", "certificates that were shown")
            .text("sha256", "of what is served"),
        Verb.acts("send.test", "Put one small message of the server's own into the queue.")
            .needs("to", "to whom")
            .takes("from", "from whom; else the oldest account's first address")
            .text("id", "of the message")
            .text("from", "from whom")
            .text("to", "to whom")
            .text("route", "by which it goes")
            .text("relay", "where that leads"),
        Verb.looks("send.follow", "What became of such a message so far.")
            .needs("id", "of the message")
            .time("at", "when")
            .text("what", "accepted, deferred, delivered, failed, held")
            .text("route", "by which it went, or empty")
            .text("reply", "what was said, verbatim")
            .truth("last", "whether nothing more comes of it"),
        backup(Verb.acts("backup.create", "Copy everything into a new folder.")),
        backup(Verb.asks("backup.state", "How far that is; waits a while for its end.").one()),
        Verb.asks("complete", "Names that begin so, for whoever types.")
            .needs("kind", "user, queue, session, listener, block, app, key or device")
            .takes("prefix", "what is typed already")
            .takes("of", "where the kind is app, key or device: whose")
            .text("name", "one of at most 200"),
        Verb.looks("hook.list", "All hooks: who uses them, how often they failed.")
            .text("hook", "its class")
            .text("kind", "AuthHook, PasswordHook or ProxyHook")
            .text("used-by", "listeners and lists that name it")
            .text("state", "in use, stuck, not in use")
            .whole("calls", "since it was loaded")
            .whole("failed", "of these")
            .whole("stuck", "calls that do not end")
            .texts("stack", "where the oldest of them is"),
        Verb.changes("hook.reload", "Compile the hooks anew, for connections from now on.")
            .texts("in-use", "classes that the configuration names")
            .texts("not-in-use", "the others")
            .truth("dry-run", DRY));
  }

  private static Verb certificate(Verb verb) {
    return verb.text("name", "the host name that it is for")
        .whole("days", "left of it")
        .time("ends", "until when")
        .text("subject", "of the certificate")
        .text("issuer", "who vouches for it")
        .texts("names", "that stand in it")
        .texts("served", "where")
        .text("sha256", "its fingerprint");
  }

  private static Verb backup(Verb verb) {
    return verb.takes("folder", "a whole path; of a new one it does not exist yet")
        .text("folder", "where it is")
        .maybe()
        .oneOf("state", Set.of("running", "done"), "how far it is")
        .whole("files", "in it")
        .maybe()
        .whole("octets", "all together")
        .maybe()
        .whole("messages", "that wait")
        .maybe();
  }

  private static List<Verb> users() {
    return List.of(
        Verb.asks("user.list", "All users.")
            .text("user", USER)
            .text("state", "enabled, disabled, or app passwords only")
            .time("created", "when")
            .text("last-login", "time and address, or never")
            .text("reason", "why it is disabled, or empty"),
        Verb.asks("user.show", "One user, with all that they can log in with.")
            .one()
            .needs("address", USER)
            .text("user", USER)
            .text("state", "enabled, disabled, or app passwords only")
            .text("reason", "why it is disabled, or empty")
            .time("created", "when")
            .texts("addresses", "as whom they may send")
            .text("last-login", "time and address, or never")
            .texts("credentials", "kind and label of each")
            .whole("sessions", "connections now")
            .maybe()
            .whole("queued", "messages of theirs that wait")
            .maybe(),
        Verb.changes("user.add", "Add a user.")
            .needs("address", USER)
            .takes("password", "secret; without one, one is made and told once")
            .text("user", USER)
            .text("password", "secret; the one that was made")
            .maybe()
            .truth("dry-run", DRY)
            .maybe(),
        Verb.changes("user.password", "Set a password; the old one is refused at once.")
            .needs("address", USER)
            .takes("password", "secret; without one, one is made and told once")
            .text("user", USER)
            .text("password", "secret; the one that was made")
            .maybe()
            .truth("dry-run", DRY)
            .maybe(),
        Verb.changes("user.set", "Change what a user may do.")
            .needs("address", USER)
            .needs("main-password", "on or off: whether it may be used for sending")
            .text("user", USER)
            .text("note", "what to think of")
            .maybe()
            .truth("dry-run", DRY)
            .maybe(),
        Verb.changes("user.import", "Take over users with hashes of their passwords.")
            .needs(
                "rows",
                "secret; a user a line: number, address, why disabled or nothing, and the hash as"
                    + " docs/import.md tells, with tabs between")
            .flag("skip-bad", "true: import the others where some lines are bad")
            .flag("replace", "true: give users that are there the file's password")
            .whole("added", "users")
            .whole("replaced", "users")
            .texts("there", "users that were there and were left alone")
            .objects("bad", "line and why of what was not imported")
            .truth("dry-run", DRY),
        Verb.changes("user.disable", "Let a user log in no more; their queue is held.")
            .needs("address", USER)
            .takes("reason", "why, for the record")
            .text("user", USER)
            .whole("held", "messages that are held now")
            .maybe()
            .whole("sessions", "connections that end")
            .maybe()
            .whole("queued", "messages that would be held")
            .maybe()
            .whole("credentials", "what they can log in with besides the password")
            .maybe()
            .truth("dry-run", DRY)
            .maybe(),
        Verb.changes("user.enable", "Let a disabled user log in again.")
            .needs("address", USER)
            .text("user", USER)
            .truth("dry-run", DRY)
            .maybe(),
        Verb.changes("user.remove", "Remove a user for good.")
            .needs("address", USER)
            .flag("forget", "true: erase what is remembered of them, too")
            .text("user", USER)
            .truth("dry-run", DRY)
            .maybe());
  }

  private static List<Verb> credentials() {
    List<Verb> verbs = new ArrayList<>();
    for (String noun : List.of("app", "key", "device")) {
      verbs.add(
          own(
              Verb.asks(noun + ".list", "Those of a user, or of all.").takes("address", USER),
              noun));
      verbs.add(
          own(
                  Verb.asks(noun + ".show", "One, how far its right goes and its last use.")
                      .one()
                      .needs("address", USER)
                      .needs("label", "as the list has it"),
                  noun)
              .text("networks", "from where it counts, or empty")
              .text("listeners", "where it counts, or empty")
              .text("senders", "as whom it may send, or empty")
              .text("recipients", "to whom it may send, or empty")
              .whole("per-day", "how many messages within 24 hours")
              .maybe()
              .text("password", "set or none")
              .text("last-mechanism", "of its last use")
              .text("last-client", "what that client called itself"));
      Verb add =
          Verb.changes(noun + ".add", "Make one.")
              .needs("address", USER)
              .takes("label", "what to call it")
              .takes("network", "from where it counts, with commas")
              .takes("listener", "where it counts, with commas")
              .takes("sender", "as whom it may send, with commas")
              .takes("recipient", "to whom it may send, with commas; @DOMAIN is all of it")
              .takes("per-day", "how many messages within 24 hours")
              .takes("expires", "90d, or 2027-01-31")
              .flag("with-password", "true: a device gets a password, too")
              .takes("proof", "of a key: what the client shows");
      verbs.add(
          add.text("user", USER)
              .text("label", "what it is called")
              .text("key", "what the client shows")
              .maybe()
              .text("password", "secret; told once")
              .maybe()
              .text("note", "what to think of")
              .maybe()
              .texts("at", "of a device: the listeners where it may send")
              .maybe()
              .truth("dry-run", DRY)
              .maybe());
      verbs.add(
          Verb.changes(noun + ".remove", "From now on it lets nobody in; its sessions end.")
              .needs("address", USER)
              .needs("label", "as the list has it")
              .text("user", USER)
              .text("label", "what it was called")
              .truth("dry-run", DRY));
    }
    return verbs;
  }

  private static Verb own(Verb verb, String noun) {
    Verb named = verb.text("user", USER).text("label", "what it is called");
    Verb shown =
        switch (noun) {
          case "key" -> named.text("key", "what the client shows");
          case "device" -> named.text("networks", "where it is");
          default -> named;
        };
    return shown
        .time("created", "when")
        .text("expires", "until when, or never")
        .text("last-login", "time and address, or never");
  }

  private static List<Verb> logins() {
    return List.of(
        Verb.asks("login.list", "Who logged in, or tried to; the newest first.")
            .takes("who", "a user, or an address in digits")
            .takes("last", "how many at most; 50 unless said")
            .flag("failed", "true: only those that did not succeed")
            .time("at", "when")
            .text("user", "as the client gave it, or empty")
            .text("from", "address and port")
            .text("how", "the mechanism")
            .text("by", "the credential")
            .text("result", "ok, ended, or why not")
            .text(
                "step",
                "what decided: block, patience, hook/NAME, local, remote/NAME, gate; or empty")
            .text("session", "its id"),
        Verb.asks("auth.explain", "What would become of a login, step by step.")
            .needs("user", "the name that a client would give")
            .takes("ip", "from where")
            .takes("listener", "where: a name, or a port")
            .text("step", "what is asked")
            .text("says", "what it says")
            .oneOf(
                "verdict",
                Set.of("pass", "no", "wait", "unknown"),
                "pass: the next is asked; no and wait: it ends here"),
        Verb.looks("auth.mechanisms", "Which SASL mechanisms are offered where, and why not.")
            .takes("listener", "one; else all")
            .text("listener", "its name")
            .text("mechanism", "its name")
            .oneOf("offered", Set.of("yes", "with TLS", "no"), "whether")
            .text("why", "who cannot prove it, or empty"),
        Verb.changes("auth.forget", "Forget what other servers have said of a user.")
            .needs("address", USER)
            .text("user", USER)
            .truth("dry-run", DRY),
        Verb.looks("block.list", "Who is shut out.")
            .text("subject", "a network, or user:NAME")
            .text("reason", "why")
            .text("by", "who said so")
            .time("since", "when")
            .text("until", "a time, or removed"),
        Verb.changes("block.add", "Shut out a network or a user; their sessions end.")
            .needs("subject", "192.0.2.0/24, or user:anna@example.org")
            .takes("reason", "why, for the record")
            .takes("expires", "2h, 90d, or 2027-01-31")
            .text("subject", "as it is kept")
            .text("reason", "why")
            .text("by", "who said so")
            .time("since", "when")
            .text("until", "a time, or removed"),
        Verb.changes("block.remove", "Let them in again.")
            .needs("subject", "as block.list has it")
            .text("subject", "as it was kept")
            .truth("dry-run", DRY));
  }

  private static List<Verb> queue() {
    List<Verb> verbs = new ArrayList<>();
    verbs.add(
        Verb.looks("queue.list", "What waits, the oldest first.")
            .takes("match", MATCH)
            .text("id", "of the message")
            .time("accepted", "when")
            .text("from", "<sender>")
            .texts("to", "the first twenty recipients that wait")
            .whole("recipients", "how many wait")
            .whole("size", "octets")
            .whole("tries", "of the recipient tried most often")
            .oneOf("state", Set.of("waiting", "deferred", "held"), "what it does")
            .text("next", "when it is tried next, or held")
            .text("why", "the last reply, or why it is held")
            .text("user", "who sent it, or empty"));
    verbs.add(
        Verb.looks("queue.show", "One message, a row for each recipient.")
            .needs("id", "its id, or the first five characters or more")
            .text("id", "of the message")
            .text("from", "<sender>")
            .text("user", "who sent it, or empty")
            .text("to", "the recipient")
            .text("state", "pending, delivered, failed")
            .whole("tries", "so far")
            .text("next", "when it is tried next, or empty")
            .text("route", "by which it goes")
            .text("held", "why it is held, or empty")
            .text("reply", "the last one, verbatim"));
    verbs.add(
        Verb.looks("queue.count", "How many wait, and how large they are.")
            .one()
            .takes("match", MATCH)
            .whole("messages", "how many")
            .whole("octets", "all together")
            .time("oldest", "when the oldest was taken")
            .maybe());
    verbs.add(
        Verb.looks("queue.group", "How many wait for each domain, by age.")
            .takes("match", MATCH)
            .takes("by", "domain, from, user, state or why; domain unless said")
            .text("group", "of which")
            .whole("messages", "how many")
            .whole("5m", "younger than five minutes")
            .whole("20m", "younger than 20 minutes")
            .whole("1h", "younger than an hour")
            .whole("4h", "younger than four hours")
            .whole("1d", "younger than a day")
            .whole("older", "the others"));
    verbs.add(onQueue("queue.hold", "Try nothing until they are released."));
    verbs.add(onQueue("queue.release", "End a hold."));
    verbs.add(onQueue("queue.retry", "Try them now, whatever the schedule says."));
    verbs.add(onQueue("queue.drop", "Throw them away; nobody is told."));
    return verbs;
  }

  private static Verb onQueue(String name, String does) {
    return Verb.changes(name, does)
        .many()
        .takes("id", "one: its id, or the first five characters or more; or user:ADDRESS")
        .takes("match", MATCH)
        .flag("all", "true: all of them, where nothing says which")
        .takes("reason", "why, for the record")
        .text("id", "of the message")
        .truth("dry-run", DRY);
  }

  private static List<Verb> history() {
    return List.of(
        Verb.looks("trace", "What happened to a message, in order.")
            .needs("what", "an id or its beginning, a Message-ID, or an address")
            .takes("last", "how many of several messages; 1 unless said")
            .text("id", "of the message")
            .time("at", "when")
            .text("event", "its name, as in the log")
            .text("what", "in words")
            .text("reply", "what was said, or empty")
            .text("from", "<sender>")
            .maybe()
            .text("to", "the recipient, or all")
            .maybe()
            .text("msgid", "its Message-ID")
            .maybe()
            .whole("size", "octets")
            .maybe()
            .text("user", "who sent it")
            .maybe()
            .whole("more", "messages besides that were not shown")
            .maybe(),
        Verb.asks("events.list", "What happened; the newest, in order.")
            .takes("match", "name:auth-failed user:anna ip:192.0.2.7 to:@example.org id:7Q4K*")
            .takes("last", "how many at most; 50 unless said")
            .takes("after", "only those behind this number")
            .takes("wait", "seconds to wait for one, at most 30, where there is none yet")
            .whole("seq", "its number")
            .time("at", "when")
            .text("event", "its name")
            .text("id", "of a connection, a message or nothing")
            .text("line", "as the text log has it")
            .objects("fields", "name and value of each, in order"));
  }

  private static List<Verb> sessions() {
    return List.of(
        Verb.looks("session.list", "Connections now.")
            .takes("match", "user:anna ip:192.0.2.0/24 listener:smtp phase:data older:5m")
            .text("id", "of the connection")
            .time("since", "when it came")
            .text("listener", "where")
            .text("from", "address and port")
            .text("user", "who has logged in, or empty")
            .text("credential", "what they showed, or empty")
            .text("helo", "what the client calls itself")
            .text("tls", "version, or empty")
            .text("phase", "arrived, greeted, ready, writing, data")
            .whole("messages", "taken so far"),
        Verb.asks("session.trace", "A conversation, word for word, without secrets.")
            .takes("id", "of a connection, now or kept, or its beginning")
            .takes("last", "a user or an address: their last one")
            .text("id", "of the connection")
            .time("began", "when")
            .text("listener", "where")
            .text("from", "address and port")
            .text("user", "who it was, or empty")
            .text("why", "why it was kept, or empty where it goes on")
            .texts("lines", "milliseconds, then < or > or * and the line"),
        Verb.changes("session.kill", "End connections now, with a 421.")
            .many()
            .takes("id", "of one, or its beginning")
            .takes("match", "as session.list has it")
            .flag("all", "true: all of them, where nothing says which")
            .text("id", "of the connection")
            .text("from", "address and port")
            .text("user", "who it was, or empty")
            .truth("dry-run", DRY));
  }
}
