package heddle.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import heddle.config.Condition;
import heddle.config.Operator;
import heddle.mail.Mailbox;
import heddle.mail.Recipient;
import heddle.spool.Ticket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
  private static Route hold(String name) {
    return new Route.Hold(name, "");
  }

  private static Ticket ticket(String sender, long size) {
    return Reports.entry(Reports.envelope(sender, Recipient.of(Mailbox.of("x@y.example"))), size)
        .ticket();
  }

  @ParameterizedTest(name = "{0} {1} {2}: {3}")
  @CsvSource({
    "recipient-domain, EQ, example.net,       true",
    "recipient-domain, EQ, EXAMPLE.net,       true",
    "recipient-domain, EQ, xn--bcher-kva.de,  false",
    "recipient-domain, ENDS_WITH, .net,       true",
    "recipient,        EQ, bob@example.net,   true",
    "recipient,        STARTS_WITH, bob@,     true",
    "sender,           EQ, ann@example.org,   true",
    "sender-domain,    NE, example.org,       false",
    "listener,         EQ, submission,        true",
    "authenticated-as, EQ, ann@example.org,   false",
    "authenticated-as, NE, ann@example.org,   true",
    "size,             GT, 99,                true",
    "size,             GT, 100,               false",
  })
  void what_a_rule_can_ask(String key, Operator operator, String value, boolean holds) {
    var router =
        new Router(
            List.of(new Router.Rule(new Condition(key, operator, List.of(value)), hold("rule"))),
            hold("default"));
    Route taken =
        router.route(ticket("ann@example.org", 100), Recipient.of(Mailbox.of("Bob@Example.net")));
    assertEquals(holds ? "rule" : "default", taken.name());
  }

  @Test
  void the_first_rule_that_holds_decides_and_nobody_has_no_sender() {
    var nobody = new Condition("sender", Operator.NE, List.of("ann@example.org"));
    var all = new Condition("recipient", Operator.MATCHES, List.of(".*"));
    var router =
        new Router(
            List.of(new Router.Rule(nobody, hold("one")), new Router.Rule(all, hold("two"))),
            hold("default"));
    Recipient bob = Recipient.of(Mailbox.of("bob@example.net"));
    assertEquals("one", router.route(ticket("", 1), bob).name());
    assertEquals("two", router.route(ticket("ann@example.org", 1), bob).name());
  }
}
