package heddle.directory;

import heddle.mail.Mailbox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Lists of users in the forms in which other servers keep them. Reads text; changes nothing. */
public final class RollReader {
  private static final String DISABLED = "disabled where it came from";
  private static final List<String> COLUMNS =
      List.of("address", "password-hash", "hash", "name", "disabled");

  private final Optional<String> domain;

  /**
   * @param domain behind names that have none
   */
  public RollReader(Optional<String> domain) {
    this.domain = domain;
  }

  /**
   * Dovecot's passwd-file, {@code user:{SCHEME}hash:uid:gid:gecos:home:shell:extra}, of which the
   * fields behind the second may be left out; {@code /etc/shadow} reads the same.
   */
  public List<RollLine> passwd(String text) {
    List<RollLine> lines = new ArrayList<>();
    int number = 0;
    for (String line : withoutMark(text).split("\r?\n", -1)) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        lines.add(passwd(number, line));
      }
    }
    return lines;
  }

  private RollLine passwd(int number, String line) {
    String[] fields = line.split(":", -1);
    if (fields.length < 2) {
      return new RollLine.Bad(number, "it has no colon: a name, a colon and a hash are needed");
    }
    String extra =
        fields.length < 8 ? "" : String.join(":", Arrays.asList(fields).subList(7, fields.length));
    String words = " " + extra + " ";
    if (words.contains(" allow_nets=")) {
      return new RollLine.Bad(
          number, "allow_nets says from where this user may log in, and that cannot be kept here");
    }
    // usermod -L: "puts a '!' in front of the encrypted password".
    String password = fields[1].replaceFirst("^!{1,2}(?=[$_])", "");
    boolean locked =
        password.length() < fields[1].length() || words.matches(".* nologin(=\\S*)? .*");
    return line(number, fields[0], password, locked ? Optional.of(DISABLED) : Optional.empty());
  }

  /**
   * Comma-separated values (RFC 4180) below a line with the names of the columns: {@code address},
   * {@code hash} or {@code password-hash}, and perhaps {@code disabled} and {@code name}, which is
   * read past.
   */
  public List<RollLine> csv(String text) {
    List<Csv.Row> rows = Csv.rows(withoutMark(text));
    if (rows.isEmpty()) {
      return List.of();
    }
    List<String> header =
        rows.getFirst().fields().stream().map(f -> f.strip().toLowerCase(Locale.ROOT)).toList();
    Optional<String> trouble = trouble(header);
    if (trouble.isPresent()) {
      return List.of(new RollLine.Bad(rows.getFirst().number(), trouble.get()));
    }
    return rows.stream().skip(1).map(row -> csv(header, row)).toList();
  }

  private static Optional<String> trouble(List<String> header) {
    if (!header.contains("address")
        || header.contains("hash") == header.contains("password-hash")) {
      return Optional.of("the first line names the columns: address, hash, and perhaps disabled");
    }
    // A column that was misspelt must not go unheard.
    return header.stream().allMatch(COLUMNS::contains)
            && header.stream().distinct().count() == header.size()
        ? Optional.empty()
        : Optional.of("the columns are address, hash or password-hash, name, disabled; each once");
  }

  private RollLine csv(List<String> header, Csv.Row row) {
    if (!row.sound()) {
      return new RollLine.Bad(row.number(), "a quote is not where RFC 4180 has them");
    }
    if (row.fields().size() != header.size()) {
      return new RollLine.Bad(
          row.number(),
          "it has " + row.fields().size() + " fields, and there are " + header.size() + " columns");
    }
    int hash = Math.max(header.indexOf("hash"), header.indexOf("password-hash"));
    int disabled = header.indexOf("disabled");
    String word = disabled < 0 ? "" : row.fields().get(disabled).strip().toLowerCase(Locale.ROOT);
    Optional<String> reason =
        switch (word) {
          case "", "0", "no", "false" -> Optional.empty();
          default -> Optional.of(DISABLED);
        };
    if (reason.isPresent() && !List.of("1", "yes", "true").contains(word)) {
      return new RollLine.Bad(row.number(), "disabled is neither yes nor no");
    }
    String address = row.fields().get(header.indexOf("address")).strip();
    return line(row.number(), address, row.fields().get(hash), reason);
  }

  private RollLine line(int number, String user, String password, Optional<String> disabled) {
    return switch (ImportedPassword.read(password)) {
      case ImportedPassword.None _ -> new RollLine.Unset(number, user);
      case ImportedPassword.Refused(var why) -> new RollLine.Bad(number, why);
      case ImportedPassword.Hashed kept -> named(number, user, kept, disabled);
      case ImportedPassword.Clear kept -> named(number, user, kept, disabled);
    };
  }

  private RollLine named(
      int number, String user, ImportedPassword kept, Optional<String> disabled) {
    boolean whole = user.indexOf('@') >= 0;
    if (!whole && domain.isEmpty()) {
      return new RollLine.Bad(number, "the name has no domain; say it with --domain");
    }
    String name = whole ? user : user + "@" + domain.orElseThrow();
    return isAddress(name)
        ? new RollLine.Entry(number, name, kept, disabled)
        : new RollLine.Bad(number, "the name is no mail address that can log in");
  }

  static boolean isAddress(String name) {
    return Mailbox.parse(name).isPresent() && LoginName.normal(name).isPresent();
  }

  private static String withoutMark(String text) {
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }
}
