package heddle.remote;

import heddle.dns.Names;
import heddle.mail.Octets;
import heddle.wire.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;

/**
 * Dovecot's auth service, asked by its auth-client protocol, as Postfix and Exim do. One connection
 * is made at once, kept, and made again in the background; all exchanges share it. Safe to share.
 *
 * <p>Versions 1.1 to 1.4 of the protocol: Dovecot 2.1 to 2.4 (auth-client-interface.h).
 */
public final class DovecotAsker implements Asker, Relay {
  /**
   * How long to be patient.
   *
   * @param silence a server that says nothing for so long, although asked, is taken for dead
   * @param youth so old is a connection to which new exchanges are given
   * @param age so long is it kept after that, for those that are under way
   */
  record Times(Duration silence, Duration youth, Duration age) {
    /** Dovecot forgets an exchange after 150 seconds: MASTER_AUTH_SERVER_TIMEOUT_SECS. */
    static final Times USUAL =
        new Times(Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofSeconds(150));
  }

  private static final String PLAIN = "PLAIN";

  /** Where it listens. */
  public sealed interface Endpoint {}

  /** A socket in the file system: {@code unix_listener}. */
  public record Unix(Path path) implements Endpoint {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /**
   * A port: {@code inet_listener}.
   *
   * @param host a name, or an address in digits
   */
  public record Tcp(String host, int port, Names names) implements Endpoint {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  private final String service;
  private final DovecotKeeper keeper;

  /**
   * @param service what Dovecot is told that the login is for, such as {@code smtp}
   * @param allowPlaintext whether passwords may go to another machine, always without TLS, which
   *     the protocol has not; without it another machine is not called at all
   */
  public DovecotAsker(Endpoint where, String service, boolean allowPlaintext) {
    this(
        where,
        service,
        allowPlaintext,
        Times.USUAL,
        Thread.ofVirtual().name("dovecot-", 0).factory());
  }

  DovecotAsker(
      Endpoint where, String service, boolean allowPlaintext, Times times, ThreadFactory threads) {
    this.service = service;
    this.keeper = new DovecotKeeper(new DovecotDialer(where, allowPlaintext), times, threads);
  }

  @Override
  public Set<String> mechanisms() {
    return keeper.mechanisms();
  }

  /** By PLAIN. Asked once more where the connection broke over it. */
  @Override
  public Verdict ask(Question question, Deadline deadline) throws InterruptedException {
    if (question.name().indexOf('\0') >= 0) {
      return new Verdict.Unavailable("PLAIN knows no NUL");
    }
    DovecotAnswer answer = plain(question, deadline);
    if (answer instanceof DovecotAnswer.Lost) {
      answer = plain(question, deadline);
    }
    return switch (answer) {
      case DovecotAnswer.Ok ok -> ok.verdict();
      case DovecotAnswer.Fail fail -> fail.verdict();
      case DovecotAnswer.Asked more ->
          new Verdict.Unavailable("Dovecot wants more than a password");
      case DovecotAnswer.Lost(var why) -> new Verdict.Unavailable(why);
      case DovecotAnswer.None(var why) -> new Verdict.Unavailable(why);
    };
  }

  private DovecotAnswer plain(Question question, Deadline deadline) throws InterruptedException {
    Optional<DovecotLink> link = keeper.link(deadline);
    if (link.isEmpty()) {
      return new DovecotAnswer.None(keeper.trouble());
    }
    if (!link.get().speaks(PLAIN)) {
      return new DovecotAnswer.None("Dovecot does not offer PLAIN");
    }
    DovecotLink.Call call = link.get().call();
    DovecotAnswer answer =
        call.begin(
            DovecotLines.request(PLAIN, service, question.caller()),
            Optional.of(DovecotLines.plain(question)),
            deadline);
    if (answer instanceof DovecotAnswer.Asked) {
      call.cancel();
    }
    return answer;
  }

  /** Never asked again: what a client said in one exchange is worth nothing in another. */
  @Override
  public Turn begin(
      String mechanism, Optional<Octets> initial, Caller caller, Binding binding, Deadline deadline)
      throws InterruptedException {
    Optional<DovecotLink> link = keeper.link(deadline);
    if (link.isEmpty()) {
      return DovecotExchange.unavailable(keeper.trouble());
    }
    // Asked for one that it does not know, Dovecot hangs up, on everybody.
    if (!link.get().speaks(mechanism)) {
      return DovecotExchange.unavailable("Dovecot does not offer that mechanism");
    }
    return new DovecotExchange(link.get().call(), binding)
        .begin(DovecotLines.request(mechanism, service, caller), initial, deadline);
  }

  @Override
  public void close() {
    keeper.close();
  }
}
