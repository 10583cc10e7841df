package heddle.real;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import heddle.dial.Papers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The servers behind all directories, a relay before each, and the configuration that asks them.
 */
final class Places implements AutoCloseable {
  static final String ANNA = "anna@example.org";
  static final String NOBODY = "nobody@example.org";
  static final String PASSWORD = "twelve grey ravens";

  /** RFC 4511 §4.2.2: a BindResponse of seven octets that begins with resultCode 0. */
  private static final String BIND_SUCCESS = "a\7\n\1\0";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Map<String, List<String>> SERVICES = new LinkedHashMap<>();

  static {
    String sasl = "smtpd_sasl_auth_enable=yes";
    SERVICES.put("starttls", List.of("smtpd_tls_security_level=may", sasl));
    SERVICES.put("implicit", List.of("smtpd_tls_wrappermode=yes", sasl));
    SERVICES.put("clear", List.of(sasl, "smtpd_sasl_security_options=noanonymous"));
  }

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Place> all = new ArrayList<>();
  private final StringBuilder tables = new StringBuilder();
  private final Map<String, String> files = new LinkedHashMap<>();

  /** Starts them all. */
  Places() throws Exception {
    List<Callable<Runnable>> beginnings =
        List.of(this::imap, this::smtp, this::ldap, this::http, this::dovecot, this::sql);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Runnable>> started = beginnings.stream().map(threads::submit).toList();
      for (var each : started) {
        each.get().run();
      }
    }
  }

  List<Place> all() {
    return all;
  }

  /** Files of the home that the configuration names. */
  Map<String, String> files() {
    return files;
  }

  /** Who is asked is chosen by EHLO; whoever says nothing of it is looked for here. */
  String config() {
    var rules = new StringBuilder();
    for (Place place : all) {
      List<String> hellos = new ArrayList<>(List.of(place.helloClear()));
      place.secured().ifPresent(_ -> hellos.addAll(List.of(place.name(), place.helloStrange())));
      place.implicit().ifPresent(_ -> hellos.add(place.helloImplicit()));
      for (String hello : hellos) {
        rules.append(
            "{ if = \"helo\", eq = \"%s\", then = \"remote/%s\" },%n".formatted(hello, hello));
      }
    }
    return """
    [session.auth]
    mechanisms = ["PLAIN"]
    lookup = [
    RULES{ else = "local" } ]
    """
            .replace("RULES", rules)
        + tables;
  }

  /** One table for each relay, and one that trusts nobody whom the server could know. */
  private void add(Place place, Path authority, String keys) {
    all.add(place);
    String ca = "tls.ca = [\"" + authority + "\"]\n";
    table(place.helloClear(), place, place.clear(), "http", keys);
    place
        .secured()
        .ifPresent(
            relay -> {
              table(place.name(), place, relay, "https", keys + ca);
              table(place.helloStrange(), place, relay, "https", keys);
            });
    place
        .implicit()
        .ifPresent(
            relay ->
                table(
                    place.helloImplicit(), place, relay, "", keys + ca + "tls.implicit = true\n"));
  }

  private void table(String name, Place place, FaultyRelay relay, String scheme, String keys) {
    String where =
        place.name().equals("http")
            ? "url = \"%s://localhost:%d/check\"%n".formatted(scheme, relay.port())
            : "address = \"localhost\"%nport = %d%n".formatted(relay.port());
    tables.append(
        """
        [remote.%s]
        protocol = "%s"
        timeout = "2s"
        cache.entries = 0
        %s%s
        """
            .formatted(name, place.name(), where, keys));
  }

  private <T extends AutoCloseable> T opened(T server) {
    synchronized (open) {
      open.add(server);
    }
    return server;
  }

  private FaultyRelay relay(int port) throws IOException {
    return opened(new FaultyRelay(port));
  }

  /** At 127.0.0.2 it has no TLS, and takes passwords all the same. */
  private Runnable imap() throws Exception {
    Dovecot dovecot =
        opened(
            Dovecot.start(
                Dovecot.Setup.of(
                        ANNA + ":{PLAIN}" + PASSWORD, "shut:{PLAIN}" + PASSWORD + "::::::nologin=y")
                    .with(
                        """
                        local 127.0.0.2 {
                          ssl = no
                          disable_plaintext_auth = no
                        }
                        """)));
    FaultyRelay clear = opened(new FaultyRelay("127.0.0.2", dovecot.port(Dovecot.IMAP)));
    var place =
        new Place(
            "imap",
            ANNA,
            PASSWORD,
            PASSWORD,
            Optional.of(relay(dovecot.port(Dovecot.IMAP))),
            Optional.of(relay(dovecot.port(Dovecot.IMAPS))),
            clear,
            List.of("Logged in"),
            Map.of(Place.SHUT, "shut", Place.UNTOLD, Dovecot.UNTOLD),
            power(dovecot::stop, dovecot::start));
    return () -> add(place, dovecot.authorityCertificate(), "");
  }

  private Runnable smtp() throws Exception {
    Postfix postfix =
        opened(
            new Postfix(
                SERVICES,
                List.of(
                    ANNA + ":{PLAIN}" + PASSWORD, "shut:{PLAIN}" + PASSWORD + "::::::nologin=y")));
    var place =
        new Place(
            "smtp",
            ANNA,
            PASSWORD,
            PASSWORD,
            Optional.of(relay(postfix.port("starttls"))),
            Optional.of(relay(postfix.port("implicit"))),
            relay(postfix.port("clear")),
            List.of("235 2.7.0 Auth"),
            Map.of(Place.SHUT, "shut", Place.UNTOLD, Dovecot.UNTOLD),
            power(postfix::stop, postfix::start));
    return () -> add(place, postfix.authority().certificate(), "");
  }

  private Runnable ldap() throws Exception {
    Slapd slapd = opened(Slapd.withTls());
    Slapd withoutTls = opened(Slapd.withoutTls());
    var place =
        new Place(
            "ldap",
            ANNA,
            Slapd.PASSWORD,
            Slapd.PASSWORD,
            Optional.of(relay(slapd.port())),
            Optional.of(relay(slapd.tlsPort())),
            relay(withoutTls.port()),
            List.of(BIND_SUCCESS),
            Map.of(
                Place.SHUT,
                "locked@example.org",
                Place.EXPIRED,
                "expired@example.org",
                Place.UNTOLD,
                "twin@example.org"),
            power(withoutTls::stop, withoutTls::start));
    return () -> {
      files.put("etc/secrets/ldap", Slapd.SERVICE_PASSWORD);
      add(
          place,
          slapd.authority(),
          """
          base = "%s"
          user = "%s"
          password = { file = "secrets/ldap" }
          """
              .formatted(Slapd.PEOPLE, Slapd.SERVICE));
    };
  }

  private Runnable http() throws Exception {
    Papers papers = Papers.of("localhost", Duration.ofDays(1));
    Path authority = Files.createTempFile("authority", ".pem");
    opened(() -> Files.delete(authority));
    Files.writeString(
        authority,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(papers.authority().getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    HttpsServer secured = HttpsServer.create(here(0), 0);
    secured.setHttpsConfigurator(new HttpsConfigurator(papers.context()));
    served(secured);
    opened(() -> secured.stop(0));
    int port = Tools.freePort();
    HttpServer[] clear = {served(HttpServer.create(here(port), 0))};
    opened(() -> clear[0].stop(0));
    var place =
        new Place(
            "http",
            ANNA,
            PASSWORD,
            PASSWORD,
            Optional.of(relay(secured.getAddress().getPort())),
            Optional.empty(),
            relay(port),
            List.of("HTTP/1.1 200", "\"groups\""),
            Map.of(Place.SHUT, "shut", Place.EXPIRED, "expired", Place.UNTOLD, "untold"),
            power(
                () -> clear[0].stop(0), () -> clear[0] = served(HttpServer.create(here(port), 0))));
    return () -> add(place, authority, "");
  }

  private static InetSocketAddress here(int port) {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  private static <T extends HttpServer> T served(T server) {
    server.createContext("/check", Places::judge);
    // On the usual one, whoever hangs in a handshake would let all others wait.
    server.setExecutor(task -> Thread.ofVirtual().start(task));
    server.start();
    return server;
  }

  private static void judge(HttpExchange exchange) throws IOException {
    JsonNode asked = JSON.readTree(exchange.getRequestBody().readAllBytes());
    String name = asked.path("username").asString("");
    boolean right = asked.path("password").asString("").equals(PASSWORD);
    int status = name.equals("untold") ? 503 : name.equals(ANNA) && right ? 200 : 401;
    String answer =
        status == 200
            ? "{\"username\": \"" + ANNA + "\", \"groups\": [\"staff\"]}"
            : switch (name) {
              case ANNA -> "";
              case "shut" -> "{\"reason\": \"disabled\"}";
              case "expired" -> "{\"reason\": \"expired\"}";
              default -> "{\"reason\": \"unknown-user\"}";
            };
    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private Runnable dovecot() throws Exception {
    DovecotAuth dovecot = opened(new DovecotAuth());
    var place =
        new Place(
            "dovecot",
            "anna",
            DovecotAuth.PASSWORD,
            DovecotAuth.PASSWORD,
            Optional.empty(),
            Optional.empty(),
            relay(dovecot.port()),
            List.of("OK\t", "user=anna"),
            Map.of(Place.SHUT, "shut", Place.UNTOLD, "away"),
            power(dovecot::stop, dovecot::start));
    return () -> add(place, Path.of(""), "");
  }

  private Runnable sql() throws Exception {
    String hash = hash();
    Postgres postgres = opened(people(Postgres.withTls(), hash));
    Postgres withoutTls = opened(people(Postgres.withoutTls(), hash));
    var place =
        new Place(
            "sql",
            ANNA,
            PASSWORD,
            hash,
            Optional.of(relay(postgres.port())),
            Optional.empty(),
            relay(withoutTls.port()),
            List.of(hash),
            Map.of(Place.SHUT, "shut", Place.UNTOLD, "untold"),
            power(withoutTls::stop, withoutTls::start));
    return () -> {
      files.put("etc/secrets/database", Postgres.PASSWORD);
      add(
          place,
          postgres.authority(),
          """
          database = "mail"
          user = "heddle"
          password = { file = "secrets/database" }
          query = "SELECT password FROM users WHERE address = {user}"
          """);
    };
  }

  private static Postgres people(Postgres postgres, String hash) throws Exception {
    postgres.run("CREATE TABLE users (address text PRIMARY KEY, password text)");
    postgres.run("INSERT INTO users VALUES ('" + ANNA + "', '" + hash + "')");
    postgres.run("INSERT INTO users VALUES ('shut', NULL), ('untold', 'no hash')");
    postgres.run("GRANT SELECT ON users TO " + Postgres.USER);
    return postgres;
  }

  private static String hash() throws Exception {
    byte[] salt = {1, 2, 3, 4, 5, 6, 7, 8};
    MessageDigest sha = MessageDigest.getInstance("SHA-512");
    sha.update(PASSWORD.getBytes(StandardCharsets.UTF_8));
    byte[] digest = sha.digest(salt);
    byte[] both = java.util.Arrays.copyOf(digest, digest.length + salt.length);
    System.arraycopy(salt, 0, both, digest.length, salt.length);
    return "{SSHA512}" + Base64.getEncoder().encodeToString(both);
  }

  @FunctionalInterface
  private interface Switch {
    void turn() throws Exception;
  }

  private static Place.Power power(Switch off, Switch on) {
    return new Place.Power() {
      @Override
      public void off() throws Exception {
        off.turn();
      }

      @Override
      public void on() throws Exception {
        on.turn();
      }
    };
  }

  @Override
  public void close() throws Exception {
    List<AutoCloseable> servers;
    synchronized (open) {
      servers = List.copyOf(open).reversed();
    }
    for (AutoCloseable each : servers) {
      each.close();
    }
  }
}
