package heddle.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/**
 * Every AUTH ends once and as the RFCs say: octets on a TLS connection to a whole server, every
 * mechanism, everything that may go wrong on the way, and a model that knows what must be heard.
 */
class ExchangeProperties {
  private static final int CHAINS = 100;

  /** All in all. */
  private static final int EXCHANGES = Integer.getInteger("heddle.model.exchanges", 2_000);

  private static final int THOUGHTS = 300_000;
  private static final Ledger LEDGER = new Ledger();
  private static Site site;
  private final List<Conversation> conversations = new ArrayList<>();

  @BeforeContainer
  static void open() throws Exception {
    site = Site.open();
  }

  @AfterContainer
  static void close() {
    site.close();
    System.out.println(LEDGER);
    assertEquals(0, site.mistakes());
  }

  @AfterTry
  void hangUp() {
    conversations.forEach(Conversation::close);
    conversations.clear();
  }

  private Conversation begin(Conversation.Door door) {
    var conversation = Conversation.through(door);
    conversations.add(conversation);
    return conversation;
  }

  private static void play(Conversation conversation, Exchange exchange) {
    End end = conversation.play(exchange);
    assertEquals(Optional.empty(), Ledger.impossible(exchange.way(), end), end + " of " + exchange);
    LEDGER.add(exchange.way(), end);
    Statistics.label("ending").collect(end);
  }

  @Provide
  Arbitrary<ActionChain<Conversation>> chains() {
    Action.Independent<Conversation> login =
        () ->
            Exchange.any()
                .map(e -> Transformer.mutate(e.toString(), conversation -> play(conversation, e)));
    return ActionChain.startWith(() -> begin(site.door()))
        .withAction(login)
        .withMaxTransformations(EXCHANGES / CHAINS);
  }

  @Property(tries = CHAINS)
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void every_exchange_ends_as_the_rfcs_say(@ForAll("chains") ActionChain<Conversation> chain) {
    chain.run();
    Statistics.label("ending")
        .coverage(
            c -> {
              for (End each : List.of(End.ACCEPTED, End.REFUSED, End.CANCELLED, End.NOT_BASE64)) {
                c.check(each).count(n -> n >= EXCHANGES / 200);
              }
            });
  }

  /** The table of mechanisms and endings has no empty cell but those that say why. */
  @Property(generation = GenerationMode.EXHAUSTIVE)
  void every_mechanism_ends_in_every_way_that_it_can(@ForAll Way way, @ForAll End end) {
    Assume.that(Ledger.impossible(way, end).isEmpty());
    int times = times(end);
    Exchange exchange = leading(way, end, times);
    var conversation = begin(site.door());
    for (int i = 1; i < times; i++) {
      LEDGER.add(way, conversation.play(exchange));
    }
    assertEquals(end, conversation.play(exchange));
    LEDGER.add(way, end);
  }

  /** Some ends are reached by patience only. */
  private static int times(End end) {
    return switch (end) {
      case TOO_MANY -> 3;
      case TOO_MANY_ERRORS -> 20;
      default -> 1;
    };
  }

  private static Exchange leading(Way way, End end, int times) {
    var random = new Random(4954);
    var generator = Exchange.of(way).generator(1000);
    for (int i = 0; i < THOUGHTS; i++) {
      Exchange exchange = generator.next(random).value();
      try (var thought = Conversation.inThought()) {
        End last = thought.play(exchange);
        for (int j = 1; j < times && !last.closes; j++) {
          last = thought.play(exchange);
        }
        if (last == end) {
          return exchange;
        }
      }
    }
    throw new AssertionError("no exchange of " + way + " leads to " + end);
  }
}
