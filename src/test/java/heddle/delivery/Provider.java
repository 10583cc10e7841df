package heddle.delivery;

import heddle.dial.Papers;
import heddle.dial.Peer;
import heddle.dial.Security;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A smarthost on a real socket that keeps to the rules, except where a whim comes over it. */
final class Provider implements AutoCloseable {
  /** Where in the conversation; {@code CHUNK} is BDAT, {@code IDLE} is behind a message taken. */
  enum At {
    GREETING,
    EHLO,
    STARTTLS,
    HANDSHAKE,
    AUTH,
    MAIL,
    RCPT,
    DATA,
    TEXT,
    END,
    CHUNK,
    IDLE,
    RSET
  }

  /** What it does in the place of what it should. */
  sealed interface Move {
    /** Goes on behind it, as if it had done the right thing; 421 is the last word. */
    record Say(String words) implements Move {}

    record HangUp() implements Move {}

    record KeepStill() implements Move {}

    record Play(Peer.Script script) implements Move {}
  }

  /**
   * @param call which connection, from 1
   * @param beside how many others were open when it came
   * @param nth which one of its kind on this connection, from 1; of RCPT: in this transaction
   */
  record Moment(At at, int call, int beside, int nth, String line) {}

  @FunctionalInterface
  interface Whim {
    Optional<Move> at(Moment moment);

    static Whim none() {
      return moment -> Optional.empty();
    }

    static Whim on(At at, Move move) {
      return moment -> moment.at() == at ? Optional.of(move) : Optional.empty();
    }

    static Whim on(At at, int nth, Move move) {
      return moment ->
          moment.at() == at && moment.nth() == nth ? Optional.of(move) : Optional.empty();
    }

    default Whim and(Whim other) {
      return moment -> at(moment).or(() -> other.at(moment));
    }
  }

  /** A message of which it heard the end, whether it said so or not. */
  record Taken(List<String> recipients, int lines) {}

  static final String LOGIN =
      Base64.getEncoder().encodeToString("\0relay\0pencil".getBytes(StandardCharsets.UTF_8));

  private final Security security;
  private final int port;
  private final Socket reserved;
  private Peer peer;
  volatile Whim whim = Whim.none();
  volatile Papers papers;
  volatile List<String> offers;
  final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger talking = new AtomicInteger();

  final List<Taken> taken = new CopyOnWriteArrayList<>();

  private Provider(Security security, Papers papers, List<String> offers) throws IOException {
    this.security = security;
    this.papers = papers;
    this.offers = offers;
    // A port that is bound and not listened on is nobody else's, and refuses.
    reserved = new Socket();
    reserved.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    port = reserved.getLocalPort();
  }

  /** One that is not there yet. */
  static Provider absent(Security security, Papers papers, List<String> offers) throws IOException {
    return new Provider(security, papers, offers);
  }

  Provider open() throws IOException {
    if (peer == null) {
      reserved.close();
      peer = Peer.playing(this::serve, port);
    }
    return this;
  }

  int port() {
    return port;
  }

  private static final class Gone extends IOException {
    private static final long serialVersionUID = 1;
  }

  private void serve(Peer.Wire wire) throws Exception {
    int beside = talking.getAndIncrement();
    try {
      new Conversation(wire, calls.incrementAndGet(), beside).run();
    } catch (Gone meant) {
      wire.hangUp();
    } finally {
      talking.decrementAndGet();
    }
  }

  private final class Conversation {
    private final Peer.Wire wire;
    private final int call;
    private final int beside;
    private final Map<At, Integer> counted = new EnumMap<>(At.class);
    private final List<String> recipients = new ArrayList<>();
    private boolean secure;

    Conversation(Peer.Wire wire, int call, int beside) {
      this.wire = wire;
      this.call = call;
      this.beside = beside;
    }

    void run() throws Exception {
      if (security == Security.IMPLICIT) {
        handshake();
      }
      act(At.GREETING, "220 smtp.provider.example ESMTP", "");
      for (String line = wire.hear(); line != null; line = wire.hear()) {
        String verb = line.split(" ", 2)[0].toUpperCase(java.util.Locale.ROOT);
        switch (verb) {
          case "EHLO" -> act(At.EHLO, hello(), line);
          case "HELO" -> wire.say("250 smtp.provider.example");
          case "STARTTLS" -> {
            if (act(At.STARTTLS, "220 2.0.0 go ahead", line).startsWith("220")) {
              handshake();
            }
          }
          case "AUTH" ->
              act(
                  At.AUTH,
                  line.endsWith(LOGIN) ? "235 2.7.0 welcome" : "535 5.7.8 wrong password",
                  line);
          case "MAIL" -> {
            recipients.clear();
            counted.remove(At.RCPT);
            act(At.MAIL, "250 2.1.0 ok", line);
          }
          case "RCPT" -> {
            if (act(At.RCPT, "250 2.1.5 ok", line).startsWith("25")) {
              recipients.add(line.replaceAll(".*<(.*)>.*", "$1"));
            }
          }
          case "DATA" -> data(line);
          case "BDAT" -> chunk(line);
          case "RSET" -> {
            recipients.clear();
            act(At.RSET, "250 2.0.0 forgotten", line);
          }
          case "QUIT" -> {
            wire.say("221 2.0.0 goodbye");
            return;
          }
          default -> wire.say("500 5.5.1 what?");
        }
      }
    }

    private void handshake() throws Exception {
      if (act(At.HANDSHAKE, "", "").isEmpty()) {
        wire.secure(papers.context());
        secure = true;
      }
    }

    private String hello() {
      var lines = new ArrayList<String>();
      lines.add("smtp.provider.example");
      lines.addAll(offers);
      if (security == Security.STARTTLS && !secure) {
        lines.removeIf(offer -> offer.startsWith("AUTH"));
      } else {
        lines.remove("STARTTLS");
      }
      var text = new StringBuilder();
      for (int i = 0; i < lines.size(); i++) {
        text.append(i == 0 ? "" : "\r\n")
            .append(i == lines.size() - 1 ? "250 " : "250-")
            .append(lines.get(i));
      }
      return text.toString();
    }

    private void data(String line) throws Exception {
      if (recipients.isEmpty()) {
        wire.say("554 5.5.1 no valid recipients");
        return;
      }
      if (!act(At.DATA, "354 go ahead", line).startsWith("354")) {
        return;
      }
      act(At.TEXT, "", "");
      int lines = 0;
      for (String text = wire.hear(); !".".equals(text); text = wire.hear()) {
        if (text == null) {
          throw new Gone();
        }
        lines++;
      }
      end(lines);
    }

    private void chunk(String line) throws Exception {
      String said = act(At.CHUNK, "", line);
      if (!said.isEmpty()) {
        return;
      }
      byte[] octets = wire.octets(Integer.parseInt(line.split(" ")[1]));
      if (line.endsWith("LAST")) {
        end((int) new String(octets, StandardCharsets.UTF_8).lines().count());
      } else {
        wire.say("250 2.0.0 next");
      }
    }

    private void end(int lines) throws Exception {
      var all = new Taken(List.copyOf(recipients), lines);
      recipients.clear();
      boolean refused =
          peek(At.END)
              .map(m -> m instanceof Move.Say(var words) && words.matches("(?s)[45].*"))
              .orElse(false);
      if (!refused) {
        taken.add(all);
      }
      act(At.END, "250 2.0.0 taken", "");
      act(At.IDLE, "", "");
    }

    private Optional<Move> peek(At at) {
      return whim.at(new Moment(at, call, beside, counted.getOrDefault(at, 0) + 1, ""));
    }

    /** Does what the whim says, or says what is usual; empty: nothing. */
    private String act(At at, String usual, String line) throws Exception {
      int nth = counted.merge(at, 1, Integer::sum);
      Optional<Move> move = whim.at(new Moment(at, call, beside, nth, line));
      if (move.isEmpty()) {
        if (!usual.isEmpty()) {
          wire.say(usual);
        }
        return usual;
      }
      switch (move.get()) {
        case Move.Say(var words) -> {
          wire.say(words);
          if (words.startsWith("421")) {
            throw new Gone();
          }
          return words;
        }
        case Move.HangUp _ -> throw new Gone();
        case Move.KeepStill _ -> {
          wire.stayStill();
          throw new Gone();
        }
        case Move.Play(var script) -> {
          script.play(wire);
          return usual;
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    reserved.close();
    if (peer != null) {
      peer.close();
    }
  }
}
