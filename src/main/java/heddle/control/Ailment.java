package heddle.control;

import heddle.control.Finding.State;

/** Everything that {@code doctor} can find wrong, its words, and what to do about it. */
public enum Ailment {
  SERVER_STOPPED(
      Subject.SERVER,
      State.ERR,
      "no server runs here",
      "start it: systemctl start heddle, or heddle serve"),
  SERVER_SILENT(
      Subject.SERVER,
      State.ERR,
      "process {pid} holds the lock but does not answer",
      "look at its log; it may be starting, stopping or stuck"),

  CONFIG_NOTES(
      Subject.CONFIG, State.WARN, "{count} notes: {notes}", "see them with: heddle config check"),
  CONFIG_REFUSED(
      Subject.CONFIG,
      State.ERR,
      "no server could be started with it: {why}",
      "mend it, and check it with: heddle config check"),

  CERT_SELF_SIGNED(
      Subject.CERT,
      State.WARN,
      "{name} is self-signed: clients warn of it or refuse it",
      "get one from an authority and name it: [tls] certificate and key"),
  CERT_ENDS_SOON(
      Subject.CERT, State.WARN, "{name} ends in {days} d", "renew it, and put it in {file}"),
  CERT_ENDED(
      Subject.CERT,
      State.ERR,
      "{name} ended {days} d ago: clients refuse it",
      "renew it, and put it in {file}"),
  CERT_NOT_YET(
      Subject.CERT,
      State.ERR,
      "{name} is not valid before {from}",
      "look at this machine's clock; else wait, or get another"),
  CERT_OTHER_NAME(
      Subject.CERT,
      State.ERR,
      "{name} is not among its names ({names}): clients refuse it",
      "get one for {name}, or set hostname to the name that clients use"),
  CERT_FILE_REFUSED(
      Subject.CERT,
      State.ERR,
      "its files cannot be used: {why} The one loaded before stays in force: {print}",
      "mend the files; what is right is loaded by itself, or at once by: heddle cert reload"),
  CERT_OLD_SERVED(
      Subject.CERT,
      State.ERR,
      "renewed on disk, an old one is served at {where}: {served}, in {file} lies {print}",
      "load it with: heddle cert reload"),

  LISTEN_TURNED_AWAY(
      Subject.LISTEN,
      State.WARN,
      "{where}: {why}",
      "see limit.connections and limit.connections-per-address, and who is there: heddle status"),
  LISTEN_FAILED(
      Subject.LISTEN,
      State.ERR,
      "{where}: {why}",
      "look at the log and at heddle block list; restart the server if it stays so"),

  SUBMIT_PUT_OFF(
      Subject.SUBMIT,
      State.WARN,
      "a login through {where} is put off: {why}",
      "see who fails to log in from this machine: heddle login --failed"),
  SUBMIT_REFUSED(
      Subject.SUBMIT,
      State.ERR,
      "a login through {where} came to nothing: {why}",
      "look at the log; people cannot log in there either"),

  DISK_LOW(
      Subject.DISK,
      State.WARN,
      "{free} free ({percent} %) below {folder}",
      "make room, or move var to a larger disk"),
  DISK_FULL(
      Subject.DISK,
      State.ERR,
      "{free} free below {folder}: soon no message can be taken",
      "make room now; nothing accepted is lost"),
  INODES_LOW(
      Subject.DISK,
      State.WARN,
      "{free} inodes free ({percent} %) below {folder}",
      "remove small files on that disk; a maildir that nobody empties has one for each message"),
  INODES_OUT(
      Subject.DISK,
      State.ERR,
      "{free} inodes free below {folder}: soon no file can be made",
      "remove small files on that disk now"),
  SPOOL_CLOSED(
      Subject.DISK,
      State.ERR,
      "the spool is closed, clients are told 452: {why}",
      "make room or mend the disk; the spool opens by itself when it can be written"),
  DISK_SILENT(
      Subject.DISK,
      State.ERR,
      "{folder} cannot be looked at: {why}",
      "look at the disk and its log"),

  QUEUE_WAITS(
      Subject.QUEUE,
      State.WARN,
      "{count} wait, {id} to {to} for {age}: {reply}",
      "see why: heddle queue show {id}"),
  QUEUE_STUCK(
      Subject.QUEUE,
      State.ERR,
      "{count} wait, {id} to {to} for {age}: {reply}",
      "mend what the reply names, then: heddle queue retry {id}"),

  ROUTE_DOWN(
      Subject.ROUTE,
      State.WARN,
      "{relay} is not to be had for {age}: {why}",
      "wait; if it stays so, ask those who run it"),
  ROUTE_LONG_DOWN(
      Subject.ROUTE,
      State.ERR,
      "{relay} is not to be had for {age}: {why}",
      "mend what the words name, or ask those who run it; mail for it waits"),

  CLOCK_UNKEPT(
      Subject.CLOCK,
      State.WARN,
      "no time server keeps it: {file} is not there",
      "see: timedatectl timesync-status"),
  CLOCK_JUMPED(
      Subject.CLOCK,
      State.WARN,
      "it was moved by {seconds} s since the start",
      "see that one program alone sets it, and slowly"),
  CLOCK_BACK(
      Subject.CLOCK,
      State.ERR,
      "it says {now}, but {file} was written {then}",
      "set it right; certificates, retries and expiries go by it"),
  CLOCK_BEFORE_BUILD(
      Subject.CLOCK,
      State.ERR,
      "it says {now}, but this program was made {then}",
      "set it right; certificates, retries and expiries go by it"),

  HOOK_FAILS(
      Subject.HOOKS,
      State.WARN,
      "{hook} failed {count} times within an hour, last: {why}",
      "try it with: heddle hook test; then mend it and: heddle hook reload"),
  HOOK_STUCK(
      Subject.HOOKS,
      State.ERR,
      "{hook} hangs in {calls} calls and is not asked any more",
      "see where: heddle hook list; then mend it and: heddle hook reload"),

  DIRECTORY_DOWN(
      Subject.DIRECTORY,
      State.WARN,
      "it does not answer for {age}: {why}",
      "wait; if it stays so, look at that server"),
  DIRECTORY_LONG_DOWN(
      Subject.DIRECTORY,
      State.ERR,
      "it does not answer for {age}: {why}; whom it would let in gets 454",
      "look at that server, and at its table in etc/heddle.toml"),

  NAMES_BLOCK(
      Subject.NAMES,
      State.WARN,
      "{why}",
      "start the server by bin/heddle, and see that /etc/hosts has 127.0.0.1 for localhost"),

  MEMORY_SHORT(
      Subject.MEMORY,
      State.WARN,
      "{used} of {most} are in use behind the last collection",
      "give the server more (HEDDLE_JAVA_OPTS=-Xmx1g), or lower limit.connections"),
  MEMORY_OUT(
      Subject.MEMORY,
      State.ERR,
      "{used} of {most} are in use behind the last collection: it will end soon",
      "give the server more (HEDDLE_JAVA_OPTS=-Xmx1g) and restart it"),

  FILES_SHORT(
      Subject.FILES,
      State.WARN,
      "{open} of {most} files are open",
      "raise the limit of open files (LimitNOFILE), or lower limit.connections"),
  FILES_OUT(
      Subject.FILES,
      State.ERR,
      "{open} of {most} files are open: soon nobody can connect",
      "raise the limit of open files (LimitNOFILE) and restart the server"),

  BACKUP_NONE(Subject.BACKUP, State.WARN, "no backup yet", "make one: heddle backup create FOLDER"),
  BACKUP_OLD(
      Subject.BACKUP,
      State.WARN,
      "the last one is {days} d old",
      "make one: heddle backup create FOLDER; then look after whatever makes it"),

  CHECK_FAILED(
      Subject.DOCTOR,
      State.ERR,
      "the check {check} failed: {why}",
      "look at the log; if that does not explain it, it is a mistake of ours"),
  CHECK_OVERDUE(
      Subject.DOCTOR,
      State.ERR,
      "the check {check} came to no end within {seconds} s",
      "look at what it looks at: it hangs");

  private final Subject subject;
  private final State state;
  private final String says;
  private final String remedy;

  Ailment(Subject subject, State state, String says, String remedy) {
    this.subject = subject;
    this.state = state;
    this.says = says;
    this.remedy = remedy;
  }

  public Subject subject() {
    return subject;
  }

  public State state() {
    return state;
  }

  /** With {@code {names}} for what is known only when it is found. */
  public String says() {
    return says;
  }

  /** As {@link #says}. */
  public String remedy() {
    return remedy;
  }

  /**
   * Found.
   *
   * @param words a name and what stands in its place, in pairs; all that the words name
   */
  public Finding found(String... words) {
    return foundAs(subject.id(), words);
  }

  /** As {@link #found}, of one of several. */
  public Finding of(String name, String... words) {
    return foundAs(subject.of(name), words);
  }

  Finding foundAs(String check, String... words) {
    return new Finding(check, state, fill(says, words), fill(remedy, words));
  }

  private static String fill(String text, String... words) {
    var filled = new StringBuilder();
    int at = 0;
    // What stands in a place is never looked through for places: others may have written it.
    for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', at)) {
      int close = text.indexOf('}', open);
      filled.append(text, at, open).append(word(text.substring(open + 1, close), words));
      at = close + 1;
    }
    return filled.append(text.substring(at)).toString();
  }

  private static String word(String name, String... words) {
    for (int i = 0; i + 1 < words.length; i += 2) {
      if (words[i].equals(name)) {
        return words[i + 1];
      }
    }
    throw new IllegalArgumentException("nothing stands for " + name);
  }
}
