package heddle.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.lifecycle.AfterContainer;

class ConfigProperties {
  private static final AtomicInteger VALID = new AtomicInteger();
  private static final AtomicInteger INVALID = new AtomicInteger();
  private static final AtomicInteger HELD = new AtomicInteger();
  private static final AtomicInteger NOT_HELD = new AtomicInteger();

  @AfterContainer
  static void both_rooms_were_visited() {
    assertTrue(VALID.get() > 20 && INVALID.get() > 20, VALID + " valid, " + INVALID + " invalid");
    assertTrue(HELD.get() > 20 && NOT_HELD.get() > 20, HELD + " held, " + NOT_HELD + " did not");
  }

  private static <T> Optional<T> good(Reading<T> reading) {
    return switch (reading) {
      case Reading.Good<T>(var value) -> Optional.of(value);
      case Reading.Bad<T> _ -> Optional.empty();
    };
  }

  @Property
  void a_duration_reads_back_from_its_text(
      @ForAll @LongRange(min = 0, max = 3_000_000_000_000L) long ms) {
    Duration time = Duration.ofMillis(ms);
    assertEquals(Optional.of(time), good(Durations.read(Durations.text(time))));
    assertEquals(Optional.empty(), good(Durations.read("-" + Durations.text(time))));
  }

  @Property
  void a_size_reads_back_from_its_text(@ForAll @LongRange(min = 0) long octets) {
    var size = new heddle.config.Size(octets);
    assertEquals(Optional.of(size), good(heddle.config.Size.read(size.toString())));
  }

  @Property
  void no_text_at_all_makes_a_scalar_reader_throw(@ForAll String text) {
    assertFalse(good(Durations.read(text + "!")).isPresent());
    good(heddle.config.Size.read(text));
    good(Rate.read(text));
    good(Bind.read(text));
    good(Host.read(text));
    good(Regex.read(text));
    Scalars.network(text);
    Nearest.of(text, List.of("listener", "session"));
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.strings().withChars("abAB1").ofMaxLength(3);
  }

  @Property
  void a_negative_operator_is_the_opposite_of_its_positive_one(
      @ForAll("words") String fact,
      @ForAll @Size(min = 1, max = 3) List<@AlphaChars @StringLength(max = 3) String> values) {
    Facts facts = _ -> Optional.of(fact);
    List<String> all = new ArrayList<>(values);
    all.add(fact.length() > 1 ? fact.toUpperCase() : "none");
    var in = new Condition("helo", Operator.IN, all);
    (in.holds(facts) ? HELD : NOT_HELD).incrementAndGet();
    assertEquals(in.holds(facts), !new Condition("helo", Operator.NOT_IN, all).holds(facts));
    var eq = new Condition("helo", Operator.EQ, all.subList(0, 1));
    var ne = new Condition("helo", Operator.NE, all.subList(0, 1));
    assertEquals(eq.holds(facts), !ne.holds(facts));
  }

  @Property
  void of_what_is_not_known_only_the_negative_operators_hold(
      @ForAll Operator operator, @ForAll("words") String value) {
    var condition = new Condition("helo", operator, List.of(value));
    assertEquals(
        operator == Operator.NE || operator == Operator.NOT_IN, condition.holds(Facts.NONE));
  }

  @Property
  void numbers_are_ordered_as_numbers(@ForAll int a, @ForAll int b) {
    Facts facts = _ -> Optional.of(Integer.toString(a));
    List<String> value = List.of(Integer.toString(b));
    assertEquals(a < b, new Condition("local-port", Operator.LT, value).holds(facts));
    assertEquals(a <= b, new Condition("local-port", Operator.LE, value).holds(facts));
    assertEquals(a > b, new Condition("local-port", Operator.GT, value).holds(facts));
    assertEquals(a >= b, new Condition("local-port", Operator.GE, value).holds(facts));
  }

  @Property
  void the_first_rule_that_holds_decides(
      @ForAll @Size(max = 5) List<@AlphaChars @StringLength(min = 1, max = 1) String> names) {
    List<Ruled.Rule<Integer>> rules = new ArrayList<>();
    for (String name : names) {
      rules.add(
          new Ruled.Rule<>(new Condition("listener", Operator.EQ, List.of(name)), rules.size()));
    }
    int expected = -1;
    for (int i = names.size() - 1; i >= 0; i--) {
      expected = names.get(i).equalsIgnoreCase("k") ? i : expected;
    }
    assertEquals(expected, new Ruled<>(rules, -1).value(_ -> Optional.of("k")));
  }

  /** Our patterns agree with those of the JDK wherever both know the pattern. */
  @Property(tries = 2000)
  void a_pattern_matches_what_it_should(
      @ForAll("patterns") String pattern, @ForAll("inputs") String input) {
    good(Regex.read(pattern))
        .ifPresent(
            regex -> {
              boolean expected =
                  java.util.regex.Pattern.compile(pattern, java.util.regex.Pattern.CASE_INSENSITIVE)
                      .matcher(input)
                      .matches();
              (expected ? HELD : NOT_HELD).incrementAndGet();
              assertEquals(expected, regex.matches(input), pattern + " on " + input);
            });
  }

  @Provide
  Arbitrary<String> patterns() {
    Arbitrary<String> atom =
        Arbitraries.of(
            "a", "b", "A", ".", "[ab]", "[^a]", "\\d", "(a|b)", "(?:ab)", "(a*)", "\\w", "(|b)",
            "[a-c1]");
    Arbitrary<String> times = Arbitraries.of("", "", "*", "+", "?", "{2}", "{1,2}", "{0,}");
    Arbitrary<String> part = net.jqwik.api.Combinators.combine(atom, times).as((a, t) -> a + t);
    return part.list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(l -> String.join("", l))
        .flatMap(p -> Arbitraries.of(p, "^" + p + "$", p + "|b", "(" + p + ")+"));
  }

  @Provide
  Arbitrary<String> inputs() {
    return Arbitraries.strings().withChars("abAB1").ofMaxLength(6);
  }

  @Property(tries = 400)
  void a_file_with_any_slip_is_read_or_refused_in_words(@ForAll long seed) {
    var random = new Random(seed);
    String every = Manual.example().replaceAll("(?m)^#   ", "").replaceAll("(?m)^#(?=[^ \n])", "");
    List<String> protocols = List.of("imap", "smtp", "ldap", "http", "dovecot", "sql");
    String full = ManualTest.asked(every, protocols.get(random.nextInt(protocols.size())));
    List<String> lines =
        new ArrayList<>(full.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList());
    lines.remove("path = \"var/mail\"");
    lines.removeIf(
        l -> l.startsWith("introspection") || l.startsWith("client-") || l.startsWith("pin = "));
    lines.replaceAll(l -> l.equals("to = \"hold\"") ? "to = \"smarthost\"" : l);
    for (int slips = random.nextInt(3); slips >= 0; slips--) {
      slip(lines, random);
    }
    switch (ConfigReader.read("heddle.toml", String.join("\n", lines))) {
      case Outcome.Valid(var config, var _) -> {
        VALID.incrementAndGet();
        ConfigWriter.write(config);
      }
      case Outcome.Invalid(var problems) -> {
        INVALID.incrementAndGet();
        assertFalse(problems.isEmpty());
        for (Problem problem : problems) {
          String said = problem.toString();
          assertFalse(said.contains("java.") || said.contains("Exception"), said);
          assertFalse(said.chars().anyMatch(Character::isISOControl), said);
        }
      }
    }
  }

  private static void slip(List<String> lines, Random random) {
    int at = random.nextInt(lines.size());
    var line = new StringBuilder(lines.get(at));
    String noise = "[]{}\"'=.,#\\ \t\0ab19-\u00e9\u201c\n";
    char c = noise.charAt(random.nextInt(noise.length()));
    switch (random.nextInt(6)) {
      case 0 -> line.insert(random.nextInt(line.length() + 1), c);
      case 1 -> line.setCharAt(random.nextInt(Math.max(1, line.length())), c);
      case 2 -> line.deleteCharAt(random.nextInt(Math.max(1, line.length())));
      case 3 -> line.setLength(0);
      case 4 -> line.append('\n').append(lines.get(random.nextInt(lines.size())));
      default -> line.insert(0, "#");
    }
    lines.set(at, line.isEmpty() ? "#" : line.toString());
  }
}
