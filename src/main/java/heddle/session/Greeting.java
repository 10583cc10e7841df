package heddle.session;

import heddle.sasl.Identity;
import heddle.smtp.Extension;
import heddle.smtp.Offer;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** EHLO and HELO: who the client says it is, and what it may use here. */
final class Greeting {
  private final Surroundings around;
  private final Manners manners;
  private final AuthStep auth;
  private final Transport transport;
  private final boolean canSecure;
  private final BooleanSupplier tells;
  private final Function<String, Optional<Identity>> devices;

  /**
   * @param canSecure the listener has STARTTLS
   * @param tells the client may tell of others
   * @param devices who sends from where the client is without logging in
   */
  Greeting(
      Surroundings around,
      Manners manners,
      AuthStep auth,
      Transport transport,
      boolean canSecure,
      BooleanSupplier tells,
      Function<String, Optional<Identity>> devices) {
    this.around = around;
    this.manners = manners;
    this.auth = auth;
    this.transport = transport;
    this.canSecure = canSecure;
    this.tells = tells;
    this.devices = devices;
  }

  /** RFC 5321 §4.1.4: EHLO ends a transaction; RFC 4954 lets a login stand. */
  Step answer(Phase.Hello hello, Phase before) {
    var greeted = new Phase.Greeted(hello);
    Optional<Identity> who = before.loggedIn();
    Phase next =
        who.<Phase>map(in -> new Phase.Ready(greeted, new Sender.LoggedIn(in)))
            .orElseGet(() -> stranger(greeted));
    String name = around.hostname().toString();
    String client = transport.client().ip();
    if (!hello.extended()) {
      return Step.stay(Extension.plainGreeting(name, client), next);
    }
    boolean secured = transport.tls().isPresent();
    var offer =
        new Offer(
            manners.maxMessageSize(),
            canSecure && !secured,
            who.isPresent() ? List.of() : auth.offered(),
            manners.maxRecipients(),
            tells.getAsBoolean(),
            around.mark());
    return Step.stay(Extension.greeting(name, client, offer), next);
  }

  /** A device is known by where it is; anybody else may send where no login is required. */
  private Phase stranger(Phase.Greeted greeted) {
    Optional<Identity> device =
        manners.devices() ? devices.apply(greeted.hello().name()) : Optional.empty();
    return device
        .<Phase>map(who -> new Phase.Ready(greeted, new Sender.Device(who)))
        .orElseGet(
            () -> manners.requireLogin() ? greeted : new Phase.Ready(greeted, new Sender.Guest()));
  }
}
