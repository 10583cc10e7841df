package heddle.remote;

import static heddle.remote.Questions.ask;
import static heddle.remote.Questions.told;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.dial.Security;
import heddle.dial.Target;
import heddle.dial.Trust;
import heddle.dns.Names;
import heddle.mail.Secret;
import heddle.real.Slapd;
import heddle.tls.ClientKeys;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Logins that an OpenLDAP server proves. */
class LdapAskerIT {
  private static final LdapSettings.Way DIRECT =
      new LdapSettings.Way.Direct("uid={local-part}," + Slapd.PEOPLE);
  private static final LdapSettings.Way SEARCHED = searched("(mail={user})");
  private static Slapd slapd;

  @BeforeAll
  static void start() throws Exception {
    slapd = Slapd.withTls();
  }

  @AfterAll
  static void stop() throws Exception {
    slapd.close();
  }

  private static LdapSettings.Way searched(String filter) {
    return searched(filter, Slapd.SERVICE_PASSWORD);
  }

  private static LdapSettings.Way searched(String filter, String password) {
    return new LdapSettings.Way.Searched(
        Slapd.PEOPLE,
        filter,
        Optional.of(new ServiceLogin(Slapd.SERVICE, () -> Secret.ofUtf8(password))));
  }

  private static LdapAsker asker(LdapSettings.Way way) throws Exception {
    return asker(way, Security.STARTTLS, "localhost", site());
  }

  private static Trust site() throws Exception {
    return new Trust.Site(ClientKeys.authorities(slapd.authority()));
  }

  private static LdapAsker asker(
      LdapSettings.Way way, Security security, String host, Trust trust) {
    int port = security == Security.IMPLICIT ? slapd.tlsPort() : slapd.port();
    return new LdapAsker(
        new LdapSettings(Target.of(host, port, security, trust), false, way, 2), Names.system());
  }

  @ParameterizedTest
  @CsvSource({
    "anna@example.org,    correct horse, yes",
    "anna@example.org,    wrong,         no WRONG",
    "nobody@example.org,  correct horse, no WRONG",
    "expired@example.org, correct horse, expired",
    "expired@example.org, wrong,         no WRONG",
    "reset@example.org,   correct horse, expired",
    "locked@example.org,  correct horse, unavailable: the account is locked there for now",
    "locked@example.org,  wrong,         unavailable: the account is locked there for now",
    "anna@example.org,    '',            no WRONG",
    "@example.org,        correct horse, no UNKNOWN"
  })
  void a_dn_made_of_the_name_is_bound(String name, String password, String verdict)
      throws Exception {
    try (LdapAsker asker = asker(DIRECT)) {
      assertEquals(verdict, told(ask(asker, name, password)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "anna@example.org,    correct horse, yes",
    "anna@example.org,    wrong,         no WRONG",
    "nobody@example.org,  correct horse, no UNKNOWN",
    "expired@example.org, correct horse, expired",
    "reset@example.org,   correct horse, expired",
    "locked@example.org,  correct horse, unavailable: the account is locked there for now",
    "anna@example.org,    '',            no WRONG",
    "*,                   correct horse, no UNKNOWN",
    "anna*,               correct horse, no UNKNOWN",
    "twin@example.org,    correct horse, unavailable: several entries fit this name"
  })
  void an_entry_that_was_searched_for_is_bound(String name, String password, String verdict)
      throws Exception {
    try (LdapAsker asker = asker(SEARCHED)) {
      assertEquals(verdict, told(ask(asker, name, password)));
    }
  }

  @Test
  void without_a_user_of_our_own_the_search_is_anonymous() throws Exception {
    var way = new LdapSettings.Way.Searched(Slapd.PEOPLE, "(uid={user})", Optional.empty());
    try (LdapAsker asker = asker(way)) {
      assertEquals("yes", told(ask(asker, "open", Slapd.PASSWORD)));
      assertEquals("no UNKNOWN", told(ask(asker, "anna", Slapd.PASSWORD)));
    }
  }

  @Test
  void a_user_of_our_own_who_is_refused_makes_nobody_wrong() throws Exception {
    try (LdapAsker asker = asker(searched("(mail={user})", "stale"))) {
      assertEquals(
          "unavailable: our own user is refused: 49 invalid credentials",
          told(ask(asker, "anna@example.org", Slapd.PASSWORD)));
    }
    try (LdapAsker asker = asker(searched("(mail={user})", ""))) {
      assertEquals(
          "unavailable: the password of our own user is empty",
          told(ask(asker, "anna@example.org", Slapd.PASSWORD)));
    }
  }

  @Test
  void a_search_where_nothing_is_says_nothing_of_the_name() throws Exception {
    var way = new LdapSettings.Way.Searched("dc=elsewhere", "(uid={user})", Optional.empty());
    try (LdapAsker asker = asker(way)) {
      assertEquals(
          "unavailable: answer to the search: 32 no such object",
          told(ask(asker, "anna", Slapd.PASSWORD)));
    }
  }

  @Test
  void an_entry_without_a_password_lets_nobody_in() throws Exception {
    slapd.add("dn: uid=bare," + Slapd.PEOPLE + "\nobjectClass: account\nuid: bare\n");
    try (LdapAsker asker = asker(searched("(uid={user})"))) {
      assertEquals("no WRONG", told(ask(asker, "bare", Slapd.PASSWORD)));
    }
  }

  @Test
  void the_certificate_has_to_name_the_host_as_it_is_configured() throws Exception {
    for (Security security : List.of(Security.STARTTLS, Security.IMPLICIT)) {
      try (LdapAsker asker = asker(SEARCHED, security, "localhost", site())) {
        assertEquals("yes", told(ask(asker, "anna@example.org", Slapd.PASSWORD)));
      }
      try (LdapAsker asker = asker(SEARCHED, security, "127.0.0.1", site())) {
        assertEquals(
            "unavailable: certificate refused: it is for another host",
            told(ask(asker, "anna@example.org", Slapd.PASSWORD)));
      }
      try (LdapAsker asker = asker(SEARCHED, security, "localhost", new Trust.Public())) {
        assertEquals(
            "unavailable: certificate refused: its issuer is not trusted",
            told(ask(asker, "anna@example.org", Slapd.PASSWORD)));
      }
      Trust pinned = new Trust.Pinned(Set.of(slapd.fingerprint()));
      try (LdapAsker asker = asker(SEARCHED, security, "127.0.0.1", pinned)) {
        assertEquals("yes", told(ask(asker, "anna@example.org", Slapd.PASSWORD)));
      }
    }
  }

  @Test
  void our_own_certificate_is_shown() throws Exception {
    try (Slapd own = Slapd.demandingCertificates()) {
      var site = new Trust.Site(ClientKeys.authorities(own.authority()));
      var key = ClientKeys.read(own.client("crt"), own.client("key"));
      for (boolean shown : List.of(false, true)) {
        for (Security security : List.of(Security.STARTTLS, Security.IMPLICIT)) {
          int port = security == Security.IMPLICIT ? own.tlsPort() : own.port();
          var ours = shown ? Optional.of(key) : Optional.<X509ExtendedKeyManager>empty();
          var target = new Target("localhost", port, security, site, ours);
          try (var asker =
              new LdapAsker(new LdapSettings(target, false, DIRECT, 2), Names.system())) {
            String told = told(ask(asker, "anna", Slapd.PASSWORD));
            assertTrue(shown ? told.equals("yes") : told.startsWith("unavailable: "), told);
          }
        }
      }
    }
  }

  @Test
  void where_starttls_is_refused_this_machine_is_asked_in_clear() throws Exception {
    try (Slapd bare = Slapd.withoutTls()) {
      var target = Target.of("localhost", bare.port(), Security.STARTTLS, new Trust.Public());
      try (var asker =
          new LdapAsker(new LdapSettings(target, false, SEARCHED, 2), Names.system())) {
        assertEquals("yes", told(ask(asker, "anna@example.org", Slapd.PASSWORD)));
      }
    }
  }

  private static LdapAsker asker(Slapd own, Security security) throws Exception {
    int port = security == Security.IMPLICIT ? own.tlsPort() : own.port();
    Trust trust = new Trust.Pinned(Set.of(own.fingerprint()));
    var target = Target.of("localhost", port, security, trust);
    return new LdapAsker(new LdapSettings(target, false, SEARCHED, 2), Names.system());
  }

  @ParameterizedTest
  @EnumSource
  void a_line_that_searches_is_kept_and_none_is_left_bound_as_a_user(Security security)
      throws Exception {
    try (Slapd own = Slapd.withTls();
        LdapAsker asker = asker(own, security)) {
      for (int i = 0; i < 5; i++) {
        assertEquals("yes", told(ask(asker, "anna@example.org", Slapd.PASSWORD)));
      }
      own.awaitConnections(1);
      String ours = "BIND dn=\"" + Slapd.SERVICE + "\" method=128";
      assertEquals(1, own.log().stream().filter(l -> l.contains(ours)).count());
      asker.close();
      own.awaitConnections(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_restart_of_the_server_is_not_noticed(Security security) throws Exception {
    try (Slapd own = Slapd.withTls();
        LdapAsker asker = asker(own, security)) {
      assertEquals("yes", told(ask(asker, "anna@example.org", Slapd.PASSWORD)));
      own.stop();
      String gone = told(ask(asker, "anna@example.org", Slapd.PASSWORD));
      assertTrue(gone.startsWith("unavailable: no connection to "), gone);
      own.start();
      assertEquals("yes", told(ask(asker, "anna@example.org", Slapd.PASSWORD)));
      own.stop();
      own.start();
      assertEquals("yes", told(ask(asker, "anna@example.org", Slapd.PASSWORD)));
    }
  }

  /** Pieces of which names are made that could mean more than a name. */
  private static final List<String> PIECES =
      List.of(
          "*",
          "(",
          ")",
          "\\",
          "\\2a",
          "\\00",
          "*)(uid=*",
          ")(|(uid=*))",
          "anna",
          "@",
          "@example.org",
          ",",
          "+",
          "=",
          "\"",
          ";",
          "<",
          ">",
          "#",
          " ",
          "uid=anna,",
          "ü",
          "\u202e",
          "\ud83d\ude00",
          "a\u0300",
          "\u0130",
          "ß",
          "{user}",
          "%",
          "'",
          "&",
          "|",
          "!",
          "~=",
          "\u007f");

  @Test
  void whatever_name_is_asked_about_finds_no_other_entry() throws Exception {
    var random = new Random(4711);
    var names = new java.util.LinkedHashSet<String>(List.of("*)(uid=*", "*", "anna)(uid=*", "\\"));
    while (names.size() < 300) {
      var name = new StringBuilder();
      for (int i = random.nextInt(4); i >= 0; i--) {
        name.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      names.add(name.toString());
    }
    names.removeAll(Set.of("anna", "anna@example.org"));
    try (LdapAsker byMail = asker(SEARCHED);
        LdapAsker byUid = asker(searched("(|(uid={local-part})(mail={user}))"));
        LdapAsker direct = asker(new LdapSettings.Way.Direct("uid={user}," + Slapd.PEOPLE))) {
      for (String name : names) {
        assertEquals("no UNKNOWN", told(ask(byMail, name, Slapd.PASSWORD)), name);
        String local = Template.Field.LOCAL_PART.of(name);
        String told = told(ask(byUid, name, Slapd.PASSWORD));
        // LDAP itself leaves out spaces at the ends, and compares without case.
        boolean own = local.strip().equals("anna");
        assertEquals(own ? "yes" : "no UNKNOWN", told, name);
        String bound = told(ask(direct, name, Slapd.PASSWORD));
        assertTrue(name.strip().equals("anna") || bound.equals("no WRONG"), name + " " + bound);
      }
    }
  }

  @Test
  void each_name_finds_its_own_entry() throws Exception {
    var random = new Random(815);
    try (LdapAsker direct = asker(new LdapSettings.Way.Direct("cn={user}," + Slapd.PEOPLE));
        LdapAsker found = asker(searched("(cn={user})"))) {
      for (int i = 0; i < 40; i++) {
        var name = new StringBuilder("x" + i);
        for (int k = 0; k < 3; k++) {
          name.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        name.append('y');
        // base64, so that nothing of ours escapes anything here
        String attribute = base64(name.toString());
        String dn = base64("cn=" + hex(name.toString()) + "," + Slapd.PEOPLE);
        slapd.add(
            "dn:: %s\nobjectClass: inetOrgPerson\ncn:: %s\nsn: x\nuserPassword: own%d\n"
                .formatted(dn, attribute, i));
        assertEquals("yes", told(ask(direct, name.toString(), "own" + i)), name.toString());
        assertEquals("yes", told(ask(found, name.toString(), "own" + i)), name.toString());
      }
    }
  }

  private static String base64(String text) {
    return java.util.Base64.getEncoder()
        .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** Each octet escaped: the longest form that RFC 4514 knows. */
  private static String hex(String text) {
    var all = new StringBuilder();
    for (byte each : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      all.append(String.format("\\%02x", each));
    }
    return all.toString();
  }
}
