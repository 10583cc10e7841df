package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.directory.LoginName;
import heddle.listener.Crowd;
import heddle.spool.Spool;
import heddle.store.Account;
import heddle.store.Accounts;
import heddle.store.Blocks;
import heddle.store.Credential;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The verb {@code complete}: live names for whoever types. */
final class CompleteDesk {
  private static final int MOST = 200;

  private final Accounts accounts;
  private final Spool spool;
  private final Crowd crowd;
  private final List<String> listeners;

  CompleteDesk(Accounts accounts, Spool spool, Crowd crowd, List<String> listeners) {
    this.accounts = accounts;
    this.spool = spool;
    this.crowd = crowd;
    this.listeners = List.copyOf(listeners);
  }

  /** Answers, or empty where the verb is another. */
  Optional<Answer> ask(Request request) {
    return request.verb().equals("complete") ? Optional.of(complete(request)) : Optional.empty();
  }

  private Answer complete(Request request) {
    String prefix = request.arg("prefix").orElse("").toLowerCase(Locale.ROOT);
    String of = request.arg("of").orElse("");
    Stream<String> names =
        switch (request.arg("kind").orElse("")) {
          case "user" -> accounts.snapshot().all().stream().map(Account::name);
          case "queue" -> spool.entries().stream().map(e -> e.id().value());
          case "session" -> crowd.present().stream().map(s -> s.presented().id().value());
          case "listener" -> listeners.stream();
          case "block" -> accounts.blocks().all().stream().map(Blocks.Block::subject);
          case "app" -> labels(of, Credential.Kind.APP);
          case "key" -> labels(of, Credential.Kind.KEY);
          case "device" -> labels(of, Credential.Kind.DEVICE);
          default -> Stream.empty();
        };
    return Answer.rows(
        names
            .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(prefix))
            .sorted()
            .limit(MOST)
            .map(name -> Map.<String, Object>of("name", name))
            .toList());
  }

  private Stream<String> labels(String of, Credential.Kind kind) {
    return LoginName.normal(of).flatMap(accounts.snapshot()::find).stream()
        .flatMap(account -> account.of(kind).stream())
        .map(Credential::label);
  }
}
