package heddle.store;

import heddle.peer.Network;
import heddle.sasl.Terms;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The terms of a credential as columns: a line for each member, nothing where nothing is said. */
final class TermsText {
  private TermsText() {}

  static Terms terms(
      @Nullable String networks,
      @Nullable String listeners,
      @Nullable String senders,
      @Nullable String recipients,
      @Nullable Integer perDay)
      throws SQLException {
    List<Network> read = new ArrayList<>();
    for (String network : members(networks)) {
      // A restriction that cannot be read must not become none.
      read.add(
          Network.parse(network)
              .orElseThrow(() -> new SQLException("a credential has no network " + network)));
    }
    return new Terms(
        read,
        Set.copyOf(members(listeners)),
        Set.copyOf(members(senders)),
        Set.copyOf(members(recipients)),
        perDay == null ? OptionalInt.empty() : OptionalInt.of(perDay));
  }

  private static List<String> members(@Nullable String lines) {
    return Optional.ofNullable(lines).map(l -> l.lines().toList()).orElse(List.of());
  }

  static @Nullable String networks(Terms terms) {
    return lines(terms.networks().stream().map(Network::toString).toList());
  }

  static @Nullable String lines(Collection<String> members) {
    return members.isEmpty() ? null : String.join("\n", members);
  }
}
