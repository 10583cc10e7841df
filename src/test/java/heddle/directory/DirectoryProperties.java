package heddle.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.event.Event;
import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.sasl.Attempt;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Refusals;
import heddle.store.Accounts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

class DirectoryProperties {
  private static Path home;
  private static Accounts nobody;
  private static StoreKey key;

  @BeforeContainer
  static void an_empty_house() throws Exception {
    home = Files.createTempDirectory("heddle");
    nobody = Accounts.open(home.resolve("heddle.db"), InstantSource.system());
    key = StoreKey.open(home.resolve("store.key"));
  }

  @AfterContainer
  static void torn_down() throws Exception {
    nobody.close();
    try (var files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** A law that never met one of its rooms would be no law. */
  private static void visited(String room, String... rooms) {
    Statistics.collect(room);
    Statistics.coverage(
        seen -> {
          for (String each : rooms) {
            seen.check(each).count(n -> n > 50);
          }
        });
  }

  // ---- names
  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> odd =
        Arbitraries.of(
            "J\u030c", "\u0130", "\u212a", "\u00df", "\u03a3", "e\u0301", "\u1e9e", "\ufb01");
    Arbitrary<String> letters = Arbitraries.strings().withCharRange('!', '\u024f').ofMaxLength(12);
    Arbitrary<String> any = Arbitraries.strings().ofMaxLength(6);
    Arbitrary<String> local =
        Combinators.combine(letters, odd, any)
            .as((l, o, a) -> l + o + a)
            .list()
            .ofMaxSize(2)
            .map(parts -> String.join("", parts));
    Arbitrary<String> plain = Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(9);
    Arbitrary<String> domain =
        Arbitraries.of(
            "", "@example.org", "@B\u00dccher.Example", "@xn--bcher-kva.example", "@x@y");
    return Combinators.combine(Arbitraries.oneOf(local, plain, odd), domain).as((l, d) -> l + d);
  }

  @Property(tries = 3000)
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void a_normal_form_is_its_own(@ForAll("names") String name) {
    Optional<String> normal = LoginName.normal(name);
    visited(normal.isPresent() ? "normal" : "refused", "normal", "refused");
    normal.ifPresent(
        n -> {
          assertEquals(normal, LoginName.normal(n));
          assertTrue(n.getBytes(StandardCharsets.UTF_8).length <= 255);
        });
  }

  // ---- passwords

  @Property(tries = 2000)
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void preparing_twice_is_preparing_once(@ForAll("secrets") byte[] given) {
    boolean possible = given.length > 0 && octets(given).indexOf('\0') < 0;
    Optional<PreparedPassword> once = PreparedPassword.of(Secret.of(given));
    assertEquals(possible, once.isPresent());
    if (once.isPresent()) {
      byte[] first = once.get().octets().use(byte[]::clone);
      visited(once.get().prepared() ? "prepared" : "raw", "prepared", "raw");
      if (once.get().prepared()) {
        PreparedPassword again = PreparedPassword.of(Secret.of(first)).orElseThrow();
        assertTrue(again.prepared() && again.octets().use(b -> Arrays.equals(b, first)));
      } else {
        assertTrue(Arrays.equals(given, first), "what SASLprep refuses stays as it came");
      }
    }
  }

  private static String octets(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Provide
  Arbitrary<byte[]> secrets() {
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(12);
    Arbitrary<byte[]> text =
        Arbitraries.oneOf(
                Arbitraries.strings().withCharRange(' ', '\u017f').ofMaxLength(12),
                Arbitraries.of("\u2168", "I\u00adX", "\u00aa", "\u00a0", "\u0627\u0031", "\u00ad"))
            .map(s -> s.getBytes(StandardCharsets.UTF_8));
    return Arbitraries.oneOf(noise, text);
  }

  // ---- seals
  @Property(tries = 500)
  void a_seal_opens_as_it_was_and_after_any_change_not_at_all(
      @ForAll @Size(max = 80) byte[] plain,
      @ForAll String bound,
      @ForAll int where,
      @ForAll byte change) {
    Octets sealed = key.seal(Octets.of(plain), bound);
    assertEquals(Optional.of(Octets.of(plain)), key.unseal(sealed, bound));
    assertEquals(Optional.empty(), key.unseal(sealed, bound + "x"));
    byte[] touched = sealed.toArray();
    touched[Math.floorMod(where, touched.length)] ^= (byte) (change == 0 ? 1 : change);
    assertEquals(Optional.empty(), key.unseal(Octets.of(touched), bound));
    int cut = Math.floorMod(where, sealed.size());
    assertEquals(Optional.empty(), key.unseal(sealed.slice(0, cut), bound));
  }

  // ---- the chain
  private enum Says {
    YES,
    UNKNOWN,
    WRONG,
    DOWN,
    BROKEN,
    PASS,
    ASKS
  }

  private static Directory saying(Says says, List<Says> asked) {
    return new Directory() {
      @Override
      public Set<Class<? extends Claim>> proves() {
        return Set.of(Claim.Password.class);
      }

      @Override
      public Decision check(Claim claim, Attempt attempt) {
        asked.add(says);
        return switch (says) {
          case YES ->
              new Decision.Accept(
                  new Identity("a", "a", "a", Optional.empty(), "remote", "PLAIN", Set.of()));
          case UNKNOWN -> new Decision.Reject(Refusals.UNKNOWN);
          case WRONG -> new Decision.Reject(Refusals.WRONG);
          case DOWN -> new Decision.Defer(Refusals.UNAVAILABLE);
          case BROKEN -> throw new IllegalStateException("it broke");
          case PASS -> new Decision.Pass("not mine");
          case ASKS -> new Decision.Reply(Octets.EMPTY, a -> new Decision.Pass(""));
        };
      }
    };
  }

  private record Entry(Says says, Chain.OnFailure failure, Chain.OnUnavailable unavailable) {}

  @Provide
  Arbitrary<List<Entry>> lists() {
    return Combinators.combine(
            Arbitraries.of(Says.class),
            Arbitraries.of(Chain.OnFailure.class),
            Arbitraries.of(Chain.OnUnavailable.class))
        .as(Entry::new)
        .list()
        .ofMaxSize(5);
  }

  @Property(tries = 3000)
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void a_no_is_told_only_after_a_definite_no_with_nobody_unavailable(
      @ForAll("lists") List<Entry> entries) {
    var asked = new ArrayList<Says>();
    var told = new ArrayList<Event>();
    var members =
        entries.stream()
            .map(e -> new Chain.Member("x", saying(e.says(), asked), e.failure(), e.unavailable()))
            .toList();
    var chain =
        new Chain(members, new Admission(nobody, InstantSource.system(), _ -> false), told::add);
    Decision end =
        chain.check(new Claim.Password("a", "a", Secret.ofUtf8("p")), House.attempt("::1"));
    visited(House.verdict(end).split(" ")[0], "accept", "reject", "defer");
    boolean down =
        asked.contains(Says.DOWN) || asked.contains(Says.BROKEN) || asked.contains(Says.ASKS);
    boolean definite = asked.contains(Says.UNKNOWN) || asked.contains(Says.WRONG);
    switch (end) {
      case Decision.Accept a -> {
        assertEquals(Says.YES, asked.getLast());
      }
      case Decision.Reject r -> {
        assertTrue(definite && !down, asked.toString());
        assertEquals(asked.contains(Says.WRONG), r.words().equals(Refusals.WRONG));
      }
      case Decision.Defer d -> {
        assertTrue(down || !definite, asked.toString());
      }
      default -> throw new AssertionError(end);
    }
    long broken = asked.stream().filter(s -> s == Says.BROKEN || s == Says.ASKS).count();
    assertEquals(broken, told.size());
    for (int i = 0; i + 1 < asked.size(); i++) {
      boolean stops =
          asked.get(i) == Says.YES
              || asked.get(i) == Says.WRONG && entries.get(i).failure() == Chain.OnFailure.STOP;
      assertTrue(!stops, "asked on after " + asked);
    }
  }
}
