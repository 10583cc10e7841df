package heddle.remote;

import static heddle.remote.DovecotPeer.base64;
import static heddle.remote.DovecotSite.CALLER;
import static heddle.remote.DovecotSite.asked;
import static heddle.remote.DovecotSite.question;
import static heddle.remote.DovecotSite.soon;
import static heddle.remote.DovecotSite.verdict;
import static heddle.remote.DovecotSite.why;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.dns.Names;
import heddle.mail.Octets;
import heddle.mail.Secret;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversations with a server that keeps to the protocol. */
class DovecotAskerTest {
  private DovecotSite site;

  @BeforeEach
  void open() throws Exception {
    site = new DovecotSite();
  }

  @AfterEach
  void close() throws Exception {
    site.close();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OK   ID user=anna                                 | Yes anna
          OK   ID user=anna@example.org original_user=Anna  | Yes anna@example.org
          OK   ID user=mül=ler                              | Yes mül=ler
          OK   ID                                           | Yes
          OK   ID user=anna some=thing new                  | Yes anna
          OK   ID user=anna nologin reason=gone             | No DISABLED
          OK   ID user=anna proxy host=192.0.2.9            | Yes anna
          OK   ID user=anna proxy nopassword                | Unavailable
          OK   ID user=                                     | Unavailable
          OK   ID user=an\u0001nna                          | Unavailable
          FAIL ID                                           | No WRONG
          FAIL ID user=anna                                 | No WRONG
          FAIL ID user=anna reason=whatever                 | No WRONG
          FAIL ID user=anna code=authz_fail                 | No WRONG
          FAIL ID user=anna authz                           | No WRONG
          FAIL ID user=anna code=temp_fail                  | Unavailable
          FAIL ID user=anna temp                            | Unavailable
          FAIL ID user=anna code=user_disabled              | No DISABLED
          FAIL ID user=anna user_disabled                   | No DISABLED
          FAIL ID user=anna code=pass_expired               | Expired
          FAIL ID user=anna pass_expired                    | Expired
          FAIL ID user=anna code=never_heard_of             | No WRONG
          FAIL ID reason=Authentication_request_timed_out   | Unavailable
          CONT ID                                           | Unavailable
          """)
  void each_answer_is_a_verdict(String answer, String verdict) throws Exception {
    try (DovecotPeer peer =
        site.greeting(
            wire -> {
              DovecotPeer.Auth auth = wire.auth();
              String line = answer.replace("ID", auth.id()).replaceAll(" +", "\t");
              wire.say(line.replace('_', ' ').startsWith("CONT") ? line + "\t" : words(line));
              wire.stay();
            })) {
      assertEquals(verdict, said(site.ask("anna", "secret")));
    }
  }

  /** A reason has spaces, for which the table has underscores. */
  private static String words(String line) {
    int reason = line.indexOf("reason=");
    return reason < 0 ? line : line.substring(0, reason) + line.substring(reason).replace('_', ' ');
  }

  private static String said(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Yes yes -> ("Yes " + yes.name().orElse("")).strip();
      case Verdict.No no -> "No " + no.why();
      case Verdict.Expired expired -> "Expired";
      case Verdict.Kept kept -> "Kept";
      case Verdict.Unavailable unavailable -> "Unavailable";
    };
  }

  @Test
  void a_question_is_a_plain_request_with_all_that_is_known_of_the_caller() throws Exception {
    List<DovecotPeer.Auth> heard = Collections.synchronizedList(new ArrayList<>());
    try (DovecotPeer peer =
        site.greeting(
            wire -> {
              heard.add(wire.auth());
              wire.say("OK\t1\tuser=anna");
            })) {
      assertEquals("Yes anna", said(site.ask("anna@exämple.org", "se\tcr=et \u0001ß")));
      DovecotPeer.Auth auth = heard.getFirst();
      assertEquals("PLAIN", auth.mechanism());
      assertEquals(List.of("", "anna@exämple.org", "se\tcr=et \u0001ß"), auth.plain());
      assertEquals(
          List.of(
              "service=smtp",
              "final-resp-ok",
              "secured",
              "session=0123456789AB",
              "lip=2001:db8:0:0:0:0:0:1",
              "lport=587",
              "rip=192.0.2.7",
              "rport=40001"),
          auth.fields().subList(0, auth.fields().size() - 1));
    }
  }

  @Test
  void a_connection_in_clear_is_not_called_secured() throws Exception {
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    try (DovecotPeer peer =
        site.greeting(
            wire -> {
              heard.addAll(wire.auth().fields());
              wire.say("FAIL\t1");
            })) {
      Caller clear =
          new Caller(
              CALLER.connection(),
              CALLER.listener(),
              CALLER.client(),
              CALLER.server(),
              false,
              Optional.empty(),
              "PLAIN");
      Verdict unused = site.asker.ask(new Question("anna", Secret.ofUtf8("secret"), clear), soon());
      assertTrue(heard.stream().noneMatch(each -> each.startsWith("secured")), heard.toString());
    }
  }

  @Test
  void absent_empty_and_data_are_three_initial_responses() throws Exception {
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    try (DovecotPeer peer =
        site.greeting(
            wire -> {
              for (int i = 0; i < 3; i++) {
                DovecotPeer.Auth auth = wire.auth();
                heard.add("" + auth.initial());
                wire.say("FAIL\t" + auth.id());
              }
            })) {
      for (var initial :
          List.of(
              Optional.<Octets>empty(),
              Optional.of(Octets.EMPTY),
              Optional.of(Octets.ofUtf8("data")))) {
        assertEquals("No WRONG", said(verdict(site.begin("LOGIN", initial))));
      }
      assertEquals(List.of("null", "", base64("data")), heard);
    }
  }

  @Test
  void an_exchange_goes_to_and_fro_and_success_has_the_last_word() throws Exception {
    List<List<String>> heard = Collections.synchronizedList(new ArrayList<>());
    try (DovecotPeer peer =
        site.greeting(
            wire -> {
              DovecotPeer.Auth auth = wire.auth();
              wire.say("CONT\t" + auth.id() + "\t");
              heard.add(wire.expect("CONT"));
              wire.say("CONT\t" + auth.id() + "\t" + base64("r=1,s=2"));
              heard.add(wire.expect("CONT"));
              wire.say("OK\t" + auth.id() + "\tuser=anna\tresp=" + base64("v=3"));
            })) {
      Relay.Turn.Asked first = asked(site.begin("SCRAM-SHA-256", Optional.empty()));
      assertEquals(Octets.EMPTY, first.challenge());
      Relay.Turn.Asked second = asked(first.next().answer(Octets.ofUtf8("n,,"), soon()));
      assertEquals(Octets.ofUtf8("r=1,s=2"), second.challenge());
      Relay.Turn end = second.next().answer(Octets.EMPTY, soon());
      assertEquals("Yes anna", said(verdict(end)));
      assertEquals(Optional.of(Octets.ofUtf8("v=3")), ((Relay.Turn.Over) end).last());
      assertEquals(List.of(List.of("CONT", "1", base64("n,,")), List.of("CONT", "1", "")), heard);
    }
  }

  @Test
  void a_failure_with_a_last_word_lets_the_client_hear_it() throws Exception {
    try (DovecotPeer peer =
        site.greeting(
            wire -> {
              DovecotPeer.Auth auth = wire.auth();
              wire.say("FAIL\t" + auth.id() + "\tuser=anna\tresp=" + base64("e=invalid-proof"));
              assertEquals(null, wire.hear(), "the client's answer goes nowhere");
            })) {
      Relay.Turn.Asked last = asked(site.begin("SCRAM-SHA-256", Optional.empty()));
      assertEquals(Octets.ofUtf8("e=invalid-proof"), last.challenge());
      assertEquals("No WRONG", said(verdict(last.next().answer(Octets.EMPTY, soon()))));
      site.asker.close();
      peer.played();
    }
  }

  @Test
  void an_abandoned_exchange_is_cancelled_and_what_still_comes_for_it_disturbs_nobody()
      throws Exception {
    try (DovecotPeer peer =
        site.playing(
            wire -> {
              wire.greet(4, DovecotPeer.USUAL);
              DovecotPeer.Auth auth = wire.auth();
              wire.say("CONT\t" + auth.id() + "\t");
              assertEquals(List.of("CANCEL", auth.id()), wire.expect("CANCEL"));
              wire.say("OK\t" + auth.id() + "\tuser=anna", "CANCELLED\t" + auth.id());
              wire.say("FAIL\t" + wire.auth().id());
            })) {
      asked(site.begin("CRAM-MD5", Optional.empty())).next().abandon();
      assertEquals("No WRONG", said(site.ask("anna", "secret")));
      peer.played();
    }
  }

  @Test
  void a_hundred_exchanges_at_once_each_get_their_own_answer() throws Exception {
    int many = 100;
    try (DovecotPeer peer =
            site.greeting(
                wire -> {
                  List<DovecotPeer.Auth> all = new ArrayList<>();
                  for (int i = 0; i < many; i++) {
                    all.add(wire.auth());
                  }
                  Collections.shuffle(all, new Random(7));
                  // Every second one is asked again before it ends.
                  int open = 0;
                  for (DovecotPeer.Auth each : all) {
                    if (each.mechanism().equals("PLAIN")) {
                      wire.say("OK\t" + each.id() + "\tuser=" + each.plain().get(1));
                    } else {
                      wire.say("CONT\t" + each.id() + "\t" + each.initial());
                      open++;
                    }
                  }
                  List<List<String>> answers = new ArrayList<>();
                  for (int i = 0; i < open; i++) {
                    answers.add(wire.expect("CONT"));
                  }
                  Collections.shuffle(answers, new Random(8));
                  for (List<String> each : answers) {
                    wire.say("OK\t" + each.get(1) + "\tuser=x\tresp=" + each.get(2));
                  }
                  wire.stay();
                });
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<String>> clients = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        String name = "user" + i;
        clients.add(i % 2 == 0 ? () -> said(site.ask(name, "secret")) : () -> echoed(name));
      }
      List<String> heard = new ArrayList<>();
      for (Future<String> each : threads.invokeAll(clients)) {
        heard.add(each.get());
      }
      for (int i = 0; i < many; i++) {
        assertEquals((i % 2 == 0 ? "Yes user" : "echo user") + i, heard.get(i));
      }
      assertEquals(1, peer.calls());
    }
  }

  private String echoed(String name) throws InterruptedException {
    Octets said = Octets.ofUtf8(name);
    Relay.Turn.Asked turn = asked(site.begin("SCRAM-SHA-256", Optional.of(said)));
    assertEquals(said, turn.challenge());
    Octets answer = Octets.ofUtf8("answer of " + name);
    var end = (Relay.Turn.Over) turn.next().answer(answer, soon());
    return "echo " + end.last().orElseThrow().utf8().orElseThrow().replace("answer of ", "");
  }

  @Test
  void a_mechanism_is_what_the_server_announced_for_clients() throws Exception {
    List<String> announced =
        List.of(
            "PLAIN\tplaintext",
            "APOP\tprivate\tdictionary\tactive",
            "ANONYMOUS\tanonymous",
            "SCRAM-SHA-256\tmutual-auth",
            "SCRAM-SHA-256-PLUS\tmutual-auth\tchannel-binding",
            "not a name",
            "");
    assertEquals(Set.of(), site.asker.mechanisms());
    try (DovecotPeer peer = site.playing(wire -> wire.greet(2, announced).stay())) {
      Set<String> mechanisms = known();
      assertEquals(Set.of("PLAIN", "SCRAM-SHA-256"), mechanisms);
      String why = why(verdict(site.begin("ANONYMOUS", Optional.empty())));
      assertTrue(why.contains("does not offer"), why);
    }
  }

  private Set<String> known() throws Exception {
    return DovecotSite.await(
        "mechanisms", () -> site.asker.mechanisms().isEmpty() ? null : site.asker.mechanisms());
  }

  @Test
  void a_server_without_plain_is_not_asked_for_it() throws Exception {
    try (DovecotPeer peer = site.playing(wire -> wire.greet(2, List.of("CRAM-MD5")).stay())) {
      assertEquals("Dovecot does not offer PLAIN", why(site.ask("anna", "secret")));
      assertEquals(Set.of("CRAM-MD5"), known());
      assertEquals(1, peer.calls());
    }
  }

  private static final List<String> BOUND =
      List.of("SCRAM-SHA-256-PLUS\tmutual-auth\tchannel-binding");
  private static final Relay.Binding EXPORTER =
      type -> type.equals("tls-exporter") ? Optional.of(Octets.ofUtf8("ekm")) : Optional.empty();

  private Relay.Turn bound(Relay.Binding binding) throws InterruptedException {
    return site.asker.begin(
        "SCRAM-SHA-256-PLUS", Optional.of(Octets.ofUtf8("p=")), CALLER, binding, soon());
  }

  @Test
  void a_binding_that_is_asked_for_with_a_challenge_goes_out_once_with_the_answer()
      throws Exception {
    List<List<String>> heard = Collections.synchronizedList(new ArrayList<>());
    try (DovecotPeer peer =
        site.playing(
            wire -> {
              wire.greet(3, BOUND);
              wire.auth();
              wire.say("CONT\t1\t" + base64("r=1") + "\tchannel_binding=tls-exporter");
              heard.add(wire.expect("CONT"));
              wire.say("CONT\t1\t" + base64("more"));
              heard.add(wire.expect("CONT"));
              wire.say("OK\t1\tuser=anna");
            })) {
      Relay.Turn.Asked first = asked(bound(EXPORTER));
      assertEquals(Octets.ofUtf8("r=1"), first.challenge());
      Relay.Turn.Asked second = asked(first.next().answer(Octets.ofUtf8("c=1"), soon()));
      assertEquals("Yes anna", said(verdict(second.next().answer(Octets.EMPTY, soon()))));
      assertEquals(
          List.of(
              List.of("CONT", "1", base64("c=1"), "channel_binding=" + base64("ekm")),
              List.of("CONT", "1", "")),
          heard);
    }
  }

  @Test
  void a_binding_that_is_asked_for_aside_is_given_without_the_client() throws Exception {
    try (DovecotPeer peer =
        site.playing(
            wire -> {
              wire.greet(3, BOUND);
              wire.auth();
              wire.say("CONT\t1\t#\tchannel_binding=tls-exporter");
              assertEquals(
                  List.of("CONT", "1", "#", "channel_binding=" + base64("ekm")),
                  wire.expect("CONT"));
              wire.say("CONT\t1\t" + base64("r=1"));
              wire.stay();
            })) {
      assertEquals(Octets.ofUtf8("r=1"), asked(bound(EXPORTER)).challenge());
    }
  }

  @Test
  void a_binding_that_we_do_not_have_ends_the_exchange() throws Exception {
    try (DovecotPeer peer =
        site.playing(
            wire -> {
              wire.greet(4, BOUND);
              wire.auth();
              wire.say("CONT\t1\t#\tchannel_binding=tls-unique");
              wire.expect("CANCEL");
              wire.say("CANCELLED\t1");
            })) {
      assertEquals("No WRONG", said(verdict(bound(EXPORTER))));
      peer.played();
    }
  }

  @Test
  void a_server_that_asks_us_again_and_again_is_left() throws Exception {
    try (DovecotPeer peer =
        site.playing(
            wire -> {
              wire.greet(4, BOUND);
              wire.auth();
              do {
                wire.say("CONT\t1\t#\tchannel_binding=tls-exporter");
              } while (wire.hear().getFirst().equals("CONT"));
            })) {
      assertEquals("Dovecot asks in circles", why(verdict(bound(EXPORTER))));
      peer.played();
    }
  }

  @Test
  void a_line_is_as_long_as_dovecot_reads_it_and_no_longer() throws Exception {
    List<Integer> heard = Collections.synchronizedList(new ArrayList<>());
    try (DovecotPeer peer =
        site.greeting(
            wire -> {
              while (true) {
                List<String> auth = wire.hear();
                heard.add(String.join("\t", auth).length() + 1);
                wire.say("FAIL\t" + auth.get(1));
              }
            })) {
      // base64 grows by fours.
      int fits = 0;
      for (int size = 12_100; size < 12_300; size++) {
        Verdict verdict = site.ask("anna", "x".repeat(size));
        if (verdict instanceof Verdict.Unavailable) {
          assertEquals("longer than Dovecot takes", why(verdict));
        } else {
          fits = size;
        }
      }
      assertTrue(fits > 12_100 && fits < 12_299, "both sides were seen: " + fits);
      int longest = Collections.max(heard);
      assertTrue(longest <= 16_384 && longest > 16_380, "" + longest);
      assertEquals(1, peer.calls(), "Dovecot never had to hang up");
    }
  }

  @Test
  void by_tcp_this_machine_is_called_and_another_only_by_permission() throws Exception {
    Names names = Names.of(List.of(), Optional.empty());
    try (DovecotPeer peer =
            DovecotPeer.onPort(
                wire -> {
                  wire.greet();
                  wire.say("OK\t" + wire.auth().id() + "\tuser=anna");
                });
        var here =
            new DovecotAsker(new DovecotAsker.Tcp("localhost", peer.port(), names), "smtp", false);
        var there =
            new DovecotAsker(
                new DovecotAsker.Tcp("192.0.2.1", peer.port(), names), "smtp", false)) {
      assertEquals("Yes anna", said(here.ask(question("anna", "secret"), soon())));
      String why = why(there.ask(question("anna", "secret"), DovecotTroubleTest.shortly()));
      assertTrue(why.contains("not on this machine"), why);
    }
  }

  @Test
  void no_two_connections_have_the_same_pid_and_the_minor_version_is_ours() throws Exception {
    Set<String> seen = Collections.synchronizedSet(new HashSet<>());
    try (DovecotPeer peer =
            site.playing(
                wire -> {
                  seen.add(String.join(" ", wire.greet().greeting));
                  wire.stay();
                });
        var second = new DovecotAsker(new DovecotAsker.Unix(site.socket), "smtp", false)) {
      DovecotSite.await("two greetings", () -> seen.size() == 2 ? seen : null);
      long pid = ProcessHandle.current().pid();
      List<Long> pids = seen.stream().map(each -> Long.parseLong(each.split(" ")[1])).toList();
      assertNotEquals(pids.get(0), pids.get(1));
      for (long each : pids) {
        assertEquals(pid, each & ((1 << 22) - 1));
        assertTrue(each <= 0xffff_ffffL, "it is an unsigned int over there");
      }
      assertTrue(seen.stream().allMatch(each -> each.startsWith("4 ")), seen.toString());
    }
  }
}
