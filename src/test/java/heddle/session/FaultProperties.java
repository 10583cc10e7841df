package heddle.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The model of {@link ExchangeProperties} finds every one of the faults, and soon. */
class FaultProperties {
  private static final int TRIES = 2_000;
  private static final Map<Fault, Integer> FOUND = new EnumMap<>(Fault.class);
  private static Site site;

  @BeforeContainer
  static void open() throws Exception {
    site = Site.open();
  }

  @AfterContainer
  static void close() {
    site.close();
    FOUND.forEach((fault, tries) -> System.out.println(fault + ": found at exchange " + tries));
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void the_model_finds_it(@ForAll Fault fault) throws IOException {
    int tries = triesUntilFound(fault::step, TRIES);
    FOUND.put(fault, tries);
    assertTrue(tries <= TRIES, fault + " was not found");
  }

  @Property(tries = 1)
  void without_a_fault_it_finds_none() throws IOException {
    assertTrue(triesUntilFound(AuthStep::new, TRIES / 4) > TRIES / 4);
  }

  private static int triesUntilFound(Logins logins, int most) throws IOException {
    var random = new Random(4954);
    var exchanges = Exchange.any().generator(1000);
    try (var door = site.door(logins);
        var conversation = Conversation.through(door)) {
      for (int i = 1; i <= most; i++) {
        try {
          conversation.play(exchanges.next(random).value());
        } catch (AssertionError found) {
          return i;
        }
      }
    }
    return most + 1;
  }
}
