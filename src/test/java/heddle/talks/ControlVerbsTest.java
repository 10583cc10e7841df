package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import heddle.control.Answer;
import heddle.control.ControlClient;
import heddle.control.ControlPage;
import heddle.control.JsonLines;
import heddle.control.Request;
import heddle.control.Verb;
import heddle.control.Verbs;
import heddle.event.Event;
import java.io.BufferedReader;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Each verb of the table is asked of a running server through its sockets, and answers what the
 * table, and so docs/control.md, says of it.
 */
class ControlVerbsTest {
  private static final String ANNA = "anna@example.org";
  private static final String CARLA = "carla@example.org";
  private static final String DIGEST = "sha256:" + "0a".repeat(32);

  /** Verbs and arguments, in the order in which they are asked; $ names what is there. */
  private static final String ASKED =
      """
      status
      top
      doctor.run
      cert.list
      cert.show name=mail.example.org
      cert.test
      send.follow id=$sent
      complete kind=user
      complete kind=queue prefix=$held
      complete kind=session
      complete kind=listener
      complete kind=block
      complete kind=app of=anna@example.org
      hook.list
      user.list
      user.show address=anna@example.org
      app.list
      app.list address=anna@example.org
      app.show address=anna@example.org label=phone
      key.list
      key.show address=anna@example.org label=card
      device.list
      device.show address=anna@example.org label=scanner
      login.list
      login.list who=anna@example.org failed=true last=5
      auth.explain user=anna@example.org ip=203.0.113.9 listener=submissions
      auth.explain user=bob@example.org
      auth.mechanisms
      auth.mechanisms listener=clear
      block.list
      queue.list
      queue.list match=state:held
      queue.list match=state:deferred
      queue.show id=$deferred
      queue.count
      queue.count match=to:nobody@example.org
      queue.group
      queue.group by=why
      trace what=$deferred
      trace what=anna@example.org last=2
      trace what=anna@example.org
      events.list last=200
      events.list last=5 match=name:auth-failed
      session.list
      session.list match=user:anna@example.org
      session.trace id=$live
      session.trace id=$kept
      session.trace last=anna@example.org
      user.password address=carla@example.org
      user.password address=carla@example.org password=word
      user.set address=carla@example.org main-password=off
      user.set address=carla@example.org main-password=on
      user.disable address=carla@example.org reason=gone
      user.enable address=carla@example.org
      user.import skip-bad=true rows=$rows
      user.add address=dora@example.org password=word
      app.add address=carla@example.org
      key.add address=carla@example.org proof=unix:carla
      device.add address=carla@example.org network=192.0.2.42 with-password=true
      app.remove address=carla@example.org label=app-1
      key.remove address=carla@example.org label=key-1
      device.remove address=carla@example.org label=device-1
      user.remove address=carla@example.org forget=true
      auth.forget address=anna@example.org
      block.add subject=user:dora@example.org reason=odd expires=2h
      block.remove subject=user:dora@example.org
      hook.reload
      cert.reload
      send.test to=anna@example.org
      backup.create folder=$folder
      backup.state folder=$folder
      queue.hold id=$deferred reason=later
      queue.release match=state:held
      queue.retry all=true
      queue.hold id=user:anna@example.org
      queue.drop id=$deferred
      session.kill id=$live
      """;

  private static final String SITE =
      """
      import static heddle.hook.Decisions.*;
      import heddle.hook.*;

      public class Site implements AuthHook {
        public Decision auth(AuthAttempt attempt) {
          return verify();
        }
      }
      """;

  private static TestServer server;
  private static Visitor live;
  private static final Map<String, String> THERE = new LinkedHashMap<>();

  @BeforeAll
  static void a_server_with_something_of_everything() throws Exception {
    int closed;
    try (ServerSocket once = new ServerSocket(0)) {
      closed = once.getLocalPort();
    }
    server =
        TestServer.start(
            """
            [session.auth]
            hook = "Site"
            [route.parked]
            if = "recipient-domain"
            in = ["held.example"]
            to = "hold"
            [route.down]
            if = "recipient-domain"
            in = ["down.example"]
            to = "smarthost"
            address = "127.0.0.1"
            port = %d
            tls = "none"
            """
                .formatted(closed),
            Map.of(
                "etc/hooks/Site.java",
                SITE,
                "etc/hooks/Spare.java",
                SITE.replace("class Site", "class Spare")));
    done("user.add", Map.of("address", CARLA));
    done("app.add", Map.of("address", ANNA, "label", "phone", "per-day", "100", "expires", "90d"));
    done("key.add", Map.of("address", ANNA, "label", "card", "proof", DIGEST));
    done("device.add", Map.of("address", ANNA, "label", "scanner", "network", "192.0.2.41"));
    done("block.add", Map.of("subject", "203.0.113.0/24", "reason", "a test"));
    try (Visitor guesser = Visitor.named(server, "guesser")) {
      guesser.plain(ANNA, "password1");
    }
    // A conversation that is kept is written down behind the client's back.
    THERE.put("$kept", awaited("session.trace", Map.of("last", ANNA), "id"));
    live = Visitor.named(server, "laptop");
    assertTrue(live.plain(ANNA, "correct horse").startsWith("235 "));
    for (String to : List.of("bob@held.example", "bob@down.example", "bob@example.org")) {
      live.ask("MAIL FROM:<anna@example.org>");
      live.ask("RCPT TO:<" + to + ">");
      live.ask("DATA");
      live.say("Subject: one", "", "text", ".");
      assertTrue(live.hear().startsWith("250 2.0.0"));
    }
    THERE.put("$held", awaited("queue.list", "to:@held.example"));
    done("queue.hold", Map.of("id", THERE.get("$held"), "reason", "not yet"));
    THERE.put("$deferred", awaited("queue.list", "state:deferred"));
    THERE.put("$live", awaited("session.list", "user:" + ANNA));
    THERE.put("$folder", server.home().root().resolve("copy").toString());
    Map<String, String> to = Map.of("to", ANNA);
    THERE.put("$sent", String.valueOf(done("send.test", to).rows().getFirst().get("id")));
    THERE.put(
        "$rows",
        "1\temil@example.org\t\t{SSHA256}"
            + java.util.Base64.getEncoder().encodeToString(new byte[40])
            + "\n2\tnobody\t\tx");
  }

  @AfterAll
  static void gone() throws Exception {
    live.close();
    server.close();
  }

  private static String awaited(String verb, String match) throws Exception {
    return awaited(verb, Map.of("match", match), "id");
  }

  /** What the first row has there, once it has something. */
  private static String awaited(String verb, Map<String, String> args, String member)
      throws Exception {
    for (int i = 0; i < 400; i++) {
      Answer answer = control(verb, args);
      if (answer.ok() && !answer.rows().isEmpty()) {
        String value = String.valueOf(answer.rows().getFirst().get(member));
        if (!value.isEmpty()) {
          return value;
        }
      }
      Thread.sleep(50);
    }
    throw new AssertionError(verb + args + " has no " + member);
  }

  private static Answer control(String verb, Map<String, String> args) {
    return new ControlClient(server.home().control()).ask(Request.of(verb, args), "");
  }

  private static Answer status(String verb, Map<String, String> args) {
    return new ControlClient(server.home().status()).ask(Request.of(verb, args), "");
  }

  private static Answer done(String verb, Map<String, String> args) {
    Answer answer = control(verb, args);
    assertTrue(answer.ok(), verb + args.keySet() + ": " + answer);
    return answer;
  }

  /** A line as it stands, and the line that is answered. */
  private static Map<String, Object> raw(Path socket, String line) throws Exception {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        var in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
      channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
      return JsonLines.read(in.readLine());
    }
  }

  private record Question(Verb verb, Map<String, String> args) {
    static Question of(String line) {
      String[] words = line.split(" ");
      Map<String, String> args = new LinkedHashMap<>();
      for (String word : List.of(words).subList(1, words.length)) {
        int is = word.indexOf('=');
        String value = word.substring(is + 1);
        args.put(word.substring(0, is), THERE.getOrDefault(value, value));
      }
      return new Question(Verbs.named(words[0]).orElseThrow(), args);
    }

    Question dry() {
      Map<String, String> more = new LinkedHashMap<>(args);
      more.put("dry-run", "true");
      return new Question(verb, more);
    }

    /** Whether it changes something, and can tell what without doing it. */
    boolean triable() {
      return verb.args().stream().anyMatch(a -> a.name().equals("dry-run"));
    }
  }

  private static List<String> complaints(Question asked, Answer answer) {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(JsonLines.write(ControlPage.schema(asked.verb())));
    Set<String> known =
        asked.verb().fields().stream().map(Verb.Field::name).collect(Collectors.toSet());
    List<String> complaints = new ArrayList<>();
    if (!answer.ok() && answer.exit() != Answer.PARTIAL || answer.rows().isEmpty()) {
      complaints.add("no rows: " + answer);
    }
    if (!asked.verb().list() && answer.rows().size() != 1) {
      complaints.add("not one row: " + answer.rows());
    }
    for (Map<String, Object> row : answer.rows()) {
      schema
          .validate(
              JsonLines.write(row),
              InputFormat.JSON,
              context -> context.executionConfig(how -> how.formatAssertionsEnabled(true)))
          .forEach(error -> complaints.add(error + " in " + row));
      row.keySet().stream()
          .filter(member -> !known.contains(member))
          .forEach(member -> complaints.add("the table does not name " + member + " of " + row));
    }
    return complaints;
  }

  @Test
  void each_verb_answers_rows_as_the_table_has_them() {
    List<String> complaints = new ArrayList<>();
    Set<String> left = Verbs.all().stream().map(Verb::name).collect(Collectors.toSet());
    for (String line : ASKED.lines().toList()) {
      Question question = Question.of(line);
      left.remove(question.verb().name());
      if (question.triable()) {
        complaints(question.dry(), control(question.verb().name(), question.dry().args()))
            .forEach(c -> complaints.add(line + " dry-run=true: " + c));
      }
      complaints(question, control(question.verb().name(), question.args()))
          .forEach(c -> complaints.add(line + ": " + c));
    }
    assertEquals("", String.join("\n", complaints));
    assertEquals(Set.of(), left, "verbs that nobody asks here: add a line to ASKED for each");
  }

  @Test
  void the_socket_for_looking_answers_what_looks_and_refuses_all_else() {
    for (String line : ASKED.lines().toList()) {
      Question question = Question.of(line);
      Answer answer = status(question.verb().name(), question.args());
      if (question.verb().reach() == Verb.Reach.LOOKING) {
        assertFalse(answer.exit() == Answer.REFUSED || answer.exit() == Answer.USAGE, line);
      } else {
        assertEquals(Answer.REFUSED, answer.exit(), line + ": " + answer);
        assertEquals(List.of(), answer.rows());
        assertEquals("status is for looking only", answer.why());
      }
    }
  }

  @Test
  void what_is_not_in_the_table_is_answered_at_neither_socket() throws Exception {
    Path hook = server.home().root().resolve("etc/hooks/Spare.java");
    for (String verb : List.of("hook.test", "config.show", "spool.list", "status ", "", "exit")) {
      for (Answer answer :
          List.of(
              control(verb, Map.of("file", hook.toString())),
              status(verb, Map.of("file", hook.toString())))) {
        assertEquals(Answer.USAGE, answer.exit(), verb + ": " + answer);
        assertEquals(List.of(), answer.rows());
      }
    }
  }

  @Test
  void unknown_and_missing_arguments_are_refused() {
    for (Verb verb : Verbs.all()) {
      Map<String, String> args = new LinkedHashMap<>();
      verb.args().stream().filter(Verb.Arg::needed).forEach(a -> args.put(a.name(), "x"));
      for (String needed : List.copyOf(args.keySet())) {
        Map<String, String> fewer = new LinkedHashMap<>(args);
        fewer.remove(needed);
        Answer answer = control(verb.name(), fewer);
        assertEquals(Answer.USAGE, answer.exit(), answer.toString());
        assertTrue(answer.what().startsWith(verb.name() + " needs \""), answer.toString());
      }
      args.put("colour", "red");
      Answer answer = control(verb.name(), args);
      assertEquals(Answer.USAGE, answer.exit(), answer.toString());
      assertEquals(verb.name() + " takes no \"colour\"", answer.what());
    }
  }

  @Test
  void a_dry_run_that_was_not_understood_changes_nothing() throws Exception {
    Path socket = server.home().control();
    String add = "{\"v\":1,\"verb\":\"user.add\",\"args\":{\"address\":\"oops@example.org\"";
    for (String line :
        List.of(
            add + ",\"dry_run\":\"true\"}}",
            add + ",\"dry-run\":\"yes\"}}",
            add + ",\"dry-run\":\"True\"}}",
            add + ",\"dry-run\":1}}",
            add + ",\"dry-run\":[true]}}",
            add + ",\"dry-run\":null}}",
            add + "},\"dry-run\":true}",
            add + ",\"dry-run\":\"true\",\"dry-run\":\"false\"}}",
            add + "}} ,\"dry-run\":true",
            add + ",\"dry-run\":true")) {
      assertEquals(Answer.USAGE, raw(socket, line).get("exit"), line);
    }
    // What is true in JSON is true.
    assertEquals(0, raw(socket, add + ",\"dry-run\":true}}").get("exit"));
    String known = control("user.list", Map.of()).rows().toString();
    assertTrue(known.contains(ANNA) && !known.contains("oops"), known);
    List<Answer> refused =
        List.of(
            control("queue.drop", Map.of("all", "yes")),
            control("user.remove", Map.of("address", ANNA, "forget", "maybe")));
    refused.forEach(a -> assertEquals(Answer.USAGE, a.exit(), a.toString()));
  }

  @Test
  void an_answer_has_the_members_of_the_page_and_a_line_may_be_followed_by_another()
      throws Exception {
    for (String line :
        List.of("{\"v\":1,\"verb\":\"queue.count\",\"args\":{}}", "{\"v\":2}", "[]", "x")) {
      assertEquals(
          Set.of("v", "exit", "rows", "what", "why", "remedy"),
          raw(server.home().control(), line).keySet());
    }
    try (SocketChannel channel =
            SocketChannel.open(UnixDomainSocketAddress.of(server.home().status()));
        var in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
      String line = "{\"v\":1,\"verb\":\"status\",\"args\":{}}\n";
      channel.write(ByteBuffer.wrap((line + line).getBytes(StandardCharsets.UTF_8)));
      assertEquals(0, JsonLines.read(in.readLine()).get("exit"));
      assertEquals(0, JsonLines.read(in.readLine()).get("exit"));
    }
  }

  @Test
  void whoever_the_kernel_says_it_is_stands_in_the_audit() {
    done("block.add", Map.of("subject", "198.51.100.7", "reason", "a guess"));
    List<Event.Administered> told =
        server.events().stream()
            .filter(Event.Administered.class::isInstance)
            .map(Event.Administered.class::cast)
            .filter(e -> e.object().startsWith("198.51.100.7"))
            .toList();
    assertEquals(1, told.size());
    assertEquals(System.getProperty("user.name"), told.getFirst().actor());
    Map<String, String> asked = Map.of("match", "name:admin actor:" + told.getFirst().actor());
    String line = String.valueOf(control("events.list", asked).rows());
    assertTrue(line.contains("verb=block.add object=198.51.100.7"), line);
  }
}
