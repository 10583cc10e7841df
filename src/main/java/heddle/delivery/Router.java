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
import java.util.OptionalLong;

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
    return route(
        new Question(
            recipient.mailbox(),
            ticket.envelope().sender(),
            ticket.listener(),
            ticket.submitter().map(Ticket.Submitter::authz),
            OptionalLong.of(ticket.size())));
  }

  /** What the rules look at. */
  public record Question(
      Mailbox recipient, Path sender, String listener, Optional<String> authz, OptionalLong size) {
    private Optional<String> fact(String key) {
      return switch (key) {
        case "recipient" -> Optional.of(recipient.normal());
        case "recipient-domain" -> Optional.of(recipient.domain().ascii());
        case "sender" -> author().map(Mailbox::normal);
        case "sender-domain" -> author().map(Mailbox::domain).map(Domain::ascii);
        case "listener" -> Optional.of(listener);
        case "authenticated-as" -> authz;
        case "size" ->
            size.isPresent() ? Optional.of(Long.toString(size.getAsLong())) : Optional.empty();
        default -> Optional.empty();
      };
    }

    private Optional<Mailbox> author() {
      return switch (sender) {
        case Path.Somebody somebody -> Optional.of(somebody.mailbox());
        case Path.Nobody _ -> Optional.empty();
      };
    }
  }

  /** The first rule that holds; what is not known yet does not help a rule to hold. */
  public Route route(Question question) {
    Facts facts = question::fact;
    for (Rule rule : rules) {
      if (rule.when().holds(facts)) {
        return rule.to();
      }
    }
    return otherwise;
  }

  /** All there are, the last resort last. */
  public List<Route> routes() {
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
}
