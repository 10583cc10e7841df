package heddle.talks;

import heddle.app.Heddle;
import heddle.app.Home;
import heddle.app.TestHome;
import heddle.event.Event;
import heddle.event.EventBus;
import java.io.IOException;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A real server in a home of its own, on free ports of loopback, with the people of the talks. */
public final class TestServer implements AutoCloseable {
  private static final String CONFIG =
      TestHome.LISTENERS
          + """
          [route.default]
          to = "maildir"
          path = "var/mail"
          """;

  private final Home home;
  private final Heddle heddle;
  private final Queue<Event> events;

  private TestServer(Home home, Heddle heddle, Queue<Event> events) {
    this.home = home;
    this.heddle = heddle;
    this.events = events;
  }

  /**
   * @param config TOML behind our own; the wait after a failed login is short unless it says more
   */
  public static TestServer start(String config) throws Exception {
    return start(config, Map.of());
  }

  /**
   * @param files below the home: from {@code etc/hooks/X.java} to its text
   */
  public static TestServer start(String config, Map<String, String> files) throws Exception {
    String wait =
        config.contains("[session.auth.errors]") ? "" : "[session.auth.errors]\nwait = \"1ms\"\n";
    Home home = TestHome.make(CONFIG + TestHome.patience(config) + wait + config + "\n");
    TestHome.write(home, files);
    // Hooks find their own files below it, as they do behind bin/heddle.
    System.setProperty("heddle.home", home.root().toString());
    TestHome.addUser(home, "anna@example.org", "correct horse");
    TestHome.addUser(home, "bob@example.org", "battery staple");
    TestHome.disableUser(home, "bob@example.org");
    Queue<Event> events = new ConcurrentLinkedQueue<>();
    return new TestServer(home, TestHome.start(home, new EventBus(events::add)), events);
  }

  public Home home() {
    return home;
  }

  public int port(String listener) {
    return heddle.address(listener).getPort();
  }

  public Heddle heddle() {
    return heddle;
  }

  /** Those told so far. */
  public List<Event> events() {
    return List.copyOf(events);
  }

  /** The client's handshake on a connected socket; any certificate is taken. */
  public SSLSocket tls(Socket plain) throws Exception {
    SSLSocket tls =
        (SSLSocket)
            trusting()
                .getSocketFactory()
                .createSocket(plain, "mail.example.org", plain.getPort(), true);
    tls.startHandshake();
    return tls;
  }

  private static SSLContext trusting() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
    return context;
  }

  @Override
  public void close() {
    heddle.close();
    try {
      TestHome.delete(heddle);
    } catch (IOException left) {
      // A folder in the temporary files more or less.
    }
  }
}
