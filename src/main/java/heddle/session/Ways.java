package heddle.session;

import heddle.peer.Presence;
import heddle.sasl.Authenticator;
import heddle.sasl.Claim;
import heddle.sasl.Mechanism;
import heddle.sasl.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The ways to log in of one session: which there are, which are of use, which EHLO names. */
final class Ways {
  private final Surroundings around;
  private final Manners manners;
  private final Supplier<Presence> presence;

  /**
   * A mechanism that the site listed.
   *
   * @param builtIn empty where only the site's hook can speak it
   */
  record Way(String name, Optional<Mechanism> builtIn) {
    /** What the line tells, or nothing at all, is nobody's to relay. */
    private static final Set<String> OWN = Set.of("EXTERNAL", "ANONYMOUS");

    /** Without TLS a device may say these, where the site lets it. */
    private static final Set<String> PLAIN = Set.of("PLAIN", "LOGIN");

    /** What a hook makes of a secret nobody knows: it gets TLS like the others. */
    boolean needsTls() {
      return builtIn.map(Mechanism::needsTls).orElse(true);
    }

    boolean suits(Presence presence) {
      return builtIn.map(m -> m.suits(presence)).orElse(true);
    }

    boolean isFor(Class<? extends Claim> claim) {
      return builtIn.filter(m -> m.claim() == claim).isPresent();
    }

    /** The exchange by whoever decides, where they speak it themselves. */
    Optional<Authenticator> spoken(Verifier verifier) {
      return OWN.contains(name) ? Optional.empty() : verifier.speaks(name);
    }

    /** Whether the built-in mechanism's claims can be proved. */
    Optional<Mechanism> provable(Set<Class<? extends Claim>> proves) {
      return builtIn.filter(m -> proves.contains(m.claim()));
    }
  }

  Ways(Surroundings around, Manners manners, Supplier<Presence> presence) {
    this.around = around;
    this.manners = manners;
    this.presence = presence;
  }

  /** Nobody listens in on TLS, nor on a socket of this machine. */
  boolean secured() {
    return presence.get().tls().isPresent() || presence.get().unix().isPresent();
  }

  /** Whether it may be said as things are: under TLS, or by a device that has none. */
  boolean mayBeSaid(Way way) {
    return secured() || !way.needsTls() || manners.devices() && Way.PLAIN.contains(way.name());
  }

  Verifier verifier() {
    return around.directories().apply(manners.lookup());
  }

  /** Listed by the site, and provable by every directory asked; or a hook is asked first. */
  List<Way> able() {
    boolean hooked = manners.hook().isPresent();
    if (manners.lookup().isEmpty() && !hooked) {
      return List.of();
    }
    Verifier verifier = verifier();
    var proves = verifier.proves();
    List<Way> able = new ArrayList<>();
    for (String name : manners.mechanisms()) {
      var way = new Way(name, around.mechanisms().named(name));
      if (hooked || way.provable(proves).isPresent() || way.spoken(verifier).isPresent()) {
        able.add(way);
      }
    }
    return able;
  }

  /** Of these, those that are of use to this client, and not in need of a TLS that is not there. */
  List<String> offered() {
    Presence now = presence.get();
    boolean hooked = manners.hook().isPresent();
    Verifier verifier = verifier();
    return able().stream()
        .filter(way -> way.suits(now))
        .filter(way -> hooked || !way.isFor(Claim.Present.class) || verifier.mayKnow(now))
        .filter(this::mayBeSaid)
        .map(Way::name)
        .toList();
  }

  /** By the name that a client said; in clear that of one that waits for TLS, too. */
  Optional<Way> named(String mechanism) {
    return able().stream()
        .filter(way -> way.suits(presence.get()) || !secured())
        .filter(way -> way.name().equals(mechanism))
        .findFirst();
  }
}
