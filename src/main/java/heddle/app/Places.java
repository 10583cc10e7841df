package heddle.app;

import heddle.config.HeddleConfig;
import heddle.config.ListenerConfig;
import heddle.control.Answer;
import heddle.peer.Network;
import heddle.sasl.Terms;
import heddle.store.Account;
import heddle.store.Credential;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Where a credential can be used at all, by the configuration: what would let nobody in is told to
 * whoever makes it.
 *
 * @param listeners empty where the configuration cannot be read
 */
record Places(Optional<Map<String, ListenerConfig>> listeners) {
  static Places of(HeddleConfig config) {
    return new Places(Optional.of(config.listener()));
  }

  static Places of(Home home) {
    try {
      return of(new ConfigDesk(home).load(_ -> {}));
    } catch (Refused broken) {
      return new Places(Optional.empty());
    }
  }

  /** A listener that is not there. */
  Optional<Answer> objection(Terms terms) {
    return listeners.flatMap(
        there ->
            terms.listeners().stream()
                .filter(name -> !there.containsKey(name))
                .findFirst()
                .map(
                    name ->
                        Answer.no(
                            Answer.USAGE,
                            "nothing was changed",
                            "there is no listener \"" + name.replaceAll("\\p{Cntrl}", "?") + "\"",
                            "there are: " + String.join(", ", new TreeSet<>(there.keySet())))));
  }

  /** What is still missing before it is of use. */
  Optional<String> note(Account account, Credential.Kind kind, boolean secret, Terms terms) {
    if (kind == Credential.Kind.DEVICE && !secret && listeners.isPresent() && !reached(terms)) {
      return Optional.of(
          "no listener has plain-auth-from with this network, so it cannot send yet;"
              + " see: heddle config explain listener.NAME.plain-auth-from");
    }
    boolean own =
        terms.senders().isEmpty()
            || terms.senders().stream()
                .anyMatch(s -> account.addresses().stream().anyMatch(a -> is(a, s)));
    return own
        ? Optional.empty()
        : Optional.of(account.name() + " has no such address, so it can send as nobody");
  }

  private static boolean is(String address, String pattern) {
    return pattern.startsWith("@") ? address.endsWith(pattern) : address.equals(pattern);
  }

  /** The listeners at which a device of these networks may send: {@code office, security none}. */
  List<String> devicesAt(Terms terms) {
    return listeners.orElse(Map.of()).entrySet().stream()
        .filter(e -> terms.listeners().isEmpty() || terms.listeners().contains(e.getKey()))
        .filter(
            e ->
                e.getValue().plainAuthFrom().stream()
                    .anyMatch(from -> terms.networks().stream().anyMatch(n -> meet(from, n))))
        .map(e -> e.getKey() + ", security " + security(e.getValue()))
        .toList();
  }

  private static String security(ListenerConfig listener) {
    return switch (listener.tls()) {
      case IMPLICIT -> "TLS";
      case STARTTLS -> "none or STARTTLS";
      case NONE -> "none";
    };
  }

  private boolean reached(Terms terms) {
    return listeners.orElseThrow().entrySet().stream()
        .filter(e -> terms.listeners().isEmpty() || terms.listeners().contains(e.getKey()))
        .map(e -> e.getValue().plainAuthFrom())
        .flatMap(Collection::stream)
        .anyMatch(from -> terms.networks().stream().anyMatch(n -> meet(from, n)));
  }

  private static boolean meet(Network one, Network other) {
    return one.contains(other.address()) || other.contains(one.address());
  }
}
