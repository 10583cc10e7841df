package heddle.session;

import heddle.hook.Connection;
import heddle.hook.Helo;
import heddle.hook.Transaction.Recipient;
import heddle.mail.Id;
import heddle.sasl.Attempt;
import heddle.sasl.Scene;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/** What voices and hooks get to see of a conversation, as it is now. Used by one conversation. */
final class Sight {
  private final DataDialogue.Origin origin;
  private final Transport transport;
  private final Surroundings around;
  private final Supplier<Phase> phase;
  private final Supplier<Id> transaction;
  private final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>();

  Sight(
      DataDialogue.Origin origin,
      Transport transport,
      Surroundings around,
      Supplier<Phase> phase,
      Supplier<Id> transaction) {
    this.origin = origin;
    this.transport = transport;
    this.around = around;
    this.phase = phase;
    this.transaction = transaction;
  }

  private Optional<String> pointer() {
    return around.pointers().apply(transport.client().address());
  }

  /** The first step of a login, without a response. */
  Attempt attempt(String mechanism, Set<String> offered) {
    Optional<Phase.Hello> hello = phase.get().helloSaid();
    return new Attempt(
        origin.connection(),
        transaction.get(),
        origin.listener(),
        transport.client(),
        transport.server(),
        hello.map(Phase.Hello::name),
        transport.presence(),
        offered,
        mechanism,
        0,
        Optional.empty(),
        new Scene(hello.map(Phase.Hello::extended).orElse(true), this::pointer, attributes));
  }

  Connection connection() {
    return new Connection(
        origin.connection(),
        origin.listener(),
        transport.client(),
        transport.server(),
        phase.get().helloSaid().map(h -> new Helo(h.extended() ? "EHLO" : "HELO", h.name())),
        transport.presence(),
        phase.get().who(),
        this::pointer,
        attributes);
  }

  heddle.hook.Transaction transaction() {
    Optional<Phase.Writing> writing =
        switch (phase.get()) {
          case Phase.Writing now -> Optional.of(now);
          case Phase.Chunking chunking -> Optional.of(chunking.of());
          case Phase.Arrived _, Phase.Greeted _, Phase.Ready _ -> Optional.empty();
        };
    return new heddle.hook.Transaction(
        transaction.get(),
        writing.map(Phase.Writing::from),
        writing.map(w -> w.mail().parameters().all()).orElse(Map.of()),
        writing
            .map(
                w ->
                    w.taken().stream()
                        .map(r -> new Recipient(r.to(), r.parameters().all()))
                        .toList())
            .orElse(List.of()));
  }
}
