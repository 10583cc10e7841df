package heddle.app;

import heddle.config.HeddleConfig;
import heddle.config.ListenerConfig;
import heddle.config.RouteConfig;
import heddle.delivery.MaildirDelivery;
import heddle.delivery.NextHop;
import heddle.delivery.Route;
import heddle.delivery.Router;
import heddle.dial.Credentials;
import heddle.dial.Dialer;
import heddle.dial.Manner;
import heddle.dial.Patience;
import heddle.dial.Security;
import heddle.dial.Target;
import heddle.dns.Names;
import heddle.event.Events;
import heddle.mail.Domain;
import heddle.mail.Id;
import heddle.smtp.Extension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** From the tables {@code [route.NAME]} to routes. */
final class Routes {
  private static final String DEFAULT = "default";
  private final Home home;
  private final HeddleConfig config;
  private final Domain hostname;
  private final Id mark;
  private final Events events;

  /**
   * @param mark what this server says of itself in its answer to EHLO
   */
  Routes(Home home, HeddleConfig config, Domain hostname, Id mark, Events events) {
    this.home = home;
    this.config = config;
    this.hostname = hostname;
    this.mark = mark;
    this.events = events;
  }

  /** Whether mail is handed to other servers, so that a route may lead back here. */
  static boolean leadOut(HeddleConfig config) {
    return config.route().values().stream().anyMatch(r -> r.to() == RouteConfig.Kind.SMARTHOST);
  }

  /** In the order of the file. */
  Router router() throws Refused {
    List<Router.Rule> rules = new ArrayList<>();
    Route otherwise = new Route.Hold(DEFAULT, "the route is hold");
    var dialer = new Dialer(Names.system());
    for (var each : config.route().entrySet()) {
      Route route = route(each.getKey(), each.getValue(), dialer);
      if (each.getKey().equals(DEFAULT)) {
        otherwise = route;
      }
      each.getValue().when().ifPresent(when -> rules.add(new Router.Rule(when, route)));
    }
    return new Router(rules, otherwise);
  }

  /** As {@link #router}, and lets all of it go again. */
  void check() throws Refused {
    for (var each : config.route().entrySet()) {
      var password = each.getValue().password();
      if (password.isPresent()) {
        try (var secret = new Secrets(home).open(password.get())) {
          if (secret.isEmpty()) {
            throw new IOException("it is empty");
          }
        } catch (IOException missing) {
          throw new Refused(
              ConfigDesk.REFUSED,
              "route " + each.getKey() + " cannot log in: its password is not to be had",
              password.get() + ": " + missing.getMessage(),
              "put it there, readable by the server's user alone");
        }
      }
    }
    router().close();
  }

  private Route route(String name, RouteConfig route, Dialer dialer) throws Refused {
    return switch (route.to()) {
      case HOLD -> new Route.Hold(name, "the route is hold");
      case MAILDIR ->
          new Route.Maildir(
              name, new MaildirDelivery(home.resolve(route.path().orElse("var/mail"))));
      case SMARTHOST -> new Route.Smarthost(name, hop(name, route, dialer));
      case MX ->
          new Route.Hold(name, "this version does not deliver to mail exchangers by itself yet");
    };
  }

  private NextHop hop(String name, RouteConfig route, Dialer dialer) throws Refused {
    var manner =
        new Manner(
            hostname.ascii(),
            credentials(route),
            Patience.RFC_5321,
            hello ->
                hello
                    .extensions()
                    .all()
                    .getOrDefault(Extension.MARK, List.of())
                    .contains(mark.value()));
    return new NextHop(
        name,
        dialer,
        target(name, route),
        manner,
        NextHop.Settings.of(route.connectionsOrDefault()),
        events);
  }

  private Credentials credentials(RouteConfig route) {
    if (route.username().isPresent() && route.password().isPresent()) {
      var source = route.password().get();
      return new Credentials.Password(route.username().get(), () -> new Secrets(home).open(source));
    }
    return route.certificate().isPresent() ? new Credentials.Certificate() : new Credentials.None();
  }

  private Target target(String name, RouteConfig route) throws Refused {
    String host =
        route
            .address()
            .orElseThrow(() -> new IllegalStateException("a smarthost has an address"))
            .name();
    var files = new TlsFiles(home, "route " + name);
    return new Target(
        host,
        route.portOrDefault(),
        security(route.tlsOrDefault()),
        files.trust(route.pin(), route.ca(), route.allowInvalidCerts().orElse(false)),
        files.ourKey(route.certificate(), route.key()));
  }

  private static Security security(ListenerConfig.Mode mode) {
    return switch (mode) {
      case IMPLICIT -> Security.IMPLICIT;
      case STARTTLS -> Security.STARTTLS;
      case NONE -> Security.NONE;
    };
  }
}
