package heddle.remote;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.peer.RemoteAddress;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;

/** What the tests of one asker share: its socket, its threads, its questions. */
final class DovecotSite implements AutoCloseable {
  static final Caller CALLER =
      new Caller(
          new Id("0123456789AB"),
          "submission",
          new RemoteAddress(InetAddress.ofLiteral("192.0.2.7"), 40001),
          new RemoteAddress(InetAddress.ofLiteral("2001:db8::1"), 587),
          true,
          Optional.of("client.example"),
          "PLAIN");

  static final Relay.Binding UNBOUND = type -> Optional.empty();

  final Path folder;
  final Path socket;
  final List<Thread> threads = new CopyOnWriteArrayList<>();
  final DovecotAsker asker;

  DovecotSite() throws IOException {
    this(DovecotAsker.Times.USUAL);
  }

  DovecotSite(DovecotAsker.Times times) throws IOException {
    folder = Files.createTempDirectory("dovecot");
    socket = folder.resolve("auth-client");
    asker = new DovecotAsker(new DovecotAsker.Unix(socket), "smtp", false, times, factory());
  }

  ThreadFactory factory() {
    return work -> {
      Thread thread = Thread.ofVirtual().unstarted(work);
      threads.add(thread);
      return thread;
    };
  }

  DovecotPeer playing(DovecotPeer.Script script) throws IOException {
    return DovecotPeer.on(socket, script);
  }

  /** A peer that greets as Dovecot 2.3 does, and then plays. */
  DovecotPeer greeting(DovecotPeer.Script script) throws IOException {
    return playing(wire -> script.play(wire.greet()));
  }

  static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(5));
  }

  static Question question(String name, String password) {
    return new Question(name, Secret.ofUtf8(password), CALLER);
  }

  Verdict ask(String name, String password) throws InterruptedException {
    return asker.ask(question(name, password), soon());
  }

  Relay.Turn begin(String mechanism, Optional<Octets> initial) throws InterruptedException {
    return asker.begin(mechanism, initial, CALLER, UNBOUND, soon());
  }

  static Relay.Turn.Asked asked(Relay.Turn turn) {
    return assertInstanceOf(Relay.Turn.Asked.class, turn);
  }

  static Verdict verdict(Relay.Turn turn) {
    return assertInstanceOf(Relay.Turn.Over.class, turn).verdict();
  }

  static String why(Verdict verdict) {
    return assertInstanceOf(Verdict.Unavailable.class, verdict).why();
  }

  static <T> T await(String what, Callable<T> question) throws Exception {
    Deadline patience = soon();
    while (!patience.over()) {
      T answer = question.call();
      if (answer != null) {
        return answer;
      }
      Thread.sleep(5);
    }
    throw new AssertionError("waited in vain for " + what);
  }

  @Override
  public void close() throws IOException {
    asker.close();
    Files.deleteIfExists(socket);
    Files.delete(folder);
  }
}
