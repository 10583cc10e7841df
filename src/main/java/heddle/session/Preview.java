package heddle.session;

import heddle.config.Source;
import heddle.peer.Presence;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import heddle.sasl.Mechanism;
import heddle.sasl.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a client would meet at a listener, without one being there: which mechanisms it would be
 * offered, and who would be asked.
 */
public final class Preview {
  /** Whether a mechanism is offered. */
  public enum Offer {
    YES,
    /** Only under TLS, and the client has none yet. */
    WITH_TLS,
    NO
  }

  /**
   * A mechanism that the site listed.
   *
   * @param why it is not offered, in words; empty where it is
   */
  public record Offered(String mechanism, Offer offer, String why) {}

  private static final TlsInfo TLS =
      new TlsInfo("TLSv1.3", "TLS_AES_128_GCM_SHA256", Optional.empty(), false, false);

  private final Surroundings around;
  private final Manners manners;
  private final boolean secured;

  /**
   * @param secured whether the client would have TLS when it logs in
   */
  public Preview(Surroundings around, String listener, RemoteAddress client, boolean secured) {
    this.around = around;
    this.secured = secured;
    this.manners =
        new Manners(
            around.config(),
            key ->
                switch (key) {
                  case "listener" -> Optional.of(listener);
                  case "remote-ip" -> Optional.of(client.ip());
                  case "tls" -> Optional.of(Boolean.toString(secured));
                  default -> Optional.empty();
                });
  }

  /** Whether nobody may send there without a login. */
  public boolean requiresLogin() {
    return manners.requireLogin();
  }

  /** The hook that is asked first. */
  public Optional<String> hook() {
    return manners.hook();
  }

  public List<Source> lookup() {
    return manners.lookup();
  }

  /** Each that the site listed, in its order. */
  public List<Offered> mechanisms() {
    Verifier verifier = around.directories().apply(manners.lookup());
    List<Offered> offered = new ArrayList<>();
    for (String name : manners.mechanisms()) {
      var way = new Ways.Way(name, around.mechanisms().named(name));
      offered.add(judged(way, verifier));
    }
    return offered;
  }

  private Offered judged(Ways.Way way, Verifier verifier) {
    boolean hooked = manners.hook().isPresent();
    boolean able =
        hooked || way.provable(verifier.proves()).isPresent() || way.spoken(verifier).isPresent();
    if (manners.lookup().isEmpty() && !hooked) {
      return new Offered(way.name(), Offer.NO, "nobody is asked here: lookup is false");
    }
    if (!able) {
      return new Offered(way.name(), Offer.NO, unproven(way));
    }
    var presence = new Presence(secured ? Optional.of(TLS) : Optional.empty(), Optional.empty());
    Optional<Mechanism> builtIn = way.builtIn();
    if (builtIn.isPresent() && !builtIn.get().suits(presence)) {
      return new Offered(
          way.name(), secured ? Offer.NO : Offer.WITH_TLS, "it needs a certificate or a binding");
    }
    return way.needsTls() && !secured
        ? new Offered(way.name(), Offer.WITH_TLS, "its secret is never heard in clear")
        : new Offered(way.name(), Offer.YES, "");
  }

  /** Who of those asked cannot prove it. */
  private String unproven(Ways.Way way) {
    List<String> cannot = new ArrayList<>();
    for (Source source : manners.lookup()) {
      Verifier alone = around.directories().apply(List.of(source));
      if (way.provable(alone.proves()).isEmpty()) {
        cannot.add(source.toString());
      }
    }
    return cannot.isEmpty()
        ? "they cannot prove it together"
        : String.join(", ", cannot) + " cannot prove it";
  }
}
