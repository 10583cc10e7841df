package heddle.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.console.HeddleCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a newcomer types, right and wrong, and what they read. */
class CommandsTest {
  private static final String ANNA = "anna@example.org";
  private Home home;
  private String out = "";
  private String err = "";

  @BeforeEach
  void a_home_with_anna() throws Exception {
    home =
        TestHome.make(
            """
            domains = ["example.org"]
            [listener.submission]
            bind = ["127.0.0.1:0"]
            [listener.office]
            bind = ["127.0.0.1:0"]
            tls = "none"
            plain-auth-from = ["192.0.2.0/24"]
            """);
    TestHome.addUser(home, ANNA, "correct horse");
  }

  @AfterEach
  void gone() throws Exception {
    TestHome.delete(home.root());
  }

  /** The exit code; what was printed is kept. */
  private int heddle(String... words) {
    PrintStream oldOut = System.out;
    PrintStream oldErr = System.err;
    var newOut = new ByteArrayOutputStream();
    var newErr = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(newOut, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(newErr, true, StandardCharsets.UTF_8));
      return HeddleCommand.run(new Program(home), words);
    } finally {
      System.setOut(oldOut);
      System.setErr(oldErr);
      out = newOut.toString(StandardCharsets.UTF_8);
      err = newErr.toString(StandardCharsets.UTF_8);
    }
  }

  private void refused(int exit, String said, String... words) {
    assertEquals(exit, heddle(words), err);
    assertEquals(said.strip(), err.strip());
    assertEquals("", out);
  }

  @Test
  void what_is_typed_wrong_is_told_as_what_why_and_what_to_do() {
    refused(
        2,
        """
        heddle: unknown command "usr"
           why: did you mean user or status?
           do:  see what it takes with: heddle --help
        """,
        "usr");
    refused(
        2,
        """
        heddle: unknown command "user view"
           why: there are: add, disable, enable, import, list, password, remove, set, show
           do:  see what each does with: heddle user --help
        """,
        "user",
        "view");
    refused(
        2,
        """
        heddle: heddle app needs a verb
           why: there are: add, list, remove, show
           do:  see what each does with: heddle app --help
        """,
        "app");
    refused(
        2,
        """
        heddle: heddle user add needs ADDRESS
           why: it was not given
           do:  see what it takes with: heddle user add --help
        """,
        "user",
        "add");
    refused(
        2,
        """
        heddle: heddle login cannot use what was given as --last N
           why: "x" is not a whole number
           do:  see what it takes with: heddle login --help
        """,
        "login",
        "--last",
        "x");
    refused(
        2,
        """
        heddle: unknown option "--expire"
           why: did you mean --expires?
           do:  see what it takes with: heddle app add --help
        """,
        "app",
        "add",
        ANNA,
        "--expire",
        "9d");
    refused(
        2,
        """
        heddle: what is "twice"?
           why: it has no place here
           do:  see what it takes with: heddle user enable --help
        """,
        "user",
        "enable",
        ANNA,
        "twice");
  }

  @Test
  void no_mistake_shows_a_class_of_java_and_json_stays_json() {
    for (List<String> words :
        List.of(
            List.of("x"),
            List.of("login", "--last"),
            List.of("login", "--last", "99999999999"),
            List.of("user", "set", ANNA),
            List.of("user", "set", ANNA, "--main-password"),
            List.of("user", "list", "--json=perhaps"),
            List.of("key", "add", ANNA, "/"),
            List.of("key", "add", ANNA, "\0"),
            List.of("user", "import", "/"),
            List.of("block", "add", ""),
            List.of("app", "add", ANNA, "l", "--expires", "99999999999999999999d"),
            List.of("app", "add", ANNA, "l", "--expires", "9999999d"),
            List.of("block", "add", "192.0.2.1", "--expires", "106751991167300d"),
            List.of("app", "add", "", ""),
            List.of("queue", "retry", ""))) {
      int exit = heddle(words.toArray(String[]::new));
      assertTrue(exit >= 1 && exit <= 4, words + ": " + exit + out);
      assertTrue(err.startsWith("heddle: ") && err.contains("   do:  "), words + ": " + err);
      assertFalse(
          err.contains("mistake of ours") || err.matches("(?s).*(Exception|java\\.|\\bint\\b).*"),
          words + ": " + err);
      String[] asked = words.toArray(new String[words.size() + 1]);
      asked[words.size()] = "--json";
      if (!words.getLast().equals("--last") && !words.getLast().equals("--main-password")) {
        assertEquals(exit, heddle(asked), words.toString());
        assertTrue(out.startsWith("{\"error\":") && err.isEmpty(), words + ": " + out + err);
      }
    }
  }

  @Test
  void a_dry_run_says_what_would_be_and_changes_nothing() {
    assertEquals(0, heddle("app", "add", ANNA, "phone", "--dry-run"));
    assertEquals("Would be done: App password phone of " + ANNA + " is made.\n", out);
    assertEquals(0, heddle("app", "list"));
    assertEquals("", out);
    assertEquals(0, heddle("user", "disable", ANNA, "--dry-run"));
    assertEquals("Would be done: " + ANNA + " is disabled.\n", out);
    heddle("block", "add", "192.0.2.1");
    assertEquals(0, heddle("block", "remove", "192.0.2.1", "--dry-run"));
    assertEquals("192.0.2.1 would be let in.\n", out);
    heddle("block", "list");
    assertTrue(out.startsWith("192.0.2.1/32\t"), out);
  }

  @Test
  void what_would_let_nobody_in_is_said_when_it_is_made() {
    refused(
        2,
        """
        heddle: nothing was changed
           why: there is no listener "ofice"
           do:  there are: office, submission
        """,
        "app",
        "add",
        ANNA,
        "phone",
        "--listener",
        "ofice");
    heddle("device", "add", ANNA, "far", "--network", "198.51.100.7");
    assertTrue(out.contains("note: no listener has plain-auth-from with this network"), out);
    for (String network : List.of("192.0.2.7", "192.0.0.0/16")) {
      heddle("device", "add", ANNA, network, "--network", network);
      assertFalse(out.contains("note:"), out);
    }
    heddle("device", "add", ANNA, "with", "--network", "198.51.100.8", "--with-password");
    assertFalse(out.contains("note:"), out);
    heddle("app", "add", ANNA, "as", "--sender", "sales@example.org");
    assertTrue(out.contains("note: " + ANNA + " has no such address"), out);
    heddle("app", "add", ANNA, "any", "--sender", "@example.org");
    assertFalse(out.contains("note:"), out);
  }

  @Test
  void without_another_way_in_the_main_password_is_not_silently_shut() {
    heddle("user", "set", ANNA, "--main-password", "off");
    assertTrue(out.contains("note: there is nothing else to log in with yet"), out);
    heddle("app", "add", ANNA, "phone");
    heddle("user", "set", ANNA, "--main-password", "off");
    assertFalse(out.contains("note:"), out);
  }

  @Test
  void one_credential_is_shown_a_field_a_line() {
    heddle("app", "add", ANNA, "phone", "--per-day", "5", "--network", "192.0.2.0/24");
    assertEquals(0, heddle("app", "show", ANNA, "phone"));
    assertTrue(out.contains("networks\t192.0.2.0/24\n"), out);
    assertTrue(out.contains("per-day\t5\n"), out);
    assertEquals(0, heddle("app", "show", ANNA, "phone", "--json"));
    assertTrue(out.startsWith("{") && out.strip().lines().count() == 1, out);
    refused(
        3,
        "heddle: there is no such app password\n   why: "
            + ANNA
            + " has none of that label\n   do:  see them with: heddle app list "
            + ANNA,
        "app",
        "show",
        ANNA,
        "nix");
  }

  @Test
  void logins_are_asked_for_by_a_user_or_one_address() {
    assertEquals(0, heddle("login", "2001:DB8::1"));
    assertEquals(0, heddle("login", ANNA, "--last", "3"));
    assertEquals(2, heddle("login", "192.0.2.0/24"));
    assertEquals(2, heddle("login", "--last", "0"));
  }
}
