package heddle.real;

import heddle.control.Scrape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A server with a hook, four routes and figures, and what its clients do on one day. */
final class MeasuredDay implements AutoCloseable {
  private static final String CONFIG =
      """
      hostname = "mail.example.org"
      domains = ["example.org"]
      [listener.submission]
      bind = ["127.0.0.1:0"]
      tls = "starttls"
      [listener.submissions]
      bind = ["127.0.0.1:0"]
      tls = "implicit"
      [session.auth]
      lookup = ["local", "hook/Bosses"]
      [session.auth.errors]
      total = 100
      wait = "1ms"
      [route.away]
      if = "recipient-domain"
      eq = "away.example"
      to = "smarthost"
      address = "127.0.0.1"
      port = %d
      tls = "none"
      [route.strict]
      if = "recipient-domain"
      eq = "strict.example"
      to = "smarthost"
      address = "127.0.0.1"
      port = %d
      tls = "none"
      [route.later]
      if = "recipient-domain"
      eq = "later.example"
      to = "hold"
      [route.default]
      to = "maildir"
      path = "var/mail"
      [metrics]
      bind = "127.0.0.1:0"
      per-user = true
      """;

  /** Knows scott; of anybody else called thrower it knows too little. */
  private static final String HOOK =
      """
      import heddle.hook.Connection;
      import heddle.hook.PasswordHook;
      import heddle.mail.Secret;
      import java.util.concurrent.ConcurrentMap;

      public final class Bosses implements PasswordHook {
        @Override
        public boolean authPlain(String authz, String authc, Secret password,
            Connection connection, ConcurrentMap<String, Object> attributes) {
          if (authc.equals("thrower")) {
            throw new IllegalStateException("on purpose");
          }
          return authc.equals("scott") && password.matches("tiger");
        }
      }
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private final int nobody;
  private final Sink strict;
  private final ServerProcess server;
  private final Instant ends;
  private final Scrape evening;

  private static String plain(String user, String password) {
    String words = "\0" + user + "\0" + password;
    return "AUTH PLAIN "
        + Base64.getEncoder().encodeToString(words.getBytes(StandardCharsets.UTF_8));
  }

  MeasuredDay() throws Exception {
    nobody = Tools.freePort();
    strict = new Sink("-f", "rcpt");
    server = ServerProcess.prepare(CONFIG.formatted(nobody, strict.port()), Map.of());
    Path hooks = Files.createDirectories(server.home().resolve("etc/hooks"));
    Files.writeString(hooks.resolve("Bosses.java"), HOOK);
    server.serve();
    try (Client guest = new Client(server.port("submissions"))) {
      guest.command("EHLO client\" } x", 250);
      guest.command(plain(ServerProcess.USER, "wrong"), 535);
      guest.command(plain("nobody\"} 1\nheddle_sessions 7", "x"), 501);
      guest.command(plain("client=198.51.100.1", "x"), 535);
      guest.command(plain("thrower", "x"), 454);
      guest.command("AUTH X-NONE abc", 504);
      guest.command("AUTH LOGIN", 334);
      guest.command("*", 501);
    }
    try (Client scott = new Client(server.port("submissions")).login("scott", "tiger")) {
      scott.command("QUIT", 221);
    }
    Client anna = new Client(server.port("submissions")).login();
    anna.command("MAIL FROM:<bob@example.org>", 550);
    byte[] letter = Letter.plain("metrics").sent();
    for (String domain : List.of("example.org", "example.org", "away.example", "strict.example")) {
      anna.send("carol@" + domain, letter);
    }
    anna.send("carol@later.example", letter);
    anna.command("MAIL FROM:<" + ServerProcess.USER + ">", 250);
    anna.command("RCPT TO:<carol@example.org>", 250);
    anna.command("DATA", 354);
    anna.write("Subject: bare\n.\r\n.\r\n");
    anna.expect(550);
    server.heddle("", "block", "add", "198.51.100.0/24", "--reason", "test", "--yes");
    server.heddle("", "block", "add", "user:mallory@example.org", "--reason", "test", "--yes");
    String loaded = server.awaitLog(line -> line.contains("certificate name=mail.example.org"));
    ends = Instant.parse(loaded.replaceFirst(".* expires=(\\S+).*", "$1"));
    // The report about the strict one goes into the Maildir, too.
    evening =
        Tools.await(
            "what was sent to settle",
            PATIENCE,
            () -> {
              Scrape now = Figures.scrape(server);
              boolean settled =
                  attempts(now, "maildir", "delivered") == 3
                      && attempts(now, "127.0.0.1:" + strict.port(), "failed") == 1
                      && attempts(now, "127.0.0.1:" + nobody, "deferred") >= 1;
              return settled ? now : null;
            });
  }

  ServerProcess server() {
    return server;
  }

  /** The figures behind it. */
  Scrape evening() {
    return evening;
  }

  /** When the certificate ends. */
  Instant ends() {
    return ends;
  }

  private static double attempts(Scrape of, String relay, String result) {
    return of.sample(
        "heddle_delivery_attempts_total{relay=\"%s\",result=\"%s\"}".formatted(relay, result));
  }

  @Override
  public void close() throws Exception {
    server.close();
    strict.close();
  }
}
