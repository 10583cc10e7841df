package heddle.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.event.Event;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of another server's answers, for how long, and what makes it forgotten. */
class RemoteDirectoryTest {
  private static final String ANNA = "anna@example.org";
  @TempDir private Path home;
  private House house;
  private long now = 1;
  private final Map<String, Verdict> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final List<Event> told = new ArrayList<>();
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

  /** Answers from the table, by name and password. */
  private final class Table implements Asker {
    @Override
    public Verdict ask(Question question, Deadline deadline) {
      String password = question.password().use(p -> new String(p, StandardCharsets.UTF_8));
      synchronized (asked) {
        asked.add(question.name() + " " + password);
      }
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

  private RemoteDirectory directory(Asker asker, int entries, boolean localPart) {
    var memory =
        new RemoteDirectory.Memory(
            entries, Duration.ofDays(1), Duration.ofHours(1), Duration.ofMinutes(5));
    return new RemoteDirectory(
        new RemoteDirectory.Settings(
            "remote/imap",
            2,
            Duration.ofMillis(500),
            localPart,
            List.of(Domain.of("example.org")),
            memory),
        asker,
        house.accounts,
        house.passwords,
        told::add,
        sentHome::add,
        () -> now);
  }

  private String login(RemoteDirectory directory, String name, String password) throws Exception {
    return House.verdict(decision(directory, name, name, password));
  }

  private static Decision decision(
      RemoteDirectory directory, String authz, String name, String password) throws Exception {
    try (var secret = Secret.ofUtf8(password)) {
      return directory.check(
          new Claim.Password(authz, name, secret), House.attempt("198.51.100.7"));
    }
  }

  private void after(Duration time) {
    now += time.toNanos();
  }

  private int asked() {
    synchronized (asked) {
      return asked.size();
    }
  }

  private void awaitAsked(int count) throws InterruptedException {
    for (int i = 0; i < 500 && asked() < count; i++) {
      Thread.sleep(10);
    }
    assertEquals(count, asked());
    Thread.sleep(50);
  }

  @Test
  @Tag("B12")
  @Tag("B13")
  void a_yes_and_a_no_are_remembered_for_their_own_times() throws Exception {
    var remote = directory(new Table(), 1000, false);
    answers.put(ANNA + " right", Verdict.Yes.PLAIN);
    assertEquals("accept", login(remote, ANNA, "right"));
    assertEquals("reject badpassword", login(remote, ANNA, "wrong"));
    assertEquals(2, asked());
    after(Duration.ofMinutes(4));
    assertEquals("accept", login(remote, "Anna@Example.ORG", "right"));
    assertEquals("reject badpassword", login(remote, ANNA, "wrong"));
    assertEquals(2, asked());
    after(Duration.ofHours(1));
    assertEquals("reject badpassword", login(remote, ANNA, "wrong"));
    assertEquals(3, asked());
  }

  @Test
  @Tag("B13")
  void an_old_yes_is_answered_at_once_and_asked_again_behind_it() throws Exception {
    var remote = directory(new Table(), 1000, false);
    answers.put(ANNA + " right", Verdict.Yes.PLAIN);
    assertEquals("accept", login(remote, ANNA, "right"));
    after(Duration.ofMinutes(6));
    assertEquals("accept", login(remote, ANNA, "right"));
    awaitAsked(2);
    // It was confirmed, and is young again.
    assertEquals("accept", login(remote, ANNA, "right"));
    assertEquals(2, asked());
    assertEquals(List.of(), sentHome);
  }

  @Test
  @Tag("B13")
  void a_definite_no_behind_it_ends_that_accounts_sessions_and_no_others() throws Exception {
    var remote = directory(new Table(), 1000, false);
    answers.put(ANNA + " right", Verdict.Yes.PLAIN);
    var accept = (Decision.Accept) decision(remote, ANNA, ANNA, "right");
    answers.put(ANNA + " right", new Verdict.No(Verdict.Why.WRONG));
    after(Duration.ofMinutes(6));
    assertEquals("accept", login(remote, ANNA, "right"));
    awaitAsked(2);
    assertEquals(1, sentHome.size());
    assertTrue(sentHome.getFirst().test(accept.who()));
    var bob =
        new Identity(
            "bob@example.org",
            "bob@example.org",
            "bob",
            Optional.empty(),
            "remote/imap",
            "PLAIN",
            Set.of());
    assertFalse(sentHome.getFirst().test(bob));
    assertEquals("reject badpassword", login(remote, ANNA, "right"));
    assertEquals(2, asked());
  }

  @Test
  void while_it_is_not_there_what_is_known_goes_on_counting_and_nothing_new_is() throws Exception {
    var remote = directory(new Table(), 1000, false);
    answers.put(ANNA + " right", Verdict.Yes.PLAIN);
    assertEquals("accept", login(remote, ANNA, "right"));
    answers.put(ANNA + " right", new Verdict.Unavailable("no answer in time"));
    answers.put(ANNA + " other", new Verdict.Unavailable("no answer in time"));
    after(Duration.ofHours(2));
    assertEquals("accept", login(remote, ANNA, "right"));
    awaitAsked(2);
    assertEquals("accept", login(remote, ANNA, "right"));
    assertEquals("defer unavailable", login(remote, ANNA, "other"));
    assertEquals("defer unavailable", login(remote, ANNA, "other"));
    awaitAsked(5);
    assertEquals(
        List.of(new Event.DirectoryDown("remote/imap", "no answer in time")), List.copyOf(told));
    answers.put(ANNA + " other", Verdict.Yes.PLAIN);
    assertEquals("accept", login(remote, ANNA, "other"));
    assertTrue(told.contains(new Event.DirectoryUp("remote/imap")));
    // Whoever knows the new one has changed it: the old one counts no more.
    answers.put(ANNA + " right", new Verdict.No(Verdict.Why.WRONG));
    assertEquals("reject badpassword", login(remote, ANNA, "right"));
  }

  @Test
  void nobodys_guess_shuts_out_the_owner() throws Exception {
    var remote = directory(new Table(), 1000, false);
    answers.put(ANNA + " right", Verdict.Yes.PLAIN);
    for (int i = 0; i < 50; i++) {
      assertEquals("reject badpassword", login(remote, ANNA, "guess " + i));
    }
    assertEquals("accept", login(remote, ANNA, "right"));
  }

  @Test
  @Tag("B12")
  void no_more_is_remembered_than_there_is_room_for_and_nothing_where_there_is_none()
      throws Exception {
    var remote = directory(new Table(), 3, false);
    for (int i = 0; i < 20; i++) {
      login(remote, "user" + i + "@example.org", "x");
    }
    for (int i = 0; i < 20; i++) {
      login(remote, "user" + i + "@example.org", "x");
    }
    assertTrue(asked() >= 37, asked() + " questions");
    var forgetful = directory(new Table(), 0, false);
    asked.clear();
    login(forgetful, ANNA, "x");
    login(forgetful, ANNA, "x");
    assertEquals(2, asked());
  }

  @Test
  void a_change_of_the_account_here_makes_it_ask_again() throws Exception {
    house.add(ANNA, "fun");
    var remote = directory(new Table(), 1000, false);
    answers.put(ANNA + " right", Verdict.Yes.PLAIN);
    assertEquals("accept", login(remote, ANNA, "right"));
    house.accounts.disable(ANNA, "left");
    house.accounts.enable(ANNA);
    assertEquals("accept", login(remote, ANNA, "right"));
    assertEquals(2, asked());
    remote.forget("Anna@example.org");
    assertEquals("accept", login(remote, ANNA, "right"));
    assertEquals(3, asked());
  }

  @Test
  @Tag("B9")
  @Tag("B10")
  void only_so_many_questions_at_one_time_and_the_wait_counts() throws Exception {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var go = new CountDownLatch(1);
    Asker slow =
        new Asker() {
          @Override
          public Verdict ask(Question question, Deadline deadline) throws InterruptedException {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            boolean late = !go.await(deadline.millisLeft(), TimeUnit.MILLISECONDS);
            inside.decrementAndGet();
            return late ? new Verdict.Unavailable("late") : Verdict.Yes.PLAIN;
          }

          @Override
          public void close() {}
        };
    var remote = directory(slow, 0, false);
    List<String> ends = new ArrayList<>();
    List<Thread> clients = new ArrayList<>();
    long began = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      String name = "user" + i + "@example.org";
      clients.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  String end = login(remote, name, "x");
                  synchronized (ends) {
                    ends.add(end);
                  }
                } catch (Exception trouble) {
                  throw new IllegalStateException(trouble);
                }
              }));
    }
    for (Thread client : clients) {
      client.join();
    }
    assertEquals(2, most.get());
    assertEquals(java.util.Collections.nCopies(10, "defer unavailable"), ends);
    long took = Duration.ofNanos(System.nanoTime() - began).toMillis();
    assertTrue(took >= 500 && took < 5000, "took " + took);
    go.countDown();
    assertEquals("accept", login(remote, ANNA, "x"));
  }

  @Test
  void it_hears_what_stands_before_the_at_where_the_site_says_so() throws Exception {
    var remote = directory(new Table(), 1000, true);
    answers.put("anna right", Verdict.Yes.PLAIN);
    var accept = (Decision.Accept) decision(remote, ANNA, ANNA, "right");
    assertEquals(ANNA, accept.who().authn());
    var short1 = (Decision.Accept) decision(remote, "anna", "anna", "right");
    assertEquals(ANNA, short1.who().authz());
    assertEquals("reject baduser", login(remote, "anna@example.net", "right"));
    assertEquals("reject notallowed", House.verdict(decision(remote, "bob", "anna", "right")));
  }

  @Test
  void an_empty_password_and_one_with_a_nul_are_never_asked_about() throws Exception {
    var remote = directory(new Table(), 1000, false);
    assertEquals("reject badpassword", login(remote, ANNA, ""));
    assertEquals("reject badpassword", login(remote, ANNA, "a\0b"));
    assertEquals("reject baduser", login(remote, "no name", "x"));
    assertEquals(0, asked());
  }

  @Test
  void each_verdict_has_its_decision() throws Exception {
    var remote = directory(new Table(), 0, false);
    answers.put(ANNA + " 1", new Verdict.No(Verdict.Why.UNKNOWN));
    answers.put(ANNA + " 2", new Verdict.No(Verdict.Why.DISABLED));
    answers.put(ANNA + " 3", new Verdict.Expired());
    answers.put(ANNA + " 4", new Verdict.Yes(Optional.of("Anna@EXAMPLE.org"), Set.of("staff")));
    assertEquals("reject baduser", login(remote, ANNA, "1"));
    assertEquals("reject disabled", login(remote, ANNA, "2"));
    var expired = (Decision.Defer) decision(remote, ANNA, ANNA, "3");
    assertEquals("432", Integer.toString(expired.words().reply().code()));
    var yes = (Decision.Accept) decision(remote, ANNA, ANNA, "4");
    assertEquals(ANNA, yes.who().authn());
    assertEquals(Set.of("staff"), yes.who().groups());
  }

  @Test
  void of_a_server_that_only_keeps_hashes_we_are_the_judge() throws Exception {
    keepsHashes = true;
    var remote = directory(new Table(), 0, false);
    Octets ssha = Octets.ofUtf8("{SSHA}" + salted("right", "salt"));
    answers.put(ANNA + " right", new Verdict.Kept(Optional.of(ssha), Set.of()));
    answers.put(ANNA + " wrong", new Verdict.Kept(Optional.of(ssha), Set.of()));
    answers.put(ANNA + " none", new Verdict.Kept(Optional.empty(), Set.of()));
    answers.put(ANNA + " who", new Verdict.No(Verdict.Why.UNKNOWN));
    assertEquals("accept", login(remote, ANNA, "right"));
    long before = house.passwords.runs();
    assertEquals("reject badpassword", login(remote, ANNA, "wrong"));
    assertEquals("reject badpassword", login(remote, ANNA, "none"));
    assertEquals("reject baduser", login(remote, ANNA, "who"));
    // Each of them costs the same.
    assertEquals(before + 3, house.passwords.runs());
  }

  private static String salted(String password, String salt) throws Exception {
    var sha = java.security.MessageDigest.getInstance("SHA-1");
    sha.update(password.getBytes(StandardCharsets.UTF_8));
    byte[] digest = sha.digest(salt.getBytes(StandardCharsets.UTF_8));
    byte[] both = java.util.Arrays.copyOf(digest, digest.length + salt.length());
    System.arraycopy(salt.getBytes(StandardCharsets.UTF_8), 0, both, digest.length, salt.length());
    return java.util.Base64.getEncoder().encodeToString(both);
  }
}
