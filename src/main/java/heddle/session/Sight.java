package heddle.session;

import heddle.hook.Connection;
import heddle.hook.Helo;
import heddle.hook.Transaction.Recipient;
import heddle.mail.Id;
import heddle.sasl.Attempt;
import heddle.sasl.Identity;
import heddle.sasl.Scene;
import heddle.smtp.Command;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What voices and hooks get to see of a conversation, as it is now. Used by one conversation. */
final class Sight {
  private final DataDialogue.Origin origin;
  private final Transport transport;
  private final Surroundings around;
  private final Supplier<Phase> phase;
  private final Supplier<Id> transaction;
  private final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>();
  private volatile @Nullable Looked looked;

  /**
   * What the name servers said of an address, or a proxy did.
   *
   * @param by the ends of which it holds
   */
  private record Looked(Optional<String> name, Ends by) {}

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

  /** Asked once for each address; a hook's thread may do so. */
  private Optional<String> pointer() {
    Ends ends = transport.ends();
    Looked last = looked;
    if (last == null || !last.by().equals(ends)) {
      last = new Looked(around.pointers().apply(ends.client().address()), ends);
      looked = last;
    }
    return last.name();
  }

  /** The proxy says that the client of now has this name, or none. */
  void told(Optional<String> name) {
    Ends ends = transport.ends();
    looked = new Looked(name, ends);
  }

  /** The client is another from now on. */
  void forget() {
    attributes.clear();
  }

  /** Who sends from where the client is without logging in. */
  Optional<Identity> device(String hello) {
    return around.gate().device().at(transport.client(), origin.listener(), hello);
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
            .map(w -> w.taken().stream().map(rcpt -> recipient(rcpt, w)).toList())
            .orElse(List.of()));
  }

  private Recipient recipient(Command.Rcpt rcpt, Phase.Writing writing) {
    String route =
        around
            .routing()
            .route(
                rcpt.to(),
                writing.from(),
                origin.listener(),
                writing.who().map(Identity::authz),
                writing.mail().parameters().size());
    return new Recipient(rcpt.to(), rcpt.parameters().all(), route);
  }
}
