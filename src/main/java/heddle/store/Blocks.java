package heddle.store;

import heddle.peer.Network;
import heddle.peer.RemoteAddress;
import java.net.InetAddress;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/** Whom an administrator has shut out: on disk, and whole in memory. Safe to share. */
public final class Blocks {
  /**
   * One of them.
   *
   * @param subject {@code user:NAME} in normal form, or a network
   * @param actor who said so
   * @param expires from this moment on it is over; empty: never
   */
  public record Block(
      String subject, String reason, String actor, Instant created, Optional<Instant> expires) {
    boolean over(Instant now) {
      return expires.isPresent() && !now.isBefore(expires.get());
    }
  }

  /** What is blocked, by what is looked for. */
  private record State(Map<String, Block> bySubject, Set<Integer> prefixes) {}

  private final Writer writer;
  private final InstantSource clock;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile State state = new State(Map.of(), Set.of());

  Blocks(Writer writer, InstantSource clock) throws StoreUnavailable {
    this.writer = writer;
    this.clock = clock;
    List<Block> read = new ArrayList<>();
    writer.ask(
        c -> {
          try (var statement = c.createStatement();
              var rows =
                  statement.executeQuery(
                      "SELECT subject, reason, actor, created, expires FROM block")) {
            while (rows.next()) {
              read.add(
                  new Block(
                      rows.getString(1),
                      rows.getString(2),
                      rows.getString(3),
                      Instant.parse(rows.getString(4)),
                      Optional.ofNullable(rows.getString(5)).map(Instant::parse)));
            }
          }
          return read.size();
        });
    publish(read);
  }

  private void publish(List<Block> blocks) {
    Map<String, Block> bySubject = new HashMap<>();
    Set<Integer> prefixes = new TreeSet<>();
    for (Block block : blocks) {
      bySubject.put(block.subject(), block);
      Network.parse(block.subject()).ifPresent(n -> prefixes.add(n.prefix()));
    }
    state = new State(Map.copyOf(bySubject), Set.copyOf(prefixes));
  }

  /** What is in force now, in no order. */
  public List<Block> all() {
    Instant now = clock.instant();
    return state.bySubject().values().stream().filter(b -> !b.over(now)).toList();
  }

  /** Whether a name is shut out, in normal form. */
  public Optional<Block> ofUser(String name) {
    return inForce("user:" + name);
  }

  /** The block of a network that the address is in. */
  public Optional<Block> ofAddress(InetAddress address) {
    State now = state;
    InetAddress plain = RemoteAddress.unmapped(address);
    int bits = plain.getAddress().length * 8;
    return now.prefixes().stream()
        .filter(prefix -> prefix <= bits)
        .flatMap(prefix -> inForce(new Network(plain, prefix).toString()).stream())
        .findFirst();
  }

  private Optional<Block> inForce(String subject) {
    return Optional.ofNullable(state.bySubject().get(subject))
        .filter(b -> !b.over(clock.instant()));
  }

  /** Told of each new block, once it is in force; must be quick. */
  public void onAdded(Runnable listener) {
    listeners.add(listener);
  }

  /** In place of an older one of the same subject. What is over is forgotten on the way. */
  public void add(Block block) throws StoreUnavailable {
    Instant now = clock.instant();
    writer.ask(
        c -> {
          List<Block> kept = new ArrayList<>();
          for (Block each : state.bySubject().values()) {
            if (each.over(now) || each.subject().equals(block.subject())) {
              delete(c, each.subject());
            } else {
              kept.add(each);
            }
          }
          try (PreparedStatement insert =
              c.prepareStatement(
                  "INSERT INTO block (subject, reason, actor, created, expires)"
                      + " VALUES (?,?,?,?,?)")) {
            insert.setString(1, block.subject());
            insert.setString(2, block.reason());
            insert.setString(3, block.actor());
            insert.setString(4, block.created().toString());
            insert.setString(5, block.expires().map(Instant::toString).orElse(null));
            insert.executeUpdate();
          }
          c.commit();
          kept.add(block);
          publish(kept);
          return kept.size();
        });
    listeners.forEach(Runnable::run);
  }

  /** Whether there was such a block. */
  public boolean remove(String subject) throws StoreUnavailable {
    return writer.ask(
        c -> {
          List<Block> kept = new ArrayList<>(state.bySubject().values());
          boolean there = kept.removeIf(b -> b.subject().equals(subject));
          delete(c, subject);
          c.commit();
          publish(kept);
          return there;
        });
  }

  private static void delete(java.sql.Connection c, String subject) throws java.sql.SQLException {
    try (PreparedStatement delete = c.prepareStatement("DELETE FROM block WHERE subject=?")) {
      delete.setString(1, subject);
      delete.executeUpdate();
    }
  }
}
