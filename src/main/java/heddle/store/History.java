package heddle.store;

import heddle.event.Event;
import heddle.event.Events;
import heddle.event.Facts;
import heddle.event.FieldsJson;
import heddle.mail.Id;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What happened at logins, on disk, to be asked about later. Telling waits for nothing: a thread of
 * its own writes what was told in batches; what comes faster than the disk takes it is dropped and
 * counted. Safe to share.
 */
public final class History implements Events, AutoCloseable {
  /**
   * One event.
   *
   * @param at to the millisecond
   * @param fields as the log has them
   */
  public record Entry(Instant at, Optional<Id> id, String name, Map<String, String> fields) {}

  /**
   * Which entries, the newest first.
   *
   * @param user in the form in which clients gave it, in any letter case
   * @param ip an address in digits
   * @param failed only those that did not succeed
   */
  public record Question(Optional<String> user, Optional<String> ip, boolean failed, int most) {}

  private static final System.Logger LOG = System.getLogger(History.class.getName());
  private static final int QUEUE = 65_536;
  private static final int BATCH = 4096;

  private static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              CREATE TABLE event (
                seq     INTEGER PRIMARY KEY,
                at      INTEGER NOT NULL,
                name    TEXT NOT NULL,
                id      TEXT,
                user    TEXT,
                ip      TEXT,
                fields  TEXT NOT NULL
              ) STRICT""",
              "CREATE INDEX event_at ON event(at)",
              "CREATE INDEX event_user ON event(user, seq)",
              "CREATE INDEX event_ip ON event(ip, seq)"));

  private record Told(Instant at, Facts facts) {}

  private final Writer writer;
  private final InstantSource clock;
  private final Duration keep;
  private final BlockingQueue<Told> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread;
  private volatile boolean closing;

  private History(Writer writer, InstantSource clock, Duration keep) {
    this.writer = writer;
    this.clock = clock;
    this.keep = keep;
    this.thread = Thread.ofPlatform().name("history").daemon(true).unstarted(this::write);
  }

  /**
   * Opens the file, or makes it.
   *
   * @param keep how long an entry is kept
   */
  public static History open(Path file, InstantSource clock, Duration keep)
      throws StoreRefused, StoreUnavailable {
    var history = new History(Writer.open(file, STEPS), clock, keep);
    history.thread.start();
    history.writer.every(600, history::forgetOld);
    return history;
  }

  @Override
  public void tell(Event event) {
    if (isAboutLogins(event) && !queue.offer(new Told(clock.instant(), Facts.of(event)))) {
      dropped.incrementAndGet();
    }
  }

  private static boolean isAboutLogins(Event event) {
    return event instanceof Event.LoginAccepted
        || event instanceof Event.LoginFailed
        || event instanceof Event.LoginDeferred
        || event instanceof Event.LoginInClear
        || event instanceof Event.LoginEnded;
  }

  private void write() {
    List<Told> batch = new ArrayList<>();
    try {
      while (!closing || !queue.isEmpty()) {
        Told first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH - 1);
          keep(batch);
          batch.clear();
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void keep(List<Told> batch) {
    try {
      writer.ask(
          c -> {
            insert(c, batch);
            c.commit();
            return batch.size();
          });
    } catch (StoreUnavailable trouble) {
      dropped.addAndGet(batch.size());
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} logins are missing from the history: {1}",
          dropped.getAndSet(0),
          trouble.getMessage());
    }
  }

  private static void insert(Connection c, List<Told> batch) throws SQLException {
    try (PreparedStatement insert =
        c.prepareStatement(
            "INSERT INTO event (at, name, id, user, ip, fields) VALUES (?,?,?,?,?,?)")) {
      for (Told told : batch) {
        Map<String, String> fields = told.facts().fields();
        insert.setLong(1, told.at().toEpochMilli());
        insert.setString(2, told.facts().name());
        insert.setString(3, told.facts().id().map(Id::value).orElse(null));
        insert.setString(4, fields.get("user") == null ? null : folded(fields.get("user")));
        insert.setString(5, fields.get("client") == null ? null : ip(fields.get("client")));
        insert.setString(6, FieldsJson.write(fields));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** Of {@code 192.0.2.1:4711} or {@code [2001:db8::1]:4711}, what stands before the port. */
  private static String ip(String client) {
    String address = client.substring(0, Math.max(0, client.lastIndexOf(':')));
    return address.startsWith("[") ? address.substring(1, address.length() - 1) : address;
  }

  private static String folded(String user) {
    return user.toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * A whole copy as of now, for a backup.
   *
   * @param to does not exist yet
   */
  public void copyTo(Path to) throws StoreUnavailable {
    settle();
    writer.copyTo(to);
  }

  /** What is known, also of what was told a moment ago. */
  public List<Entry> ask(Question question) throws StoreUnavailable {
    settle();
    var where = new ArrayList<String>();
    question.user().ifPresent(_ -> where.add("user = ?"));
    question.ip().ifPresent(_ -> where.add("ip = ?"));
    if (question.failed()) {
      where.add("name <> 'auth-ok'");
    }
    String sql =
        "SELECT at, id, name, fields FROM event"
            + (where.isEmpty() ? "" : " WHERE " + String.join(" AND ", where))
            + " ORDER BY seq DESC LIMIT ?";
    return writer.ask(
        c -> {
          List<Entry> entries = new ArrayList<>();
          try (PreparedStatement select = c.prepareStatement(sql)) {
            int i = 1;
            if (question.user().isPresent()) {
              select.setString(i++, folded(question.user().get()));
            }
            if (question.ip().isPresent()) {
              select.setString(i++, question.ip().get());
            }
            select.setInt(i, question.most());
            try (var rows = select.executeQuery()) {
              while (rows.next()) {
                entries.add(
                    new Entry(
                        Instant.ofEpochMilli(rows.getLong(1)),
                        Optional.ofNullable(rows.getString(2)).map(Id::new),
                        rows.getString(3),
                        FieldsJson.read(rows.getString(4))));
              }
            }
          }
          return entries;
        });
  }

  /** Gives what waits in the queue the moment it needs. */
  private void settle() {
    try {
      for (int i = 0; i < 50 && !queue.isEmpty(); i++) {
        Thread.sleep(10);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Erases what is known of somebody. */
  public void forget(String user) throws StoreUnavailable {
    settle();
    writer.ask(
        c -> {
          try (PreparedStatement delete = c.prepareStatement("DELETE FROM event WHERE user = ?")) {
            delete.setString(1, folded(user));
            int gone = delete.executeUpdate();
            c.commit();
            writer.emptyLog();
            return gone;
          }
        });
  }

  private void forgetOld() {
    try {
      writer.ask(
          c -> {
            try (PreparedStatement delete = c.prepareStatement("DELETE FROM event WHERE at < ?")) {
              delete.setLong(1, clock.instant().minus(keep).toEpochMilli());
              int gone = delete.executeUpdate();
              c.commit();
              return gone;
            }
          });
    } catch (StoreUnavailable later) {
      LOG.log(System.Logger.Level.WARNING, "old logins not forgotten: {0}", later.getMessage());
    }
  }

  /** Writes what was told, and lets go of the file. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(5_000);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    writer.close();
  }
}
