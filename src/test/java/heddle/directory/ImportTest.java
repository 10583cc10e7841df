package heddle.directory;

import static heddle.directory.House.verdict;
import static heddle.directory.House.words;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.directory.BulkEnrolment.Manner;
import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.sasl.Claim;
import heddle.sasl.ScramHash;
import heddle.store.Account;
import heddle.store.Change;
import heddle.store.Credential;
import heddle.store.Material;
import heddle.store.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportTest {
  private static final String ANNA = "anna@example.org";

  /** Dovecot's: bcrypt and SSHA of "correct horse ". */
  private static final String BCRYPT =
      "{BLF-CRYPT}$2y$05$kvGtKEFpT9wJt/P7ByEi9.8tJUKNJEy/y3F.Giqaj7u45tzGx0dN6";

  private static final String SSHA = "{SSHA}iZTNhdkTlkndwpTEBK6w2HdPSnLsvm75";
  private static final String HORSE = "correct horse ";

  @TempDir private Path home;
  private House house;
  private BulkEnrolment bulk;

  @BeforeEach
  void a_house() throws Exception {
    house = new House(home, "example.org");
    bulk = new BulkEnrolment(house.accounts, house.passwords);
  }

  @AfterEach
  void closed() {
    house.close();
  }

  private static List<RollLine> passwd(String text) {
    return new RollReader(Optional.of("example.org")).passwd(text);
  }

  private static List<RollLine> csv(String text) {
    return new RollReader(Optional.empty()).csv(text);
  }

  private static String packed(List<RollLine> lines) {
    return BulkEnrolment.packed(
        lines.stream()
            .filter(RollLine.Entry.class::isInstance)
            .map(line -> ((RollLine.Entry) line).hashed(true))
            .toList());
  }

  private BulkEnrolment.Enrolled take(String passwd, Manner... manner) throws Exception {
    Set<Manner> set = EnumSet.noneOf(Manner.class);
    set.addAll(List.of(manner));
    return bulk.take(packed(passwd(passwd)), set);
  }

  private Account account(String name) {
    return house.accounts.snapshot().find(name).orElseThrow();
  }

  private Credential password(String name) {
    return account(name).password().orElseThrow();
  }

  private void renewed(String name) throws Exception {
    for (int i = 0; i < 500; i++) {
      if (!house.passwords.wantsRenewal(password(name).material(), horse())) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("still as it came");
  }

  private static PreparedPassword horse() {
    return PreparedPassword.of(Secret.ofUtf8(HORSE)).orElseThrow();
  }

  // ---- files
  private static String said(RollLine line) {
    return switch (line) {
      case RollLine.Entry e ->
          e.number() + " " + e.name() + e.disabledReason().map(r -> " disabled").orElse("");
      case RollLine.Bad b -> b.number() + " bad: " + b.why();
      case RollLine.Unset u -> u.number() + " unset " + u.name();
    };
  }

  @Test
  void a_passwd_file_of_dovecot_is_read_line_by_line() {
    String text =
        String.join(
            "\n",
            "# users",
            "",
            "anna:" + BCRYPT + ":1000:1000:Anna:/home/anna:/bin/sh:userdb_mail=maildir:~/Maildir",
            "bob@example.net:" + SSHA + "\r",
            "carl:" + SSHA + ":::::: nologin",
            "dora:!$6$8.1NZPGusN6KU4dP$kvPjJkES76tnGdF7vMuIHImuypP71OXEn6.CDm7ITzkniekEiIFu4OqCVSw5iAlGlvEMY1uhebIuHu6ZwdzG60:19000:0:99999:7:::",
            "daemon:*:19000:0:99999:7:::",
            "emil:{PLAIN}correct horse ",
            "fritz:" + SSHA + "::::::allow_nets=192.0.2.0/24",
            "nonsense",
            "two words:" + SSHA,
            "gerd:{MD5}x",
            "@:" + SSHA);
    assertEquals(
        List.of(
            "3 anna@example.org",
            "4 bob@example.net",
            "5 carl@example.org disabled",
            "6 dora@example.org disabled",
            "7 unset daemon",
            "8 emil@example.org",
            "9 bad: allow_nets says from where this user may log in, and that cannot be kept here",
            "10 bad: it has no colon: a name, a colon and a hash are needed",
            "11 bad: the name is no mail address that can log in",
            "12 bad: MD5-CRYPT is broken",
            "13 bad: the name is no mail address that can log in"),
        passwd(text).stream().map(ImportTest::said).toList());
    RollLine without = new RollReader(Optional.empty()).passwd("anna:" + SSHA).getFirst();
    assertEquals("1 bad: the name has no domain; say it with --domain", said(without));
  }

  @Test
  void comma_separated_values_are_read_as_rfc_4180_has_them() {
    String text =
        "\ufeffAddress,\"password-hash\",Name,disabled\r\n"
            + "anna@example.org,"
            + SSHA
            + ",\"Anna \"\"the\r\nfirst\"\", hers\",\r\n"
            + "\"bob@example.org\",\""
            + BCRYPT
            + "\",Bob,yes\n"
            + "\n"
            + "carl@example.org,"
            + SSHA
            + ",Carl\n"
            + "dora@example.org,"
            + SSHA
            + ",D\"ora,no\n"
            + "emil@example.org,"
            + SSHA
            + ",Emil,perhaps\n"
            + "fritz@example.org,,Fritz,0\n"
            + "gerd@example.org,\""
            + SSHA;
    assertEquals(
        List.of(
            "2 anna@example.org",
            "4 bob@example.org disabled",
            "6 bad: it has 3 fields, and there are 4 columns",
            "7 bad: a quote is not where RFC 4180 has them",
            "8 bad: disabled is neither yes nor no",
            "9 unset fritz@example.org",
            "10 bad: a quote is not where RFC 4180 has them"),
        csv(text).stream().map(ImportTest::said).toList());
    assertEquals(List.of(), csv(""));
    assertTrue(
        said(csv("anna@example.org," + SSHA).getFirst()).startsWith("1 bad: the first line"));
    assertTrue(said(csv("address,hash,disabeld\n").getFirst()).startsWith("1 bad: the columns"));
    assertTrue(said(csv("address,hash,hash\n").getFirst()).startsWith("1 bad: the columns"));
  }

  @Test
  void nothing_printed_of_a_list_holds_a_hash_or_a_password() {
    String said = passwd("anna:" + SSHA + "\nbob:{PLAIN}correct\ncarl:{SHA}secret").toString();
    assertFalse(said.contains("iZTN") || said.contains("correct") || said.contains("secret"), said);
  }

  // ---- all or nothing
  @Test
  void one_bad_line_keeps_all_out_and_all_bad_lines_are_told() throws Exception {
    String list =
        "1\ta@example.org\t\t"
            + SSHA
            + "\n2\tb@example.org\t\t{SHA}x\n3\tc\t\t"
            + SSHA
            + "\n4\tA@Example.ORG\t\t"
            + SSHA
            + "\nrubbish\n6\td@example.org\t\t{PLAIN}x";
    var refused = bulk.take(list, Set.of());
    assertEquals(List.of(2, 3, 4, 0, 6), refused.bad().stream().map(RollLine.Bad::number).toList());
    assertEquals("line 1 has this user, too", refused.bad().get(2).why());
    assertEquals(0, house.accounts.snapshot().all().size());
    assertEquals(1, bulk.take(list, EnumSet.of(Manner.DRY_RUN, Manner.SKIP_BAD)).added());
    assertEquals(0, house.accounts.snapshot().all().size());
    var taken = bulk.take(list, EnumSet.of(Manner.SKIP_BAD));
    assertEquals(1, taken.added());
    assertEquals(5, taken.bad().size());
    assertEquals("accept", verdict(house.login("a@example.org", HORSE)));
  }

  @Test
  void who_is_there_is_left_alone_or_gets_the_password_of_the_list() throws Exception {
    house.add(ANNA, "fun");
    house.login(ANNA, "fun");
    long before = password(ANNA).version();
    assertEquals(List.of(ANNA), take("anna:" + SSHA + "\nbob:" + SSHA).there());
    assertEquals("accept", verdict(house.login(ANNA, "fun")));
    List<Change> told = new ArrayList<>();
    house.accounts.onChange(told::add);
    assertEquals(1, take("anna:" + SSHA, Manner.REPLACE, Manner.DRY_RUN).replaced());
    assertEquals("accept", verdict(house.login(ANNA, "fun")));
    assertEquals(1, take("anna:" + SSHA, Manner.REPLACE).replaced());
    assertEquals("reject badpassword", verdict(house.login(ANNA, "fun")));
    assertEquals("accept", verdict(house.login(ANNA, HORSE)));
    assertEquals(before + 1, password(ANNA).version());
    assertEquals(List.of(new Change(Change.Kind.PASSWORD, ANNA, account(ANNA).id())), told);
  }

  @Test
  void ten_thousand_accounts_come_in_seconds_and_are_there_after_a_restart() throws Exception {
    var text = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      text.append("user").append(i).append(':').append(SSHA).append('\n');
    }
    long began = System.nanoTime();
    assertEquals(10_000, take(text.toString()).added());
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    assertTrue(took.toSeconds() < 30, "took " + took);
    house.close();
    house = new House(home, "example.org");
    assertEquals(10_000, house.accounts.snapshot().all().size());
    assertEquals("accept", verdict(house.login("user9999@example.org", HORSE)));
  }

  // ---- logins
  @Test
  void a_foreign_hash_costs_its_own_run_and_the_usual_one_and_is_refused_alike() throws Exception {
    take("anna:" + BCRYPT + "\ngone:" + SSHA + ":::::: nologin");
    long before = house.passwords.runs();
    var wrong = words(house.login(ANNA, "wrong")).reply();
    assertEquals(wrong, words(house.login("nobody@example.org", "wrong")).reply());
    assertEquals(before + 2, house.passwords.runs());
    assertEquals("reject disabled", verdict(house.login("gone@example.org", HORSE)));
    assertEquals(wrong, words(house.login("gone@example.org", HORSE)).reply());
    assertEquals(before + 4, house.passwords.runs());
  }

  @Test
  void scram_before_the_first_login_fails_as_for_nobody() throws Exception {
    take("anna:" + BCRYPT);
    assertEquals(scram("nobody@example.org"), scram(ANNA));
    assertEquals(house.passwords.fakeSalt("x").iterations(), saltOf(ANNA).iterations());
  }

  private heddle.sasl.Salt saltOf(String name) {
    return house.directory.salt(name, ScramHash.SHA_256);
  }

  private String scram(String name) throws Exception {
    var claim =
        new Claim.Scram(
            name,
            name,
            Optional.empty(),
            ScramHash.SHA_256,
            Octets.ofUtf8("n=x,r=y,r=yz,s=" + saltOf(name).salt().base64() + ",i=4096,c=biws,r=yz"),
            Octets.of(new byte[32]));
    return words(house.directory.check(claim, House.attempt("198.51.100.9"))).reply().toString();
  }

  @Test
  void the_first_right_login_puts_ours_in_the_place_of_the_foreign_hash() throws Exception {
    take("anna:" + BCRYPT);
    List<Change> told = new ArrayList<>();
    house.accounts.onChange(told::add);
    Account before = account(ANNA);
    assertEquals("reject badpassword", verdict(house.login(ANNA, "correct horse")));
    Thread.sleep(50);
    assertEquals(before, account(ANNA), "a wrong password mends nothing");
    assertEquals("accept", verdict(house.login(ANNA, HORSE)));
    renewed(ANNA);
    Material kept = password(ANNA).material();
    assertTrue(KeptHash.parse(kept.hash()).orElseThrow().isOurs(House.CHEAP));
    assertTrue(kept.scramSha256().isPresent() && kept.scramSha512().isPresent());
    assertTrue(kept.scramSha1().isPresent() && kept.cramMd5().isPresent(), "as the site lists");
    // The same password: nobody is told, nothing that was remembered is forgotten.
    Credential old = before.password().orElseThrow();
    assertEquals(old.version(), password(ANNA).version());
    assertEquals(old.changed(), password(ANNA).changed());
    assertEquals(List.of(), told);
    long runs = house.passwords.runs();
    assertEquals("accept", verdict(house.login(ANNA, HORSE)));
    assertEquals(runs, house.passwords.runs());
    assertEquals("reject badpassword", verdict(house.login(ANNA, "correct horse")));
    // The keys are those of this account and this password.
    ScramKeys keys =
        ScramKeys.derive(ScramHash.SHA_256, Secret.ofUtf8(HORSE), account(ANNA).salt());
    assertEquals(
        Optional.of(keys),
        ScramKeys.unsealed(
            kept.scramSha256().orElseThrow(), house.key, ScramHash.SHA_256, before.id().value()));
    house.close();
    house = new House(home, "example.org");
    assertEquals("accept", verdict(house.login(ANNA, HORSE)));
  }

  @Test
  void a_password_that_saslprep_changes_is_checked_as_it_came_and_then_kept_in_its_form()
      throws Exception {
    String nonBreaking = "fun\u00a0\u2460"; // SASLprep makes "fun 1" of it
    String hash = "{SSHA}" + salted(nonBreaking.getBytes(StandardCharsets.UTF_8));
    String ours =
        Argon2id.of(
                nonBreaking.getBytes(StandardCharsets.UTF_8),
                Octets.of(new byte[16]),
                Argon2id.Cost.USUAL)
            .phc()
            .utf8()
            .orElseThrow();
    take("anna:" + hash + "\nbob:" + ours + "\ncarl:{PLAIN}" + nonBreaking);
    for (String name : List.of("anna", "bob", "carl")) {
      assertEquals("reject badpassword", verdict(house.login(name, "fun 1")));
      assertEquals("accept", verdict(house.login(name, nonBreaking)));
      renewed(name + "@example.org");
      assertEquals("accept", verdict(house.login(name, "fun 1")), name);
    }
  }

  private static String salted(byte[] password) throws Exception {
    var digest = java.security.MessageDigest.getInstance("SHA-1");
    digest.update(password);
    byte[] both = java.util.Arrays.copyOf(digest.digest("salt".getBytes()), 24);
    System.arraycopy("salt".getBytes(), 0, both, 20, 4);
    return Octets.of(both).base64();
  }

  @Test
  void a_password_that_was_changed_meanwhile_is_not_undone_by_a_rehash() throws Exception {
    take("anna:" + SSHA);
    Account then = account(ANNA);
    Credential old = password(ANNA);
    house.enrolment.setPassword(ANNA, Secret.ofUtf8("fun"));
    Material late =
        house.passwords.keepLater(horse(), then.id(), then.salt(), Set.of()).orElseThrow();
    assertInstanceOf(
        Outcome.NotFound.class,
        house.accounts.rehash(ANNA, then.id(), old.id(), old.version(), late));
    assertEquals("accept", verdict(house.login(ANNA, "fun")));
    assertEquals("reject badpassword", verdict(house.login(ANNA, HORSE)));
    house.accounts.remove(ANNA, false);
    take("anna:" + SSHA);
    assertInstanceOf(
        Outcome.NotFound.class,
        house.accounts.rehash(ANNA, then.id(), old.id(), old.version(), late));
    assertNotEquals(then.id(), account(ANNA).id());
  }

  @Test
  void a_store_that_fails_fails_no_login_and_the_next_one_mends() throws Exception {
    take("anna:" + SSHA + "\nbob:" + SSHA);
    house.accounts.close();
    assertEquals("accept", verdict(house.login(ANNA, HORSE)));
    house.workers.close();
    house = new House(home, "example.org");
    assertTrue(house.passwords.wantsRenewal(password(ANNA).material(), horse()));
    assertEquals("accept", verdict(house.login(ANNA, HORSE)));
    renewed(ANNA);
  }

  @Test
  void where_no_worker_is_free_the_login_is_not_kept_waiting_for_the_rehash() throws Exception {
    take("anna:" + SSHA);
    var material = password(ANNA).material();
    var renewal = new Renewal(house.accounts, house.passwords, House.EXTRAS);
    var until = new CountDownLatch(1);
    List<Thread> holders = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      holders.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      house.workers.run(
                          false, () -> until.await(20, java.util.concurrent.TimeUnit.SECONDS));
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  }));
    }
    try (PreparedPassword password = horse()) {
      renewal.behind(account(ANNA), password(ANNA), password);
      renewal.behind(account(ANNA), password(ANNA), password); // one at a time
    } // wiped, and the renewal has its own
    assertEquals(1, renewal.underWay());
    assertEquals(material, password(ANNA).material());
    until.countDown();
    renewed(ANNA);
    assertEquals("accept", verdict(house.login(ANNA, HORSE)));
    for (Thread holder : holders) {
      holder.join();
    }
  }
}
