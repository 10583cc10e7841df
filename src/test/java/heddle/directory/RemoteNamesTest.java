package heddle.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Domain;
import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.remote.Asker;
import heddle.remote.Question;
import heddle.remote.Verdict;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.wire.Deadline;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that calls people by other names than they gave, and hashes that nobody can read. */
class RemoteNamesTest {
  private static final String ANNA = "anna@example.org";
  @TempDir private Path home;
  private House house;
  private long now = 1;
  private final Map<String, Verdict> answers = new ConcurrentHashMap<>();
  private final List<Predicate<Identity>> sentHome = new ArrayList<>();
  private volatile boolean keepsHashes;

  @BeforeEach
  void a_house() throws Exception {
    house = new House(home, "example.org");
  }

  @AfterEach
  void closed() {
    house.close();
  }

  private final class Table implements Asker {
    @Override
    public Verdict ask(Question question, Deadline deadline) {
      String password = question.password().use(p -> new String(p, StandardCharsets.UTF_8));
      return answers.getOrDefault(
          question.name() + " " + password, new Verdict.No(Verdict.Why.WRONG));
    }

    @Override
    public boolean keepsHashes() {
      return keepsHashes;
    }

    @Override
    public void close() {}
  }

  private RemoteDirectory directory(boolean localPart) {
    return new RemoteDirectory(
        new RemoteDirectory.Settings(
            "remote/imap",
            2,
            Duration.ofMillis(500),
            localPart,
            List.of(Domain.of("example.org")),
            new RemoteDirectory.Memory(
                1000, Duration.ofDays(1), Duration.ofHours(1), Duration.ofMinutes(5))),
        new Table(),
        house.accounts,
        house.passwords,
        e -> {},
        sentHome::add,
        () -> now);
  }

  private Decision gate(RemoteDirectory directory, String name, String password) throws Exception {
    var attempt = House.attempt("198.51.100.7");
    try (var secret = Secret.ofUtf8(password)) {
      return house.admission.admit(
          directory.check(new Claim.Password(name, name, secret), attempt), attempt);
    }
  }

  /** As Dovecot does, which always names the user: what it was told comes back. */
  @Test
  void a_disabled_user_is_refused_where_the_server_repeats_the_local_part() throws Exception {
    house.add(ANNA, "local");
    house.accounts.disable(ANNA, "gone");
    answers.put("anna right", new Verdict.Yes(Optional.of("anna"), Set.of()));
    assertEquals("reject disabled", House.verdict(gate(directory(true), ANNA, "right")));
  }

  @Test
  void a_blocked_user_is_refused_where_the_server_repeats_the_local_part() throws Exception {
    house.blocked.add(ANNA);
    answers.put("anna right", new Verdict.Yes(Optional.of("anna"), Set.of()));
    assertEquals("reject blocked", House.verdict(gate(directory(true), ANNA, "right")));
  }

  @Test
  void a_user_with_an_account_keeps_it_where_the_server_repeats_the_local_part() throws Exception {
    house.add(ANNA, "local");
    answers.put("anna right", new Verdict.Yes(Optional.of("anna"), Set.of()));
    var yes = (Decision.Accept) gate(directory(true), ANNA, "right");
    assertEquals(Optional.of(ANNA), yes.who().account());
  }

  @Test
  void a_no_behind_a_refresh_ends_sessions_of_the_name_that_the_server_gave() throws Exception {
    var remote = directory(false);
    answers.put(ANNA + " right", new Verdict.Yes(Optional.of("anna.smith@example.org"), Set.of()));
    var in = (Decision.Accept) gate(remote, ANNA, "right");
    answers.put(ANNA + " right", new Verdict.No(Verdict.Why.DISABLED));
    now += Duration.ofMinutes(6).toNanos();
    gate(remote, ANNA, "right");
    for (int i = 0; i < 200 && sentHome.isEmpty(); i++) {
      Thread.sleep(10);
    }
    assertTrue(sentHome.getFirst().test(in.who()), "the session goes on: " + in.who());
  }

  @Test
  void a_hash_that_we_cannot_read_is_no_verdict() throws Exception {
    keepsHashes = true;
    // What Debian's passwd makes since 2021: yescrypt.
    var hash =
        Octets.ofUtf8("$y$j9T$MdZtaVmjXWAhNkCO5v3HC0$WTyvS1vHNXSAvpu4zLVVRrSHjzgvyY0q7aT2zAGxvY0");
    answers.put(ANNA + " right", new Verdict.Kept(Optional.of(hash), Set.of()));
    assertEquals("defer unavailable", House.verdict(gate(directory(false), ANNA, "right")));
  }
}
