package heddle.delivery;

import heddle.config.Condition;
import heddle.config.Facts;
import heddle.mail.Domain;
import heddle.mail.Mailbox;
import heddle.mail.Path;
import heddle.mail.Recipient;
import heddle.spool.Ticket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which route a recipient's copy takes: the first rule that holds, else the last resort. A value.
 */
public record Router(List<Rule> rules, Route otherwise) {
  /** If the condition holds, then the route. */
  public record Rule(Condition when, Route to) {}

  public Router {
    rules = List.copyOf(rules);
  }

  /** One route for everything. */
  public static Router of(Route only) {
    return new Router(List.of(), only);
  }

  Route route(Ticket ticket, Recipient recipient) {
    Facts facts = key -> fact(key, ticket, recipient);
    for (Rule rule : rules) {
      if (rule.when().holds(facts)) {
        return rule.to();
      }
    }
    return otherwise;
  }

  /** All there are, the last resort last. */
  List<Route> routes() {
    var all = new ArrayList<Route>();
    rules.forEach(rule -> all.add(rule.to()));
    all.add(otherwise);
    return all;
  }

  /** Says goodbye to every next hop. */
  public void close() {
    for (Route route : routes()) {
      if (route instanceof Route.Smarthost smarthost) {
        smarthost.hop().close();
      }
    }
  }

  private static Optional<String> fact(String key, Ticket ticket, Recipient recipient) {
    return switch (key) {
      case "recipient" -> Optional.of(recipient.mailbox().normal());
      case "recipient-domain" -> Optional.of(recipient.mailbox().domain().ascii());
      case "sender" -> sender(ticket).map(Mailbox::normal);
      case "sender-domain" -> sender(ticket).map(Mailbox::domain).map(Domain::ascii);
      case "listener" -> Optional.of(ticket.listener());
      case "authenticated-as" -> ticket.submitter().map(Ticket.Submitter::authz);
      case "size" -> Optional.of(Long.toString(ticket.size()));
      default -> Optional.empty();
    };
  }

  private static Optional<Mailbox> sender(Ticket ticket) {
    return switch (ticket.envelope().sender()) {
      case Path.Somebody somebody -> Optional.of(somebody.mailbox());
      case Path.Nobody _ -> Optional.empty();
    };
  }
}
