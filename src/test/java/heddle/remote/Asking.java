package heddle.remote;

import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.peer.RemoteAddress;
import heddle.wire.Deadline;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** Questions for the tests. */
public final class Asking {
  private Asking() {}

  public static final Caller CALLER =
      new Caller(
          new Id("0123456789AB"),
          "submission",
          new RemoteAddress(InetAddress.ofLiteral("198.51.100.7"), 40_000),
          new RemoteAddress(InetAddress.ofLiteral("203.0.113.1"), 587),
          true,
          Optional.of("client.example"),
          "PLAIN");

  public static Question question(String name, String password) {
    return new Question(name, Secret.ofUtf8(password), CALLER);
  }

  public static Question question(String name, Octets password) {
    return new Question(name, Secret.of(password.toArray()), CALLER);
  }

  /** Asks with patience. */
  public static Verdict ask(Asker asker, Question question) throws InterruptedException {
    return asker.ask(question, Deadline.in(Duration.ofSeconds(10)));
  }

  public static Verdict ask(Asker asker, String name, String password) throws InterruptedException {
    return ask(asker, question(name, password));
  }
}
