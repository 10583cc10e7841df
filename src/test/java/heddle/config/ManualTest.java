package heddle.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManualTest {
  private static final String MEND =
      "the manual is out of date; run: mvn test -Dtest=ManualTest -Dmanual.write=true";

  private static void inTree(String file, String wanted) throws Exception {
    Path path = Path.of(file);
    if (Boolean.getBoolean("manual.write")) {
      Files.createDirectories(path.getParent());
      Files.writeString(path, wanted);
    }
    assertEquals(wanted, Files.exists(path) ? Files.readString(path) : "", MEND);
  }

  @Test
  void the_annotated_example_in_the_tree_is_the_one_the_records_tell() throws Exception {
    inTree("etc/heddle.example.toml", Manual.example());
  }

  @Test
  void the_reference_in_the_tree_is_the_one_the_records_tell() throws Exception {
    inTree("docs/configuration.md", Manual.reference());
  }

  private static HeddleConfig valid(String toml) {
    return assertInstanceOf(
            Outcome.Valid.class, ConfigReader.read("heddle.toml", toml), () -> problems(toml))
        .config();
  }

  private static String problems(String toml) {
    return ConfigReader.read("heddle.toml", toml) + "\n" + toml;
  }

  @Test
  void the_example_as_it_stands_is_an_empty_file() {
    assertEquals(ConfigReader.defaults(), valid(Manual.example()));
  }

  @Test
  void every_default_written_out_changes_nothing() {
    String all = Manual.example().replaceAll("(?m)^#(?=[^ \n])", "");
    assertTrue(all.contains("\nidle-timeout = \"5m\"\n"), all);
    assertEquals(ConfigReader.defaults(), valid(all));
  }

  @Test
  void each_default_written_out_alone_changes_nothing() {
    List<String> lines = Manual.example().lines().toList();
    String header = "";
    int tried = 0;
    for (String line : lines) {
      if (line.startsWith("#[")) {
        header = line.substring(1) + "\n";
      } else if (line.matches("#[^ ].*")) {
        tried++;
        String other = header.startsWith("[listener.submissions") ? "[listener.submission]\n" : "";
        other = header.startsWith("[listener.submission]") ? "[listener.submissions]\n" : other;
        HeddleConfig config = valid(header + line.substring(1) + "\n" + other);
        HeddleConfig same = ConfigReader.defaults();
        assertEquals(same, config, line);
      }
    }
    assertTrue(tried > 40, "tried " + tried);
  }

  private static final Map<String, List<String>> PROTOCOLS =
      Map.of(
          "imap", List.of("address", "port"),
          "smtp", List.of("address", "port"),
          "ldap", List.of("address", "port", "user", "password", "base", "filter"),
          "http", List.of("url", "bearer"),
          "dovecot", List.of("socket", "service"),
          "sql", List.of("address", "port", "user", "password", "database", "query"));

  /** The example with one protocol's keys in the table of the directory, and no others. */
  static String asked(String all, String protocol) {
    int from = all.indexOf("[remote.imap]");
    int to = all.indexOf("[remote.imap.cache]");
    String own = String.join("|", PROTOCOLS.get(protocol));
    String table =
        all.substring(from, to)
            .replace("protocol = \"imap\"", "protocol = \"" + protocol + "\"")
            .replaceAll(
                "(?m)^(?!("
                    + own
                    + ") )(address|port|user|password|user-dn|base|filter|url|bearer|socket"
                    + "|service|database|query) = ",
                "# $2 = ");
    return all.substring(0, from) + table + all.substring(to);
  }

  @Test
  void each_example_is_valid_where_it_stands() {
    String all = Manual.example().replaceAll("(?m)^#   ", "").replaceAll("(?m)^#(?=[^ \n])", "");
    // A smarthost's keys beside a maildir's, and both ways to judge a token, are choices.
    all =
        all.replace("\npath = ", "\n# path = ")
            .replace("\nintrospection = ", "\n# x = ")
            .replaceAll("\nclient-(id|secret) = ", "\n# y = ");
    all = all.replace("\npin = ", "\n# pin = ");
    all = all.replace("to = \"hold\"", "to = \"smarthost\"");
    // The keys of a directory go with its protocol.
    for (var protocol : PROTOCOLS.entrySet()) {
      assertNotEquals(ConfigReader.defaults(), valid(asked(all, protocol.getKey())));
    }
    all = asked(all, "imap");
    List<String> examples = new ArrayList<>();
    for (String line : all.lines().toList()) {
      if (line.startsWith("# For example: ")) {
        examples.add(line);
        String key = line.replaceAll("# For example: (\\S+) = .*", "$1");
        String value = line.substring(line.indexOf('=') + 1);
        valid(all.replaceAll("(?m)^" + key + " = .*$", key + " =" + value));
      }
    }
    assertTrue(examples.size() > 6, examples.toString());
  }

  @Test
  void every_setting_has_a_word_in_the_manual() {
    for (String key : Manual.keys()) {
      String told = Manual.explain(key.replace("NAME", "x")).orElse("");
      assertTrue(told.lines().count() >= 3, key + ": " + told);
    }
  }

  @Test
  void a_key_is_explained_with_value_default_and_when_it_applies() {
    assertEquals(
        """
        session.auth.errors.wait
          How long each failure is kept waiting for its reply.
          Value:    duration, or a list of rules
          Default:  "5s"
          Applies:  new connections
        """,
        Manual.explain("session.auth.errors.wait").orElseThrow());
    assertTrue(Manual.explain("listener.lan.tls").orElseThrow().contains("one of implicit"));
    assertTrue(Manual.explain("listener.lan").orElseThrow().contains("listener.NAME.bind"));
    assertTrue(Manual.explain("nonsense").isEmpty());
  }

  @Test
  void the_example_of_a_small_office_is_good() throws Exception {
    String text =
        java.nio.file.Files.readString(java.nio.file.Path.of("examples/small-office.toml"));
    Outcome outcome = ConfigReader.read("small-office.toml", text);
    if (!(outcome instanceof Outcome.Valid valid)) {
      throw new AssertionError(outcome);
    }
    // The scanner's door is open on purpose; that, and nothing else, is noted.
    org.junit.jupiter.api.Assertions.assertEquals(
        1, valid.notes().size(), valid.notes().toString());
  }
}
