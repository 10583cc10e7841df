package heddle.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.config.RouteConfig.Kind;
import heddle.mail.Domain;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConfigReaderTest {
  private static Outcome.Valid valid(String toml) {
    Outcome outcome = ConfigReader.read("heddle.toml", toml);
    return assertInstanceOf(Outcome.Valid.class, outcome, outcome::toString);
  }

  private static List<String> notes(String toml) {
    return valid(toml).notes().stream().map(Note::toString).toList();
  }

  private static Facts facts(String... pairs) {
    return key -> {
      for (int i = 0; i < pairs.length; i += 2) {
        if (pairs[i].equals(key)) {
          return Optional.of(pairs[i + 1]);
        }
      }
      return Optional.empty();
    };
  }

  private static String seed() throws Exception {
    try (InputStream file = ConfigReaderTest.class.getResourceAsStream("/seed-001.toml")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void an_empty_file_is_a_working_server() {
    Outcome.Valid empty = valid("");
    assertEquals(List.of(), empty.notes());
    HeddleConfig config = empty.config();
    assertEquals(Set.of("submissions", "submission"), config.listener().keySet());
    assertEquals(ListenerConfig.Mode.IMPLICIT, config.listener().get("submissions").tls());
    assertEquals("[[::]:465]", config.listener().get("submissions").bind().toString());
    assertEquals(ListenerConfig.Mode.STARTTLS, config.listener().get("submission").tls());
    assertEquals("[[::]:587]", config.listener().get("submission").bind().toString());
    assertEquals(25_000_000, config.session().maxMessageSize().value(Facts.NONE).octets());
    assertEquals(Duration.ofSeconds(5), config.session().auth().errors().delay().value(Facts.NONE));
    assertTrue(config.session().auth().require().value(Facts.NONE));
    assertEquals(List.of(new Source.Local()), config.session().auth().lookup().value(Facts.NONE));
    assertEquals(Kind.HOLD, config.route().get("default").to());
    assertEquals(Optional.empty(), config.session().proxy().value(Facts.NONE));
  }

  @Test
  void the_first_seeds_example_is_read_as_it_was_published() throws Exception {
    HeddleConfig config = valid(seed()).config();
    AuthConfig auth = config.session().auth();
    Facts smtp = facts("listener", "smtp");
    Facts other = facts("listener", "submissions");
    assertEquals("[PLAIN, LOGIN]", auth.mechanisms().value(other).toString());
    assertEquals("[]", auth.mechanisms().value(smtp).toString());
    assertEquals(List.of(new Source.Remote("imap")), auth.lookup().value(other));
    assertEquals(List.of(), auth.lookup().value(smtp));
    assertFalse(auth.require().value(smtp));
    assertTrue(auth.require().value(other));
    RemoteConfig imap = config.remote().get("imap");
    assertEquals(Optional.of(143), imap.port());
    assertEquals(Duration.ofDays(1), imap.cache().ttl().positive());
    assertTrue(imap.tls().allowInvalidCerts());
  }

  @Test
  void what_is_set_and_not_yet_in_force_is_noted() throws Exception {
    String notes = notes(seed()).toString();
    assertFalse(notes.contains("not yet in force"), notes);
    assertTrue(notes.contains("there is no listener \"smtp\""), notes);
    assertFalse(notes.contains("java"), notes);
    String later = notes("[limit.account]\nmessages-per-day = 7").toString();
    assertTrue(later.contains("limit.account: not yet in force"), later);
  }

  @Test
  void a_mechanism_that_another_server_cannot_prove_is_noted() {
    String remote = "[remote.imap]\nprotocol = \"imap\"\n";
    String listed = "[session.auth]\nmechanisms = [\"PLAIN\", \"SCRAM-SHA-256\"]\n";
    assertEquals(
        List.of(
            "heddle.toml:2:1  session.auth.mechanisms: SCRAM-SHA-256: not offered where remote/imap"
                + " is asked, which can prove passwords only"),
        notes(listed + "lookup = [\"remote/imap\", \"local\"]\n" + remote));
    String dovecot = "[remote.d]\nprotocol = \"dovecot\"\nsocket = \"/x\"\n";
    assertEquals(List.of(), notes(listed + "lookup = \"remote/d\"\n" + dovecot));
    assertEquals(1, notes(listed + "lookup = [\"remote/d\", \"local\"]\n" + dovecot).size());
    assertEquals(List.of(), notes(listed + "lookup = \"local\"\n"));
  }

  @Test
  void settings_about_client_certificates_that_mean_nothing_are_noted() {
    assertEquals(
        List.of("heddle.toml:2:1  tls.client-crl: it means nothing without \"client-ca\""),
        notes("[tls]\nclient-crl = [\"a\"]"));
    assertEquals(
        List.of(
            "heddle.toml:3:1  tls.client-ca: nobody is judged by it: client-certificate is"
                + " \"never\""),
        notes("[tls]\nclient-certificate = \"never\"\nclient-ca = [\"a\"]"));
    assertEquals(List.of(), notes("[tls]\nclient-ca = [\"a\"]\nclient-crl = [\"b\"]"));
  }

  @Test
  void figures_that_other_machines_may_read_are_noted() {
    String bind = "[metrics]\nbind = \"%s\"\n";
    assertEquals(
        List.of(
            "heddle.toml:2:1  metrics.bind: whoever reaches \"[::]:9464\" reads the figures: nobody"
                + " logs in there"),
        notes(bind.formatted("[::]:9464")));
    assertEquals(List.of(), notes(bind.formatted("127.0.0.1:9464")));
    assertEquals(List.of(), notes(bind.formatted("[::1]:0") + "per-user = true\n"));
    assertEquals(
        List.of("heddle.toml:2:1  metrics.per-user: it means nothing without \"bind\""),
        notes("[metrics]\nper-user = true\n"));
  }

  @Test
  void the_mechanisms_known_here_are_those_that_are_built_in() {
    assertEquals(
        new heddle.sasl.Mechanisms("x", new java.util.Random()).names(), MechanismName.BUILT_IN);
  }

  @Test
  void a_mechanism_that_neither_we_nor_a_hook_can_speak_is_a_mistake() {
    String listed = "[session.auth]\nmechanisms = [\"plain\", \"x-site\"]\n";
    assertEquals(
        "[heddle.toml:2:1  session.auth.mechanisms: \"X-SITE\" is not built in, and no hook is"
            + " asked. Name the hook that speaks it in session.auth.hook]",
        assertInstanceOf(Outcome.Invalid.class, ConfigReader.read("heddle.toml", listed))
            .problems()
            .toString());
    valid(listed + "hook = \"Site\"\n");
  }

  @Test
  void turning_off_what_is_off_already_is_not_worth_a_note() {
    assertEquals(List.of(), notes("[session]\nproxy = false\n[session.auth]\nhook = false\n"));
    assertEquals(List.of(), notes("[session]\nproxy = \"Xclient\"\n"));
    assertEquals(1, notes("[route.default]\nto = \"mx\"\n").size());
  }

  @Test
  void a_rule_about_a_listener_that_does_not_exist_is_a_note_and_no_error() {
    assertEquals(
        List.of("heddle.toml:2:35  session.max-errors[1].eq: there is no listener \"lann\""),
        notes(
            "[session]\nmax-errors = [ { if = \"listener\", eq = \"lann\", then = 5 }, { else = 6 } ]"));
  }

  @Test
  void a_door_open_to_strangers_is_noted_and_a_local_one_is_not() {
    String open = "[session.auth]\nrequire = false\n[listener.a]\nbind = [\"0.0.0.0:587\"]\n";
    assertEquals(
        List.of(
            "heddle.toml:2:1  session.auth.require: false at listener a: strangers may write to"
                + " your domains"),
        notes(open));
    assertEquals(List.of(), notes(open.replace("0.0.0.0", "127.0.0.1")));
    assertEquals(List.of(), notes(open.replace("0.0.0.0:587", "unix:run/s.sock")));
    String ruled = "[ { if = \"listener\", eq = \"%s\", then = false }, { else = true } ]";
    assertEquals(1, notes(open.replace("false", ruled.formatted("a"))).size());
    String lan = open.replace("false", ruled.formatted("b")) + "[listener.b]\nbind=[\"[::1]:25\"]";
    assertEquals(List.of(), notes(lan));
  }

  @Test
  void every_key_of_the_plan_is_understood() {
    HeddleConfig config =
        valid(
                """
                hostname = "mail.example.org"
                domains  = ["example.org"]
                [listener.submissions]
                bind = ["[::]:465", "unix:run/submission.sock"]
                tls  = "implicit"
                [listener.submission]
                bind = ["[::]:587"]
                tls  = "starttls"
                proxy-protocol-from = ["192.0.2.1"]
                xclient-from = ["192.0.2.0/24"]
                plain-auth-from = ["2001:db8::/32"]
                [tls]
                certificate = "tls/fullchain.pem"
                key         = "tls/key.pem"
                minimum     = "TLSv1.3"
                client-certificate = "require"
                client-ca   = ["tls/ca.pem"]
                client-crl  = ["tls/crl.pem"]
                [tls.name."mail.other.org"]
                certificate = "a"
                key = "b"
                [session]
                max-message-size  = "24MiB"
                max-recipients    = 100
                max-errors        = 20
                handshake-timeout = "10s"
                idle-timeout      = "5m"
                data-timeout      = "1h30m"
                received-client   = true
                long-lines        = "refuse"
                proxy             = "Xclient"
                [session.auth]
                hook       = "CramMd5"
                lookup     = ["hook/Bosses", "local"]
                [remote.imap]
                on-failure = "next"
                on-unavailable = "next"
                protocol = "ldap"
                base = "dc=example,dc=org"
                [remote.imap.cache]
                refresh = "5m"
                [token."provider"]
                issuer = "https://login.example.org"
                audience = "heddle"
                introspection = "https://login.example.org/ask"
                algorithms = ["RS256", "EdDSA"]
                username-claim = "sub"
                [hooks]
                directory = "hooks"
                timeout   = "5s"
                [queue]
                retry  = ["1m", "5m"]
                expire = "5d"
                drain  = "30s"
                [route.default]
                to = "smarthost"
                address = "smtp.provider.example"
                port = 465
                tls = "implicit"
                username = "me"
                password = { credential = "smarthost" }
                [limit]
                connections = 1
                connections-per-address = 1
                exempt = ["127.0.0.0/8"]
                [limit.login]
                failures-per-network = "20/10m"
                failures-per-account = "50/1h"
                [limit.account]
                messages-per-day = 1000
                recipients-per-day = 5000
                first-time-recipients-per-day = 200
                [keep]
                events    = "30d"
                logins    = "90d"
                dialogues = 200
                """)
            .config();
    assertEquals(Optional.of(Domain.of("mail.example.org")), config.hostname());
    assertEquals(24 << 20, config.session().maxMessageSize().value(Facts.NONE).octets());
    assertEquals(new Rate(20, Duration.ofMinutes(10)), config.limit().login().failuresPerNetwork());
    RouteConfig route = config.route().get("default");
    assertEquals(Optional.of(new SecretSource.Credential("smarthost")), route.password());
    assertEquals("CramMd5", config.session().auth().hook().value(Facts.NONE).orElseThrow().name());
    assertEquals(Set.of("mail.other.org"), config.tls().name().keySet());
    String shown = ConfigWriter.write(config);
    assertTrue(shown.contains("password = \"<from credential smarthost>\""), shown);
    String readable =
        shown.replace("\"<from credential smarthost>\"", "{ credential = \"smarthost\" }");
    assertEquals(config, valid(readable).config(), shown);
  }

  @Test
  void what_is_shown_reads_back_as_the_same_settings() throws Exception {
    for (String toml : List.of("", seed())) {
      HeddleConfig config = valid(toml).config();
      assertEquals(config, valid(ConfigWriter.write(config)).config());
    }
  }

  @Test
  void a_listener_without_an_address_takes_the_port_of_its_kind() {
    Map<String, ListenerConfig> listeners =
        valid("[listener.a]\ntls = \"implicit\"\n[listener.b]\n").config().listener();
    assertEquals("[[::]:465]", listeners.get("a").bind().toString());
    assertEquals("[[::]:587]", listeners.get("b").bind().toString());
  }

  @Test
  void every_word_of_a_choice_is_understood() {
    for (Setting setting : Setting.of(TokenConfig.class)) {
      assertTrue(setting.doc().value().endsWith("."), setting.key());
    }
    String all =
        Scalars.choices(TokenConfig.Algorithm.class).stream()
            .collect(Collectors.joining("\", \"", "[\"", "\"]"));
    assertTrue(all.contains("EdDSA") && !all.contains("HS"), all);
  }

  @Test
  void text_of_any_make_is_answered_and_never_hangs() {
    for (String odd :
        List.of(
            "\ufeffhostname = \"a.example\"",
            "a = " + "[".repeat(5000),
            "a.".repeat(3000) + "b = 1",
            "[a" + ".a".repeat(3000) + "]",
            "x".repeat(2_000_000),
            "\r",
            "\"\"\"",
            "a = '''",
            "\0")) {
      assertTrue(ConfigReader.read("heddle.toml", odd) != null);
    }
    valid("\ufeffhostname = \"a.example\"\r\ndomains = []\r\n");
  }

  @Test
  void routes_are_asked_in_the_order_of_the_file_and_read_back_as_they_were_written() {
    HeddleConfig config =
        valid(
                """
                [route.large]
                if = "size"
                gt = "10MB"
                to = "hold"
                [route.partner]
                if = "recipient-domain"
                in = ["bücher.example", "b.example"]
                to = "smarthost"
                address = "192.0.2.1"
                tls = "implicit"
                pin = ["%s"]
                """
                    .formatted("0F:".repeat(31) + "0f"))
            .config();
    assertEquals(List.of("large", "partner", "default"), List.copyOf(config.route().keySet()));
    Condition size = config.route().get("large").when().orElseThrow();
    assertTrue(size.holds(facts("size", "10000001")));
    assertFalse(size.holds(facts("size", "10000000")));
    Condition partner = config.route().get("partner").when().orElseThrow();
    assertTrue(partner.holds(facts("recipient-domain", "xn--bcher-kva.example")));
    assertFalse(partner.holds(facts("recipient-domain", "sub.b.example")));
    assertEquals(465, config.route().get("partner").portOrDefault());
    assertEquals(config, valid(ConfigWriter.write(config)).config());
  }
}
