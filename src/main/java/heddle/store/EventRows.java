package heddle.store;

import heddle.event.Facts;
import heddle.event.FieldsJson;
import heddle.mail.Id;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The one table of events, and the words by which they are found. */
final class EventRows {
  /** Kept for as long as the login history. */
  private static final String LOGINS =
      "('auth-ok','auth-failed','auth-deferred','auth-in-clear','login-ended')";

  /** Conversations of one address. */
  private static final int OF_ONE_ADDRESS = 5;

  static final List<List<String>> STEPS =
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
              "CREATE INDEX event_ip ON event(ip, seq)"),
          List.of(
              """
              CREATE TABLE mention (
                seq  INTEGER NOT NULL,
                word TEXT NOT NULL,
                PRIMARY KEY (seq, word)
              ) STRICT, WITHOUT ROWID""",
              "INSERT INTO mention SELECT seq, 'user:' || user FROM event WHERE user IS NOT NULL",
              "INSERT INTO mention SELECT seq, 'ip:' || ip FROM event WHERE ip IS NOT NULL",
              "INSERT INTO mention SELECT seq, 'id:' || id FROM event WHERE id IS NOT NULL",
              "CREATE INDEX mention_word ON mention(word, seq)",
              "DROP INDEX event_user",
              "DROP INDEX event_ip",
              "ALTER TABLE event DROP COLUMN user",
              "ALTER TABLE event DROP COLUMN ip",
              "CREATE INDEX event_dialogue ON event(seq) WHERE name = 'dialogue'"));

  /** What was told, and when. */
  record Told(Instant at, Facts facts, Set<String> mentions) {}

  private EventRows() {}

  /**
   * @return the number of the last one
   */
  static long insert(Connection c, List<Told> batch) throws SQLException {
    long seq = last(c);
    try (PreparedStatement event =
            c.prepareStatement("INSERT INTO event (seq, at, name, id, fields) VALUES (?,?,?,?,?)");
        PreparedStatement mention =
            c.prepareStatement("INSERT INTO mention (seq, word) VALUES (?,?)")) {
      for (Told told : batch) {
        seq++;
        event.setLong(1, seq);
        event.setLong(2, told.at().toEpochMilli());
        event.setString(3, told.facts().name());
        event.setString(4, told.facts().id().map(Id::value).orElse(null));
        event.setString(5, FieldsJson.write(told.facts().fields()));
        event.executeUpdate();
        for (String word : told.mentions()) {
          mention.setLong(1, seq);
          mention.setString(2, word);
          mention.executeUpdate();
        }
      }
    }
    return seq;
  }

  static long last(Connection c) throws SQLException {
    try (var statement = c.createStatement();
        var rows = statement.executeQuery("SELECT max(seq) FROM event")) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** Those that fit the question, in its order. */
  static List<History.Entry> select(
      Connection c, History.Question question, Predicate<History.Entry> also) throws SQLException {
    List<History.Entry> entries = new ArrayList<>();
    long after = after(c, question);
    String sql = "SELECT e.seq, e.at, e.id, e.name, e.fields FROM " + sql(question);
    try (PreparedStatement select = c.prepareStatement(sql)) {
      bind(select, question, after);
      try (ResultSet rows = select.executeQuery()) {
        while (entries.size() < question.most() && rows.next()) {
          var entry =
              new History.Entry(
                  rows.getLong(1),
                  Instant.ofEpochMilli(rows.getLong(2)),
                  Optional.ofNullable(rows.getString(3)).map(Id::new),
                  rows.getString(4),
                  FieldsJson.read(rows.getString(5)));
          if (also.test(entry)) {
            entries.add(entry);
          }
        }
      }
    }
    return entries;
  }

  static int count(Connection c, History.Question question) throws SQLException {
    long after = after(c, question);
    try (PreparedStatement select = c.prepareStatement("SELECT count(*) FROM " + sql(question))) {
      bind(select, question, after);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? rows.getInt(1) : 0;
      }
    }
  }

  /** Numbers grow with time: what is older than a moment has smaller ones. */
  private static long after(Connection c, History.Question question) throws SQLException {
    if (question.since().isEmpty()) {
      return question.after();
    }
    try (PreparedStatement first =
        c.prepareStatement("SELECT seq FROM event WHERE at >= ? ORDER BY at LIMIT 1")) {
      first.setLong(1, question.since().get().toEpochMilli());
      try (ResultSet rows = first.executeQuery()) {
        return rows.next() ? Math.max(question.after(), rows.getLong(1) - 1) : Long.MAX_VALUE;
      }
    }
  }

  private static void bind(PreparedStatement select, History.Question question, long after)
      throws SQLException {
    int i = 1;
    if (question.mention().isPresent()) {
      String word = question.mention().get();
      select.setString(i++, word);
      if (question.prefix()) {
        select.setString(i++, word + "\uffff");
      }
    }
    for (String name : question.names()) {
      select.setString(i++, name);
    }
    select.setLong(i, after);
  }

  private static String sql(History.Question question) {
    var sql = new StringBuilder();
    if (question.mention().isPresent()) {
      // CROSS JOIN: SQLite takes the words first, however many events there are.
      sql.append("mention m CROSS JOIN event e ON e.seq = m.seq WHERE ")
          .append(question.prefix() ? "m.word >= ? AND m.word < ?" : "m.word = ?")
          .append(" AND ");
    } else {
      sql.append("event e WHERE ");
    }
    if (!question.names().isEmpty()) {
      sql.append("e.name IN (")
          .append(String.join(",", question.names().stream().map(_ -> "?").toList()))
          .append(") AND ");
    }
    String seq = question.mention().isPresent() ? "m.seq" : "e.seq";
    return sql.append(seq)
        .append(" > ? ORDER BY ")
        .append(seq)
        .append(question.oldestFirst() ? "" : " DESC")
        .toString();
  }

  /**
   * Of the kept conversations, all but the newest so many; of one address only a few, so that
   * whoever guesses passwords does not push out the others.
   */
  static void thin(Connection c, List<Told> batch, int dialogues) throws SQLException {
    Set<String> places = new LinkedHashSet<>();
    for (Told told : batch) {
      if (told.facts().name().equals("dialogue")) {
        told.mentions().stream().filter(w -> w.startsWith("ip:")).forEach(places::add);
      }
    }
    for (String place : places) {
      removeOf(c, place);
    }
    remove(
        c,
        """
        SELECT seq FROM event WHERE name = 'dialogue' AND seq <= (
          SELECT seq FROM event WHERE name = 'dialogue' ORDER BY seq DESC LIMIT 1 OFFSET ?)""",
        dialogues);
  }

  private static void removeOf(Connection c, String place) throws SQLException {
    List<Long> more = new ArrayList<>();
    try (PreparedStatement select =
        c.prepareStatement(
            """
            SELECT m.seq FROM mention m CROSS JOIN event e ON e.seq = m.seq
            WHERE m.word = ? AND e.name = 'dialogue' ORDER BY m.seq DESC LIMIT 100 OFFSET ?""")) {
      select.setString(1, place);
      select.setInt(2, OF_ONE_ADDRESS);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          more.add(rows.getLong(1));
        }
      }
    }
    removeAll(c, more);
  }

  static void forgetOld(Connection c, Instant now, Duration events, Duration logins)
      throws SQLException {
    remove(
        c,
        "SELECT seq FROM event WHERE at < ? AND name NOT IN " + LOGINS,
        now.minus(events).toEpochMilli());
    remove(
        c,
        "SELECT seq FROM event WHERE at < ? AND name IN " + LOGINS,
        now.minus(logins).toEpochMilli());
  }

  private static void remove(Connection c, String which, long value) throws SQLException {
    for (String table : List.of("mention", "event")) {
      try (PreparedStatement delete =
          c.prepareStatement("DELETE FROM " + table + " WHERE seq IN (" + which + ")")) {
        delete.setLong(1, value);
        delete.executeUpdate();
      }
    }
  }

  /** Whatever names somebody, as user, sender or recipient. */
  static int forget(Connection c, String name) throws SQLException {
    List<Long> about = new ArrayList<>();
    try (PreparedStatement select =
        c.prepareStatement("SELECT DISTINCT seq FROM mention WHERE word IN (?,?,?)")) {
      select.setString(1, "user:" + name);
      select.setString(2, "from:" + name);
      select.setString(3, "to:" + name);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          about.add(rows.getLong(1));
        }
      }
    }
    removeAll(c, about);
    return about.size();
  }

  private static void removeAll(Connection c, List<Long> which) throws SQLException {
    for (String table : List.of("mention", "event")) {
      try (PreparedStatement delete =
          c.prepareStatement("DELETE FROM " + table + " WHERE seq = ?")) {
        for (long seq : which) {
          delete.setLong(1, seq);
          delete.executeUpdate();
        }
      }
    }
  }
}
