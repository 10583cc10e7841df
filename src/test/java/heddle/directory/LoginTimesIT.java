package heddle.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Octets;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Salt;
import heddle.sasl.ScramHash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A name that nobody has cannot be told from one that somebody has: not by what is answered, and
 * not by the time it takes. A thousand tries of each, in turn; the halves of one kind among
 * themselves say what is noise.
 */
@Tag("E8")
class LoginTimesIT {
  private static final int TRIES = 1000;

  /** Cheap enough for thousands, and dear enough that leaving it out would show at once. */
  private static final Argon2id.Cost COST = new Argon2id.Cost(2048, 1, 1);

  @TempDir static Path home;
  private static House house;

  @BeforeAll
  static void open() throws Exception {
    house = new House(home, new HashWorkers(2, 1000, Duration.ofSeconds(30)), COST, "example.org");
    house.add("anna@example.org", "correct horse");
    house.add("disabled@example.org", "correct horse");
    house.accounts.disable("disabled@example.org", "test");
    new BulkEnrolment(house.accounts, house.passwords)
        .take("1\timported@example.org\t\t{SSHA}iZTNhdkTlkndwpTEBK6w2HdPSnLsvm75", Set.of());
  }

  @AfterAll
  static void close() {
    house.close();
  }

  /** The middle of the times of each kind, in microseconds, taken in random order. */
  private static double[] middles(List<Callable<String>> kinds) throws Exception {
    List<List<Long>> times = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    for (int kind = 0; kind < kinds.size(); kind++) {
      times.add(new ArrayList<>());
      order.addAll(java.util.Collections.nCopies(TRIES + TRIES / 5, kind));
    }
    java.util.Collections.shuffle(order, new Random(4616));
    String answer = kinds.getFirst().call();
    int warm = kinds.size() * TRIES / 5;
    for (int i = 0; i < order.size(); i++) {
      Callable<String> one = kinds.get(order.get(i));
      long began = System.nanoTime();
      String said = one.call();
      long took = System.nanoTime() - began;
      assertEquals(answer, said);
      if (i >= warm) {
        times.get(order.get(i)).add(took);
      }
    }
    return times.stream()
        .mapToDouble(t -> t.stream().sorted().skip(t.size() / 2).findFirst().orElseThrow() / 1e3)
        .toArray();
  }

  private static void alike(String what, double[] middles) {
    double least = Double.MAX_VALUE;
    double most = 0;
    for (double each : middles) {
      least = Math.min(least, each);
      most = Math.max(most, each);
    }
    System.out.printf("%s: %s µs%n", what, java.util.Arrays.toString(middles));
    assertTrue(most < 1.2 * least + 5, what + ": " + java.util.Arrays.toString(middles));
  }

  /** What the client hears; the log knows more. */
  private static String told(Decision decision) {
    return ((Decision.Reject) decision).words().reply().toString();
  }

  private static String password(String name) throws Exception {
    return told(house.login(name, "wrong"));
  }

  @Test
  void by_a_password() throws Exception {
    alike(
        "known, unknown, unknown and foreign, disabled, imported with a cheap hash",
        middles(
            List.of(
                () -> password("anna@example.org"),
                () -> password("nobody@example.org"),
                () -> password("nobody@example.net"),
                () -> password("disabled@example.org"),
                () -> password("imported@example.org"))));
  }

  private static String scram(String name) throws Exception {
    Salt salt = house.directory.salt(name, ScramHash.SHA_256);
    Decision decision =
        house.directory.check(
            new Claim.Scram(
                name,
                name,
                Optional.empty(),
                ScramHash.SHA_256,
                Octets.ofUtf8("n=x,r=y,r=yz,s=" + salt.salt().base64() + ",i=4096,c=biws,r=yz"),
                Octets.of(new byte[32])),
            House.attempt("198.51.100.7"));
    return told(decision) + " " + salt.iterations() + " " + salt.salt().size();
  }

  @Test
  void by_a_proof() throws Exception {
    alike(
        "SCRAM, known, unknown, and imported without keys",
        middles(
            List.of(
                () -> scram("anna@example.org"),
                () -> scram("nobody@example.org"),
                () -> scram("imported@example.org"))));
  }
}
