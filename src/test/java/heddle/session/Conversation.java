package heddle.session;

import heddle.session.Exchange.House;
import heddle.session.Exchange.Moment;
import heddle.session.Exchange.Shown;
import heddle.session.Exchange.Spelling;
import heddle.session.Exchange.Spoil;
import heddle.session.Said.Asked;
import heddle.session.Said.Over;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The model: what a client and a server have come to, and what must be heard next. It plays one
 * exchange after the other, on a connection where there is one, and compares; without a server it
 * thinks an exchange through to its end.
 */
final class Conversation implements AutoCloseable {
  /** Where connections come from. */
  @FunctionalInterface
  interface Door {
    Wire enter(Shown shown) throws IOException;
  }

  /** RFC 4954 §4: the most octets of a line of an exchange, its CRLF left out. */
  private static final int LONGEST = 12_288;

  private static final int ROUNDS = 16;
  private static final int MISSPELLINGS = 14;
  private static final int MISSPELLINGS_IN_COMMANDS = 8;
  private static final int PATIENCE = 100_000;

  /** session.auth.errors.total and session.max-errors, as they are by default. */
  private static final int TOTAL = 3;

  private static final int MAX_ERRORS = 20;

  /** What must be heard, in words for people and as a rule. */
  private record Awaited(String what, Predicate<List<String>> rule) {}

  private final Optional<Door> door;
  private final Deque<Awaited> awaited = new ArrayDeque<>();
  private final ByteArrayOutputStream unsaid = new ByteArrayOutputStream();
  private final List<String> transcript = new ArrayList<>();
  private Optional<Wire> wire = Optional.empty();
  private List<Integer> cuts = List.of();

  // What the model knows.
  private House house = House.AMPLE;
  private Shown shown = Shown.NONE;
  private boolean open;
  private boolean greeted;
  private boolean loggedIn;
  private boolean inTransaction;
  private int failures;
  private int errors;
  private int calls;

  private Conversation(Optional<Door> door) {
    this.door = door;
  }

  static Conversation through(Door door) {
    return new Conversation(Optional.of(door));
  }

  static Conversation inThought() {
    return new Conversation(Optional.empty());
  }

  /**
   * Plays an exchange.
   *
   * @return how it must end, and where there is a server, has ended
   */
  End play(Exchange exchange) {
    transcript.add("--- " + exchange);
    cuts = exchange.how().cuts();
    try {
      arrive(exchange);
      End end = ended(auth(exchange));
      if (end.closes) {
        await("the end", List::isEmpty);
        settle();
        hangUp();
      } else {
        if (!exchange.how().pipelined()) {
          settle();
        }
        afterwards();
      }
      return end;
    } catch (IOException broken) {
      throw new AssertionError(broken + told(), broken);
    }
  }

  private String told() {
    return "\n" + String.join("\n", transcript);
  }

  // ---- before it

  private void arrive(Exchange exchange) throws IOException {
    Moment moment = exchange.where().moment();
    boolean fits =
        open
            && !exchange.where().afresh()
            && !house.hasty()
            && moment != Moment.BEFORE_EHLO
            && (!loggedIn || moment != Moment.FITTING);
    if (!fits) {
      hangUp();
      connect(exchange.where().house(), exchange.where().shown());
    }
    if (!greeted && moment != Moment.BEFORE_EHLO) {
      greet();
    }
    boolean wantsIn =
        moment == Moment.LOGGED_IN || moment == Moment.IN_TRANSACTION && !house.guest();
    if (wantsIn && !loggedIn && !house.broken()) {
      logIn();
    }
    if (moment == Moment.IN_TRANSACTION && (loggedIn || house.guest())) {
      command("MAIL FROM:<" + (loggedIn ? Words.ANNA : "guest@example.net") + ">", "250 2.1.0");
      inTransaction = true;
      settle();
    }
  }

  private void connect(House at, Shown certificate) throws IOException {
    house = at;
    shown = certificate;
    open = true;
    greeted = false;
    loggedIn = false;
    inTransaction = false;
    failures = 0;
    errors = 0;
    calls = 0;
    if (door.isPresent()) {
      wire = Optional.of(door.get().enter(certificate));
    }
    await("220", lines -> lines.getFirst().startsWith("220 mail.example.org "));
    settle();
  }

  private void greet() throws IOException {
    greeted = true;
    say("EHLO " + house.word);
    String offer = "250-AUTH " + String.join(" ", offered());
    await(
        offer,
        lines ->
            lines.stream().allMatch(l -> l.startsWith("250"))
                && lines.stream().anyMatch(l -> l.replace("250 ", "250-").equals(offer)));
    settle();
  }

  private List<String> listed() {
    return switch (house) {
      case ONLY_LOGIN -> List.of(Way.LOGIN.word);
      case ONLY_PLAIN -> List.of(Way.PLAIN.word);
      default -> {
        List<String> all = Way.builtIn();
        if (house.hooked()) {
          all.add(Way.X_SITE.word);
        }
        yield all;
      }
    };
  }

  /** EXTERNAL is of use to those whom somebody might know by what they show. */
  private List<String> offered() {
    List<String> all = new ArrayList<>(listed());
    boolean known = shown == Shown.ANNAS || shown == Shown.STRANGERS && house.hooked();
    if (!known) {
      all.remove(Way.EXTERNAL.word);
    }
    return all;
  }

  private boolean isOffered(Way way) {
    return listed().contains(way.word) && (way != Way.EXTERNAL || shown != Shown.NONE);
  }

  private void logIn() throws IOException {
    byte[] words = ("\0" + Words.ANNA + "\0" + Words.ANNAS).getBytes(StandardCharsets.UTF_8);
    if (house == House.ONLY_LOGIN) {
      say("AUTH LOGIN");
      await("334 VXNlcm5hbWU6", lines -> lines.equals(List.of("334 VXNlcm5hbWU6")));
      say(Base64.getEncoder().encodeToString(Words.ANNA.getBytes(StandardCharsets.UTF_8)));
      await("334 UGFzc3dvcmQ6", lines -> lines.equals(List.of("334 UGFzc3dvcmQ6")));
      say(Base64.getEncoder().encodeToString(Words.ANNAS.getBytes(StandardCharsets.UTF_8)));
    } else {
      say("AUTH PLAIN " + Base64.getEncoder().encodeToString(words));
    }
    awaitReply(End.ACCEPTED.reply);
    settle();
    loggedIn = true;
  }

  // ---- after it

  /** RFC 5321 §3.5.3 and RFC 4954 §6: VRFY tells who is in, and that nobody is out of step. */
  private void afterwards() throws IOException {
    if (inTransaction) {
      command("RSET", "250 2.0.0");
      inTransaction = false;
    }
    boolean known = loggedIn || greeted && house.guest();
    say("VRFY somebody");
    End last = known ? End.ACCEPTED : counted(End.FLAWED);
    if (last == End.TOO_MANY_ERRORS) {
      awaitReply(last.reply);
      await("the end", List::isEmpty);
      settle();
      hangUp();
    } else {
      awaitReply(known ? "252 2.5.0" : "530 5.7.0");
      settle();
    }
  }

  private void hangUp() {
    wire.ifPresent(Wire::close);
    wire = Optional.empty();
    open = false;
    awaited.clear();
    unsaid.reset();
  }

  /** Failures and errors count, and may be too many; the reply says which. */
  private End ended(End end) throws IOException {
    End last = end;
    if (end.counts) {
      failures++;
      if (failures >= (house.strict() ? TOTAL : PATIENCE)) {
        last = End.TOO_MANY;
      }
    }
    last = counted(last);
    if (last == End.ACCEPTED) {
      loggedIn = true;
    }
    if (last != End.GONE) {
      awaitReply(last.reply);
    }
    return last;
  }

  private End counted(End end) {
    if (end.closes || !end.reply.startsWith("5")) {
      return end;
    }
    errors++;
    return errors >= (house.strict() ? MAX_ERRORS : PATIENCE) ? End.TOO_MANY_ERRORS : end;
  }

  // ---- the exchange itself

  private End auth(Exchange exchange) throws IOException {
    Optional<Said> initial = initial(exchange);
    Course course = new Course(wire.<Course.Channel>map(w -> w).orElse(Course.NONE));
    byte[] line = commandLine(exchange, initial, course);
    if (exchange.spoilt(0)) {
      Optional<End> end = spoilt(exchange, line, true);
      if (end.isPresent()) {
        return end.get();
      }
    } else {
      sayLine(line);
    }
    Optional<End> refused = refusedAtOnce(exchange, initial);
    if (refused.isPresent()) {
      return refused.get();
    }
    if (house.broken() && !exchange.way().tellsPassword()) {
      return End.UNAVAILABLE;
    }
    if (exchange.way() == Way.X_SITE) {
      calls++;
    }
    if (initial.isPresent()) {
      course.size = "" + size(new String(line, StandardCharsets.UTF_8));
    }
    course.calls = calls;
    return dialogue(
        exchange, course, initial.map(Said::then).orElse(exchange.way().beginning.otherwise()));
  }

  private Optional<Said> initial(Exchange exchange) {
    return exchange.how().initial()
        ? Optional.of(exchange.pick(exchange.way().beginning.initials(), 0))
        : Optional.empty();
  }

  /** Of the initial response, decoded. */
  private static int size(String line) {
    String response = line.strip().substring(line.strip().lastIndexOf(' ') + 1);
    return response.equals("=") ? 0 : Base64.getDecoder().decode(response).length;
  }

  /** What is answered before any mechanism is asked; in the order in which a line is understood. */
  private Optional<End> refusedAtOnce(Exchange exchange, Optional<Said> initial) {
    boolean responses = initial.isPresent() && !isFull(initial) || exchange.spoilt(0);
    if (exchange.how().spelling() == Spelling.TWO_RESPONSES && responses) {
      return Optional.of(End.TWO_RESPONSES);
    }
    Optional<End> untimely = untimely();
    if (untimely.isPresent()) {
      return untimely;
    }
    if (!isOffered(exchange.way())) {
      return Optional.of(End.NOT_OFFERED);
    }
    // RFC 4954 §4: "*" cancels a challenge; on the command line it is no base64 either.
    return exchange.spoilt(0) ? Optional.of(End.NOT_BASE64) : Optional.empty();
  }

  private Optional<End> untimely() {
    return !greeted
        ? Optional.of(End.TOO_EARLY)
        : inTransaction
            ? Optional.of(End.IN_TRANSACTION)
            : loggedIn ? Optional.of(End.TWICE) : Optional.empty();
  }

  private byte[] commandLine(Exchange exchange, Optional<Said> initial, Course course) {
    Spelling spelling = exchange.how().spelling();
    String verb = spelling == Spelling.LOWER_CASE ? "auth " : "AUTH ";
    if (spelling == Spelling.TWO_SPACES) {
      verb += " ";
    }
    String word = exchange.way().word;
    String beginning =
        verb + (spelling == Spelling.LOWER_CASE ? word.toLowerCase(Locale.ROOT) : word);
    int detail = exchange.what().detail();
    String response =
        exchange.spoilt(0) && exchange.what().spoil() == Spoil.CANCEL
            ? "*"
            : exchange.spoilt(0) && exchange.what().spoil() == Spoil.BAD_BASE64
                ? misspelt(shown(initial, course), detail % MISSPELLINGS_IN_COMMANDS)
                : initial.map(said -> initialWords(said, course, beginning)).orElse("");
    String end =
        switch (spelling) {
          case TWO_RESPONSES -> response.isEmpty() ? "" : " QUJD";
          case TRAILING_SPACE -> " ";
          default -> "";
        };
    boolean full = isFull(initial) && response.length() > LONGEST / 2;
    return (beginning + (response.isEmpty() ? "" : " " + response) + (full ? "" : end))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Whether there is no room on the line for anything else. */
  private static boolean isFull(Optional<Said> initial) {
    return initial.isPresent() && initial.get().what().equals(Said.LONGEST);
  }

  /** The initial response in base64, where there is one that leaves room for a mistake. */
  private static String shown(Optional<Said> initial, Course course) {
    return initial
        .filter(said -> !isFull(initial))
        .map(said -> Base64.getEncoder().encodeToString(said.words().apply(course)))
        .filter(text -> !text.isEmpty())
        .orElse("AAAA");
  }

  /** RFC 4648 §3: what is nearly base64, and none. The last are none in a command line. */
  private static String misspelt(String base64, int how) {
    if (base64.length() > LONGEST / 2) {
      return base64.substring(1); // any more would be too much
    }
    String bare = base64.replace("=", "");
    int last = bare.length() - 1;
    return switch (how) {
      case 0 -> base64 + "x";
      case 1 -> (base64.isEmpty() ? "A" : base64) + "=";
      case 2 -> base64.isEmpty() ? "A" : base64.substring(0, base64.length() - 1);
      case 3 ->
          base64.endsWith("=") // bits that belong to no octet
              ? bare.substring(0, last)
                  + (char) (bare.charAt(last) + 1)
                  + base64.substring(last + 1)
              : base64 + "QR==";
      case 4 -> base64 + "QQ==QQ==";
      case 5 -> "-" + (base64.isEmpty() ? "" : base64.substring(1));
      case 6 -> "é" + base64;
      case 7 -> "####";
      case 8 -> " " + base64;
      case 9 -> base64 + " ";
      case 10 -> "* ";
      default -> "="; // which is nothing on a command line only
    };
  }

  /** RFC 4954 §4: "=" for no octets. What is to be as long as may be, shares the line with AUTH. */
  private static String initialWords(Said said, Course course, String beginning) {
    byte[] words = said.words().apply(course);
    if (said.what().equals(Said.LONGEST)) {
      int room = LONGEST - beginning.length() - 1;
      return " ".repeat(room % 4) + "YWFh".repeat(room / 4);
    }
    return words.length == 0 ? "=" : Base64.getEncoder().encodeToString(words);
  }

  private End dialogue(Exchange exchange, Course course, Said.Then beginning) throws IOException {
    Said.Then then = beginning;
    for (int turn = 1; then instanceof Asked question; turn++) {
      awaitPrompt(course, question);
      Said said = exchange.pick(question.answers().get(), turn);
      if (!said.fixed() || !exchange.how().pipelined()) {
        settle();
      }
      if (exchange.spoilt(turn)) {
        return spoilt(exchange, encoded(said, course), false).orElseThrow();
      }
      sayLine(encoded(said, course));
      then = said.then();
      if (exchange.way() == Way.X_SITE && !question.last()) {
        calls++;
        course.calls = calls;
        course.state = turn;
        course.size = "" + said.words().apply(course).length;
        if (turn == ROUNDS) {
          return End.ENDLESS;
        }
      }
    }
    return lastly(exchange.way(), ((Over) then).end());
  }

  /** What depends on where it is said. */
  private End lastly(Way way, End end) {
    if (way == Way.EXTERNAL && shown == Shown.STRANGERS && end == End.ACCEPTED) {
      return End.REFUSED;
    }
    boolean judged = end == End.ACCEPTED || end == End.REFUSED;
    return house.broken() && judged ? End.UNAVAILABLE : end;
  }

  private static byte[] encoded(Said said, Course course) {
    if (!said.fixed() && course.prompt().isEmpty()) {
      return new byte[0]; // in thought
    }
    return Base64.getEncoder().encode(said.words().apply(course));
  }

  /**
   * Says a line with what is wrong about it.
   *
   * @return the end that it brings about; empty where a command line is a line all the same
   */
  private Optional<End> spoilt(Exchange exchange, byte[] line, boolean command) throws IOException {
    int detail = exchange.what().detail();
    switch (exchange.what().spoil()) {
      case CANCEL -> {
        sayLine(command ? line : "*".getBytes(StandardCharsets.UTF_8));
        return command ? Optional.empty() : Optional.of(End.CANCELLED);
      }
      case BAD_BASE64 -> {
        String text = new String(line, StandardCharsets.UTF_8);
        String bad = command ? "" : misspelt(text, detail % MISSPELLINGS);
        sayLine(command ? line : bad.getBytes(StandardCharsets.UTF_8));
        return command ? Optional.empty() : Optional.of(End.NOT_BASE64);
      }
      case TOO_LONG -> {
        int length = List.of(LONGEST + 1, LONGEST + 4, 70_000).get(detail % 3);
        String before = command ? "AUTH " + exchange.way().word + " " : "";
        sayLine((before + "A".repeat(length - before.length())).getBytes(StandardCharsets.UTF_8));
        boolean login = !command || untimely().isEmpty();
        return Optional.of(login ? End.TOO_LONG : End.FLAWED);
      }
      case NUL, BARE_CR, BARE_LF -> {
        int octet =
            List.of(0, (int) '\r', (int) '\n')
                .get(exchange.what().spoil().ordinal() - Spoil.NUL.ordinal());
        int at = line.length == 0 ? 0 : detail % line.length;
        var flawed = new ByteArrayOutputStream();
        flawed.write(line, 0, at);
        flawed.write(octet);
        flawed.write(line, at, line.length - at);
        sayLine(flawed.toByteArray());
        return Optional.of(command ? End.FLAWED : End.NOT_BASE64);
      }
      case END, HALF_A_LINE_AND_END, CUT -> {
        if (exchange.what().spoil() != Spoil.END) {
          unsaid.write(line, 0, line.length / 2);
        }
        leave(exchange.what().spoil() == Spoil.CUT);
        return Optional.of(End.GONE);
      }
      case SILENCE, HALF_A_LINE_AND_SILENCE -> {
        if (exchange.what().spoil() == Spoil.HALF_A_LINE_AND_SILENCE) {
          unsaid.write(line, 0, line.length / 2);
        }
        return Optional.of(End.TIMED_OUT);
      }
      case NOTHING -> throw new IllegalStateException("nothing is spoilt");
    }
    throw new IllegalStateException();
  }

  // ---- saying and hearing

  private void command(String line, String reply) {
    say(line);
    awaitReply(reply);
  }

  private void say(String line) {
    sayLine(line.getBytes(StandardCharsets.UTF_8));
  }

  private void sayLine(byte[] line) {
    String text = new String(line, StandardCharsets.UTF_8);
    transcript.add("C: " + (text.length() > 200 ? text.substring(0, 200) + "…" : text));
    unsaid.writeBytes(line);
    unsaid.writeBytes(new byte[] {'\r', '\n'});
  }

  private void await(String what, Predicate<List<String>> rule) {
    awaited.add(new Awaited(what, rule));
  }

  /**
   * @param reply a code and, where there is one, its enhanced status
   */
  private void awaitReply(String reply) {
    if (reply.equals("334")) {
      await("334 and the end", l -> l.size() == 1 && l.getFirst().startsWith("334 "));
      return;
    }
    String[] words = reply.split(" ");
    String rule = words[0] + "[ -]" + words[1].replace(".", "\\.") + " .+";
    await(reply, lines -> !lines.isEmpty() && lines.stream().allMatch(l -> l.matches(rule)));
  }

  private void awaitPrompt(Course course, Asked question) {
    var now = new Course(course);
    await(
        "334",
        lines -> {
          if (lines.size() != 1 || !lines.getFirst().matches("334 [A-Za-z0-9+/]*=*")) {
            return false;
          }
          byte[] prompt = Base64.getDecoder().decode(lines.getFirst().substring(4));
          now.heard(prompt);
          course.heard(prompt);
          return question.prompt().test(now, prompt);
        });
  }

  /** Says what is unsaid, and hears what is awaited. */
  private void settle() throws IOException {
    if (wire.isEmpty()) {
      awaited.clear();
      unsaid.reset();
      return;
    }
    if (unsaid.size() > 0) {
      wire.get().write(unsaid.toByteArray(), cuts);
      unsaid.reset();
    }
    while (!awaited.isEmpty()) {
      Awaited next = awaited.poll();
      List<String> lines = wire.get().hear();
      transcript.add("S: " + (lines.isEmpty() ? "the end" : String.join("\n   ", lines)));
      if (!next.rule().test(lines)) {
        throw new AssertionError("not " + next.what() + told());
      }
    }
  }

  private void leave(boolean cut) throws IOException {
    transcript.add(cut ? "C: cut" : "C: the end");
    if (wire.isEmpty()) {
      return;
    }
    if (unsaid.size() > 0) {
      wire.get().write(unsaid.toByteArray(), cuts);
      unsaid.reset();
    }
    if (cut) {
      wire.get().cut();
    } else {
      wire.get().end();
    }
  }

  @Override
  public void close() {
    hangUp();
  }
}
