package heddle.control;

/** What {@code doctor} looks at. The ids are kept from version to version. */
public enum Subject {
  SERVER("server", "Whether a server runs in this home and answers."),
  CONFIG("config", "What `heddle config check` says of `etc/heddle.toml` and the files it names."),
  CERT(
      "cert",
      "Each certificate served, `cert.NAME` for one of a name of its own (`[tls.name]`): days left,"
          + " names, whether its files can still be used, and by a real handshake at each listener,"
          + " STARTTLS included, whether what is served is what lies in the file."),
  LISTEN(
      "listen",
      "`listen.NAME` for each listener: a real connection, greeting, EHLO, and TLS where there is"
          + " any."),
  SUBMIT(
      "submit",
      "A real login through a listener with TLS. Its name and password are made for the one login,"
          + " count from this machine only, and are gone behind it; no directory is asked and no"
          + " mail is sent."),
  DISK("disk", "Free space and inodes below `var`, and whether the spool takes messages."),
  QUEUE("queue", "The oldest message that waits; held ones are named apart."),
  ROUTE("route", "`route.NAME` for each route: whether its next hop was to be had."),
  CLOCK(
      "clock",
      "This machine's clock against the newest file below `var`, the program's own date, and the"
          + " time since the start; on a Linux with systemd whether it is kept by a time server."),
  HOOKS("hooks", "Whether the site's hooks answer."),
  DIRECTORY(
      "directory",
      "`directory.NAME` for each remote server that is asked about logins: whether it answers."),
  NAMES("names", "Whether names are looked up in a way that one silent name server cannot block."),
  MEMORY("memory", "How much of the heap is in use behind the last collection."),
  FILES("files", "How many of the files that the process may open are open."),
  BACKUP("backup", "The age of the last `heddle backup create`."),
  DOCTOR("doctor", "The checks themselves.");

  private final String id;
  private final String looksAt;

  Subject(String id, String looksAt) {
    this.id = id;
    this.looksAt = looksAt;
  }

  public String id() {
    return id;
  }

  /** {@code route.default}. */
  public String of(String name) {
    return id + "." + name;
  }

  /** In words, for the manual. */
  public String looksAt() {
    return looksAt;
  }
}
