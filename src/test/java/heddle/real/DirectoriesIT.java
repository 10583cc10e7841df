package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import heddle.config.ConfigReader;
import heddle.config.Outcome;
import heddle.real.DirectoriesPage.Heard;
import heddle.real.DirectoriesPage.Situation;
import heddle.real.FaultyRelay.Point;
import heddle.real.FaultyRelay.Then;
import heddle.talks.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a client hears, and when, whoever is asked about its login and whatever goes wrong on the
 * way: each cell is played against the real server, and written down in {@code
 * docs/directories.md}.
 */
class DirectoriesIT {
  private static final String MEND =
      "the page is out of date; run: mvn verify -Dit.test=DirectoriesIT -Dmanual.write=true";

  /**
   * What is neither at once nor in its time may be so on a busy machine; then it is played again.
   */
  private static final int TRIES = 3;

  private static Places places;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Tools.isRoot(), "Dovecot and Postfix start as root only");
    places = new Places();
    server =
        TestServer.start(
            places.config() + "[session.auth.errors]\nwait = \"1ms\"\n", places.files());
    for (Place place : places.all()) {
      // The first login of each loads its classes.
      right(place, place.hello());
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
    if (places != null) {
      places.close();
    }
  }

  private static Heard login(String hello, String user, String password) throws IOException {
    try (SSLSocket socket = Client.secured(server.port("submissions"))) {
      var lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      reply(lines);
      say(socket, "EHLO " + hello);
      reply(lines);
      long began = System.nanoTime();
      byte[] plain = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
      say(socket, "AUTH PLAIN " + Base64.getEncoder().encodeToString(plain));
      String[] words = reply(lines).split(" ", 3);
      return new Heard(words[0] + " " + words[1], began, began, System.nanoTime());
    }
  }

  private static void say(SSLSocket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String reply(BufferedReader lines) throws IOException {
    String line;
    do {
      line = lines.readLine();
      if (line == null) {
        throw new IOException("the server hung up");
      }
    } while (line.charAt(3) == '-');
    return line;
  }

  private static Heard right(Place place, String hello) throws IOException {
    return login(hello, place.user(), place.password());
  }

  @Test
  void whatever_goes_wrong_nobody_is_told_that_a_right_password_is_wrong() throws Exception {
    var page = new DirectoriesPage(opening());
    local(page);
    try (var players = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<Place, Future<?>> games = new LinkedHashMap<>();
      for (Place place : places.all()) {
        games.put(
            place,
            players.submit(
                () -> {
                  play(place, page);
                  return place;
                }));
      }
      for (var game : games.values()) {
        game.get();
      }
    }
    String written = page.toString();
    Path path = Path.of("docs/directories.md");
    if (Boolean.getBoolean("manual.write")) {
      Files.writeString(path, written);
    }
    assertEquals(written, Files.exists(path) ? Files.readString(path) : "", MEND);
  }

  private static void local(DirectoriesPage page) throws IOException {
    String anna = Places.ANNA;
    String horse = "correct horse";
    note(page, "local", Situation.RIGHT, login("local", anna, horse));
    note(page, "local", Situation.WRONG, login("local", anna, "wrong horse"));
    note(page, "local", Situation.UNKNOWN, login("local", Places.NOBODY, horse));
    note(page, "local", Situation.EMPTY, login("local", anna, ""));
    page.note("local", Place.SHUT, login("local", "bob@example.org", "battery staple"));
  }

  private static void note(DirectoriesPage page, String place, Situation what, Heard heard) {
    System.out.printf("%s, %s: %s%n", place, what.title(), heard);
    assertEquals(what.reply(), heard.code(), place + ", " + what.title());
    assertTrue(heard.inTime(), place + ", " + what.title() + ": " + heard);
    page.note(place, what.title(), heard);
  }

  private static void play(Place place, DirectoriesPage page) throws Exception {
    for (Situation what : Situation.values()) {
      for (Callable<Heard> each : plays(place, what)) {
        Heard heard = played(place, what, each);
        for (int i = 1; i < TRIES && heard.time().isEmpty(); i++) {
          heard = played(place, what, each);
        }
        note(page, place.name(), what, heard);
      }
    }
    for (var other : place.others().entrySet()) {
      Heard heard = login(place.hello(), other.getValue(), place.password());
      System.out.printf("%s, %s: %s%n", place.name(), other.getKey(), heard);
      page.note(place.name(), other.getKey(), heard);
    }
  }

  /** Whatever has happened, with the end of it everything is well at once. */
  private static Heard played(Place place, Situation what, Callable<Heard> play) throws Exception {
    Heard heard = play.call();
    for (FaultyRelay relay : place.relays()) {
      relay.heal();
    }
    for (String hello : List.of(place.hello(), place.helloClear())) {
      Heard after = right(place, hello);
      assertEquals(
          Situation.RIGHT.reply(), after.code(), hello + " behind " + what.title() + ": " + after);
    }
    place
        .secured()
        .ifPresent(
            relay ->
                assertFalse(relay.shows(place.secret()), place.name() + " under " + what.title()));
    return heard;
  }

  private static List<Callable<Heard>> plays(Place place, Situation what) throws Exception {
    List<Point> points =
        switch (what) {
          case RIGHT, WRONG, UNKNOWN, EMPTY, REFUSES, STRANGER, RESTART -> List.of();
          case HANGS -> List.of(new Point.After(0));
          case HALF_SILENCE, HALF_END -> halves(place);
          case GARBAGE -> List.of(new Point.After(0), new Point.Amid(place.verdicts().getFirst()));
        };
    return switch (what) {
      case RIGHT -> List.of(() -> right(place, place.hello()));
      case WRONG -> List.of(() -> login(place.hello(), place.user(), "wrong horse"));
      case UNKNOWN -> List.of(() -> login(place.hello(), Places.NOBODY, place.password()));
      case EMPTY -> List.of(() -> empty(place));
      case REFUSES -> List.of(() -> refused(place));
      case HANGS, HALF_SILENCE -> spoilt(place, points, new Then.Silence());
      case HALF_END -> spoilt(place, points, new Then.End());
      case GARBAGE -> spoilt(place, points, new Then.Noise(noise()));
      case STRANGER ->
          place.secured().isEmpty() ? List.of() : List.of(() -> right(place, place.helloStrange()));
      case RESTART -> List.of(() -> restarted(place));
    };
  }

  /** Nothing of it reaches anybody. */
  private static Heard empty(Place place) throws Exception {
    for (FaultyRelay relay : place.relays()) {
      relay.rewind();
    }
    Heard heard = login(place.hello(), place.user(), "");
    for (FaultyRelay relay : place.relays()) {
      String said = new String(relay.said(), StandardCharsets.ISO_8859_1);
      // A connection to Dovecot is there before anybody is asked about.
      boolean nothing = place.secured().isEmpty() ? !said.contains("AUTH\t") : said.isEmpty();
      assertTrue(nothing, place.name() + " heard " + said);
    }
    return heard;
  }

  private static Heard refused(Place place) throws Exception {
    place.usual().refuse();
    return right(place, place.hello());
  }

  /** Behind the first octet, in the middle of all, and within the yes. */
  private static List<Point> halves(Place place) throws Exception {
    place.usual().cut();
    place.usual().rewind();
    assertEquals(Situation.RIGHT.reply(), right(place, place.hello()).code());
    long whole = place.usual().longestAnswer();
    List<Point> points = new ArrayList<>(List.of(new Point.After(1), new Point.After(whole / 2)));
    place.verdicts().forEach(yes -> points.add(new Point.Amid(yes)));
    return points;
  }

  private static byte[] noise() {
    byte[] noise = new byte[512];
    new Random(4954).nextBytes(noise);
    noise[noise.length - 2] = '\r';
    noise[noise.length - 1] = '\n';
    return noise;
  }

  private static List<Callable<Heard>> spoilt(Place place, List<Point> points, Then then) {
    return points.stream().<Callable<Heard>>map(at -> () -> spoilt(place, at, then)).toList();
  }

  /** What is told by its octets is played under TLS, and what is told by its text in clear. */
  private static Heard spoilt(Place place, Point at, Then then) throws Exception {
    return switch (at) {
      case Point.After _ -> {
        place.usual().misbehave(at, then);
        // Those that were kept have their beginning behind them.
        place.usual().cut();
        yield right(place, place.hello());
      }
      case Point.Amid _ -> {
        place.clear().misbehave(at, then);
        yield right(place, place.helloClear());
      }
    };
  }

  /** It is not there again before there is an answer. */
  private static Heard restarted(Place place) throws Exception {
    place.clear().misbehave(new Point.Amid(place.verdicts().getLast()), new Then.Silence());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Heard> login = threads.submit(() -> right(place, place.helloClear()));
      place.clear().awaitMishap();
      long fault = System.nanoTime();
      place.power().off();
      Heard heard = login.get();
      place.power().on();
      return heard.since(fault);
    }
  }

  @Test
  void a_password_is_seen_by_nobody_on_the_way_where_there_is_tls() throws Exception {
    for (Place place : places.all()) {
      Map<String, FaultyRelay> secured = new LinkedHashMap<>();
      place.secured().ifPresent(relay -> secured.put(place.hello(), relay));
      place.implicit().ifPresent(relay -> secured.put(place.helloImplicit(), relay));
      for (var way : secured.entrySet()) {
        assertFalse(shown(place, way.getKey(), way.getValue()), way.getKey());
      }
      // Here it can be seen: to this machine itself a password may go in clear.
      assertTrue(shown(place, place.helloClear(), place.clear()), place.helloClear());
    }
  }

  private static boolean shown(Place place, String hello, FaultyRelay relay) throws IOException {
    relay.cut();
    relay.rewind();
    assertEquals(Situation.RIGHT.reply(), right(place, hello).code(), hello);
    assertTrue(relay.said().length > 0, hello);
    return relay.shows(place.secret());
  }

  @Test
  void every_example_on_the_page_is_good() throws Exception {
    List<String> examples = examples();
    for (String each : examples) {
      var read = ConfigReader.read("heddle.toml", each);
      assertInstanceOf(Outcome.Valid.class, read, () -> each + read);
    }
    for (Place place : places.all()) {
      String protocol = "protocol = \"" + place.name() + "\"";
      assertTrue(examples.stream().anyMatch(e -> e.contains(protocol)), protocol);
    }
  }

  /** Lines that are indented and belong together. */
  private static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    for (String paragraph : opening().split("\n\n(?! )")) {
      String example =
          String.join("\n", paragraph.lines().filter(l -> l.startsWith("    ")).toList());
      if (!example.isEmpty()) {
        examples.add(example);
      }
    }
    return examples;
  }

  private static String opening() throws IOException {
    try (var text = DirectoriesIT.class.getResourceAsStream("/directories.md")) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
