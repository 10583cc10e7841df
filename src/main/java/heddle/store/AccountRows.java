package heddle.store;

import heddle.mail.Id;
import heddle.mail.Octets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accounts as rows. Each method is one look or one part of a change; the caller commits. */
final class AccountRows {
  private AccountRows() {}

  static List<Account> all(Connection c) throws SQLException {
    Map<String, List<String>> addresses = new HashMap<>();
    read(
        c,
        "SELECT account, address FROM address ORDER BY rowid",
        row ->
            addresses
                .computeIfAbsent(row.getString(1), a -> new ArrayList<>())
                .add(row.getString(2)));
    Map<String, List<Credential>> credentials = new HashMap<>();
    read(
        c,
        "SELECT account, id, kind, label, version, hash, scram_sha_256, scram_sha_512, created,"
            + " changed, expires, scram_sha_1, cram_md5, proof, networks, listeners, senders,"
            + " recipients, per_day FROM credential ORDER BY rowid",
        row ->
            credentials
                .computeIfAbsent(row.getString(1), a -> new ArrayList<>())
                .add(credential(row)));
    List<Account> accounts = new ArrayList<>();
    read(
        c,
        "SELECT id, name, display, disabled_reason, scram_salt, scram_iterations, created, changed,"
            + " barred FROM account",
        row -> {
          String id = row.getString(1);
          accounts.add(
              new Account(
                  new Id(id),
                  row.getString(2),
                  row.getString(3),
                  Optional.ofNullable(row.getString(4)),
                  row.getInt(9) != 0,
                  addresses.getOrDefault(id, List.of()),
                  new ScramSalt(Octets.of(row.getBytes(5)), row.getInt(6)),
                  Instant.parse(row.getString(7)),
                  Instant.parse(row.getString(8)),
                  credentials.getOrDefault(id, List.of())));
        });
    return accounts;
  }

  private static Credential credential(ResultSet row) throws SQLException {
    String kind = row.getString(3);
    return new Credential(
        new Id(row.getString(2)),
        Credential.Kind.of(kind)
            .orElseThrow(() -> new SQLException("a credential of the unknown kind " + kind)),
        row.getString(4),
        row.getLong(5),
        new Material(
            Octets.of(row.getBytes(6)),
            octets(row.getBytes(7)),
            octets(row.getBytes(8)),
            octets(row.getBytes(12)),
            octets(row.getBytes(13))),
        Instant.parse(row.getString(9)),
        Instant.parse(row.getString(10)),
        Optional.ofNullable(row.getString(11)).map(Instant::parse),
        Optional.ofNullable(row.getString(14)),
        TermsText.terms(
            row.getString(15),
            row.getString(16),
            row.getString(17),
            row.getString(18),
            (Integer) row.getObject(19)));
  }

  static Map<Id, Use> uses(Connection c) throws SQLException {
    Map<Id, Use> uses = new HashMap<>();
    read(
        c,
        "SELECT id, last_used, last_ip, last_mechanism, last_client FROM credential"
            + " WHERE last_used IS NOT NULL",
        row ->
            uses.put(
                new Id(row.getString(1)),
                new Use(
                    Instant.parse(row.getString(2)),
                    row.getString(3),
                    row.getString(4),
                    Optional.ofNullable(row.getString(5)).orElse(""))));
    return uses;
  }

  static void insert(Connection c, Account a) throws SQLException {
    change(
        c,
        "INSERT INTO account (id, name, display, disabled_reason, scram_salt, scram_iterations,"
            + " created, changed, barred) VALUES (?,?,?,?,?,?,?,?,?)",
        a.id().value(),
        a.name(),
        a.display(),
        a.disabledReason().orElse(null),
        a.salt().salt().toArray(),
        a.salt().iterations(),
        a.created().toString(),
        a.changed().toString(),
        a.barred() ? 1 : 0);
    for (String address : a.addresses()) {
      change(c, "INSERT INTO address (address, account) VALUES (?,?)", address, a.id().value());
    }
    for (Credential credential : a.credentials()) {
      insert(c, a.id(), credential);
    }
  }

  static void insert(Connection c, Id account, Credential credential) throws SQLException {
    change(
        c,
        "INSERT INTO credential (id, account, kind, label, version, hash, scram_sha_256,"
            + " scram_sha_512, created, changed, expires, scram_sha_1, cram_md5, proof, networks,"
            + " listeners, senders, recipients, per_day)"
            + " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        credential.id().value(),
        account.value(),
        credential.kind().toString(),
        credential.label(),
        credential.version(),
        credential.material().hash().toArray(),
        credential.material().scramSha256().map(Octets::toArray).orElse(null),
        credential.material().scramSha512().map(Octets::toArray).orElse(null),
        credential.created().toString(),
        credential.changed().toString(),
        credential.expires().map(Instant::toString).orElse(null),
        credential.material().scramSha1().map(Octets::toArray).orElse(null),
        credential.material().cramMd5().map(Octets::toArray).orElse(null),
        credential.proof().orElse(null),
        TermsText.networks(credential.terms()),
        TermsText.lines(credential.terms().listeners()),
        TermsText.lines(credential.terms().senders()),
        TermsText.lines(credential.terms().recipients()),
        credential.terms().perDay().isPresent() ? credential.terms().perDay().getAsInt() : null);
  }

  static void delete(Connection c, Credential credential) throws SQLException {
    change(c, "DELETE FROM credential WHERE id=?", credential.id().value());
  }

  static void renew(Connection c, Credential credential) throws SQLException {
    change(
        c,
        "UPDATE credential SET version=?, hash=?, scram_sha_256=?, scram_sha_512=?,"
            + " scram_sha_1=?, cram_md5=?, changed=? WHERE id=?",
        credential.version(),
        credential.material().hash().toArray(),
        credential.material().scramSha256().map(Octets::toArray).orElse(null),
        credential.material().scramSha512().map(Octets::toArray).orElse(null),
        credential.material().scramSha1().map(Octets::toArray).orElse(null),
        credential.material().cramMd5().map(Octets::toArray).orElse(null),
        credential.changed().toString(),
        credential.id().value());
  }

  static void update(Connection c, Account a) throws SQLException {
    change(
        c,
        "UPDATE account SET disabled_reason=?, barred=?, changed=? WHERE id=?",
        a.disabledReason().orElse(null),
        a.barred() ? 1 : 0,
        a.changed().toString(),
        a.id().value());
  }

  static void delete(Connection c, Account a) throws SQLException {
    change(c, "DELETE FROM account WHERE id=?", a.id().value());
  }

  static void used(Connection c, Id credential, Use use) throws SQLException {
    change(
        c,
        "UPDATE credential SET last_used=?, last_ip=?, last_mechanism=?, last_client=? WHERE id=?",
        use.at().toString(),
        use.ip(),
        use.mechanism(),
        use.client(),
        credential.value());
  }

  private static Optional<Octets> octets(byte @Nullable [] bytes) {
    return Optional.ofNullable(bytes).map(Octets::of);
  }

  private interface Reader {
    void read(ResultSet row) throws SQLException;
  }

  private static void read(Connection c, String sql, Reader reader) throws SQLException {
    try (var statement = c.createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        reader.read(rows);
      }
    }
  }

  private static void change(Connection c, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = c.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
