package heddle.session;

import heddle.sasl.Identity;
import heddle.smtp.Extension;
import heddle.smtp.Offer;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** EHLO and HELO: who the client says it is, and what it may use here. */
final class Greeting {
  private final Surroundings around;
  private final Manners manners;
  private final AuthStep auth;
  private final Transport transport;
  private final boolean canSecure;
  private final BooleanSupplier tells;

  /**
   * @param canSecure the listener has STARTTLS
   * @param tells the client may tell of others
   */
  Greeting(
      Surroundings around,
      Manners manners,
      AuthStep auth,
      Transport transport,
      boolean canSecure,
      BooleanSupplier tells) {
    this.around = around;
    this.manners = manners;
    this.auth = auth;
    this.transport = transport;
    this.canSecure = canSecure;
    this.tells = tells;
  }

  /** RFC 5321 §4.1.4: EHLO ends a transaction; RFC 4954 lets a login stand. */
  Step answer(Phase.Hello hello, Phase before) {
    var greeted = new Phase.Greeted(hello);
    Optional<Identity> who = before.who();
    Phase next =
        who.<Phase>map(in -> new Phase.Ready(greeted, new Sender.LoggedIn(in)))
            .orElseGet(
                () ->
                    manners.requireLogin()
                        ? greeted
                        : new Phase.Ready(greeted, new Sender.Guest()));
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
}
