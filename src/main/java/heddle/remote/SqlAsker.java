package heddle.remote;

import heddle.dial.Dialer;
import heddle.dns.Names;
import heddle.mail.Octets;
import heddle.remote.Verdict.Why;
import heddle.wire.Deadline;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Asks a PostgreSQL database what it keeps of a password: the first column of the only row, text or
 * bytea. A second column may have groups, as text with commas or as an array. The connections read
 * only; some are kept. Safe to share.
 */
public final class SqlAsker implements Asker {
  private final SqlLines lines;
  private final SqlQuery query;
  private final Kept<SqlLines.Line> kept;

  /**
   * @throws IllegalArgumentException where {@link #complaint} has one
   */
  public SqlAsker(SqlSettings settings, Names names) {
    this.query = SqlQuery.of(settings.query());
    this.lines = new SqlLines(settings, new Dialer(names));
    this.kept = new Kept<>(settings.kept());
  }

  /**
   * Why a query cannot be asked: a placeholder inside quotes, an unknown one, none.
   *
   * @return empty where all is well
   */
  public static Optional<String> complaint(String query) {
    return SqlQuery.complaint(query);
  }

  @Override
  public boolean keepsHashes() {
    return true;
  }

  @Override
  public Verdict ask(Question question, Deadline deadline) throws InterruptedException {
    try {
      Optional<SqlLines.Line> old = kept.take();
      if (old.isPresent()) {
        try {
          return ask(old.get(), question.name(), deadline);
        } catch (SQLException trouble) {
          // It may have died while nobody looked; a new one has not.
          if (!SqlLines.dead(trouble) || deadline.over()) {
            throw lines.words(trouble, deadline, "the query");
          }
        }
      }
      try {
        return ask(lines.open(deadline), question.name(), deadline);
      } catch (SQLException trouble) {
        throw lines.words(trouble, deadline, "the query");
      }
    } catch (NoAnswer why) {
      if (Thread.interrupted()) {
        throw new InterruptedException("asking a database");
      }
      return why.verdict();
    } catch (RuntimeException | OutOfMemoryError fell) {
      // The driver believes a peer that says how much is to come.
      return new Verdict.Unavailable(
          "what came cannot be read: " + fell.getClass().getSimpleName());
    }
  }

  /** Asks and keeps the line; where that fails, the line is closed. */
  private Verdict ask(SqlLines.Line line, String name, Deadline deadline)
      throws SQLException, NoAnswer {
    boolean whole = false;
    try (Watch _ = Watch.over(line.socket(), deadline);
        PreparedStatement statement = line.connection().prepareStatement(query.sql())) {
      for (int i = 0; i < query.fields().size(); i++) {
        statement.setString(i + 1, query.fields().get(i).of(name));
      }
      statement.setMaxRows(2);
      try (ResultSet rows = statement.executeQuery()) {
        Verdict verdict = verdict(rows);
        whole = true;
        return verdict;
      }
    } finally {
      if (whole) {
        kept.give(line);
      } else {
        line.close();
      }
    }
  }

  private static Verdict verdict(ResultSet rows) throws SQLException {
    if (!rows.next()) {
      return new Verdict.No(Why.UNKNOWN);
    }
    Optional<Octets> hash = hash(rows);
    Set<String> groups = rows.getMetaData().getColumnCount() > 1 ? groups(rows) : Set.of();
    return rows.next()
        ? new Verdict.Unavailable("several rows fit this name")
        : new Verdict.Kept(hash, groups);
  }

  private static Optional<Octets> hash(ResultSet rows) throws SQLException {
    if (rows.getMetaData().getColumnType(1) == Types.BINARY) {
      byte[] octets = rows.getBytes(1);
      return octets == null ? Optional.empty() : Optional.of(Octets.of(octets));
    }
    String text = rows.getString(1);
    return text == null ? Optional.empty() : Optional.of(Octets.ofUtf8(text));
  }

  private static Set<String> groups(ResultSet rows) throws SQLException {
    Set<String> groups = new HashSet<>();
    if (rows.getMetaData().getColumnType(2) == Types.ARRAY) {
      Array array = rows.getArray(2);
      if (array != null && array.getArray() instanceof Object[] all) {
        for (Object each : all) {
          add(groups, each == null ? "" : each.toString());
        }
      }
      return groups;
    }
    String text = rows.getString(2);
    for (String each : text == null ? new String[0] : text.split(",")) {
      add(groups, each);
    }
    return groups;
  }

  private static void add(Set<String> groups, String name) {
    if (!name.isBlank()) {
      groups.add(name.strip());
    }
  }

  @Override
  public void close() {
    kept.close();
  }
}
