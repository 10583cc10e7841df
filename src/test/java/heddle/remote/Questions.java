package heddle.remote;

import heddle.mail.Id;
import heddle.mail.Secret;
import heddle.peer.RemoteAddress;
import heddle.wire.Deadline;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** Questions as a test asks them, and verdicts as it reads them. */
final class Questions {
  static final Caller CALLER =
      new Caller(
          new Id("0123456789AB"),
          "submission",
          new RemoteAddress(InetAddress.ofLiteral("192.0.2.7"), 50123),
          new RemoteAddress(InetAddress.ofLiteral("192.0.2.1"), 587),
          true,
          Optional.of("laptop"),
          "PLAIN");

  private Questions() {}

  static Verdict ask(Asker asker, String name, String password) throws InterruptedException {
    return ask(asker, name, password, Duration.ofSeconds(20));
  }

  static Verdict ask(Asker asker, String name, String password, Duration patience)
      throws InterruptedException {
    try (Secret secret = Secret.ofUtf8(password)) {
      return asker.ask(new Question(name, secret, CALLER), Deadline.in(patience));
    }
  }

  /** A verdict in a few words. */
  static String told(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Yes yes ->
          "yes"
              + yes.name().map(n -> " " + n).orElse("")
              + (yes.groups().isEmpty() ? "" : " " + new java.util.TreeSet<>(yes.groups()));
      case Verdict.No no -> "no " + no.why();
      case Verdict.Expired expired -> "expired";
      case Verdict.Kept kept ->
          "kept "
              + kept.hash().map(h -> h.utf8().orElse("?")).orElse("-")
              + (kept.groups().isEmpty() ? "" : " " + new java.util.TreeSet<>(kept.groups()));
      case Verdict.Unavailable(String why) -> "unavailable: " + why;
    };
  }
}
