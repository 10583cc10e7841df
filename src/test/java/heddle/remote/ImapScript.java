package heddle.remote;

import heddle.dial.Papers;
import heddle.dial.Peer;
import heddle.mail.Octets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An IMAP server's part before the login, that reads commands by the letter of RFC 9051 §9 and can
 * be told to fail at one of its answers.
 */
final class ImapScript implements Peer.Script {
  /** A login as it was understood. */
  record Login(Octets name, Octets password, boolean secured, Way way) {}

  enum Way {
    INITIAL,
    CONTINUED,
    QUOTED,
    LITERAL,
    LITERAL_AT_ONCE
  }

  /** What it does instead of an answer. */
  @FunctionalInterface
  interface Fault {
    void play(Peer.Wire wire, String answer) throws Exception;
  }

  String greeting = "* OK ready";
  String capabilities = "IMAP4rev1 AUTH=PLAIN SASL-IR";
  String securedCapabilities = "IMAP4rev1 AUTH=PLAIN SASL-IR";
  String startTls = "OK go on";
  String answer = "OK welcome";
  String challenge = "+ ";
  Optional<Papers> papers = Optional.empty();
  boolean implicit;
  int faultAt = -1;
  Fault fault = (wire, text) -> wire.stayStill();

  final List<Login> logins = new CopyOnWriteArrayList<>();
  final List<String> verbs = new CopyOnWriteArrayList<>();

  @Override
  public void play(Peer.Wire wire) throws Exception {
    new Conversation(wire).run();
  }

  private final class Conversation {
    private final Peer.Wire wire;
    private boolean secured;
    private boolean over;
    private int answers;

    Conversation(Peer.Wire wire) {
      this.wire = wire;
    }

    void run() throws Exception {
      if (implicit) {
        secure();
      }
      say(greeting);
      while (!over) {
        Optional<String> tag = word();
        if (tag.isEmpty()) {
          return;
        }
        if (!tag.get().matches("[A-Za-z0-9]+")) {
          throw new AssertionError("not a tag: " + tag.get());
        }
        command(tag.get(), word().orElseThrow());
      }
    }

    private void command(String tag, String verb) throws Exception {
      verbs.add(verb);
      switch (verb) {
        case "CAPABILITY" -> {
          String all = secured ? securedCapabilities : capabilities;
          say("* CAPABILITY " + all + "\r\n" + tag + " OK done");
        }
        case "STARTTLS" -> {
          say(tag + " " + startTls);
          if (startTls.startsWith("OK") && !over) {
            secure();
          }
        }
        case "AUTHENTICATE" -> authenticate(tag);
        case "LOGIN" -> login(tag);
        case "LOGOUT" -> wire.say("* BYE so long\r\n" + tag + " OK done");
        default -> throw new AssertionError("not a command: " + verb);
      }
    }

    private void secure() throws Exception {
      if (answers++ == faultAt) {
        fault.play(wire, "\u0016\u0003\u0003\u0000\u0010");
        over = true;
        return;
      }
      wire.secure(papers.orElseThrow().context());
      secured = true;
    }

    private void authenticate(String tag) throws Exception {
      String mechanism = word().orElseThrow();
      if (!mechanism.equals("PLAIN")) {
        throw new AssertionError(mechanism);
      }
      boolean initial = last == ' ';
      if (!initial) {
        say(challenge);
        if (over) {
          return;
        }
      }
      byte[] message = Octets.ofBase64(word().orElseThrow()).orElseThrow().toArray();
      int end = 1;
      while (message[end] != 0) {
        end++;
      }
      if (message[0] != 0) {
        throw new AssertionError("an authorization identity");
      }
      Octets all = Octets.of(message);
      logins.add(
          new Login(
              all.slice(1, end),
              all.slice(end + 1, all.size()),
              secured,
              initial ? Way.INITIAL : Way.CONTINUED));
      say(tag + " " + answer);
    }

    private void login(String tag) throws Exception {
      Octets name = astring();
      if (over) {
        return;
      }
      if (octet() != ' ') {
        throw new AssertionError("no blank behind the name");
      }
      Octets password = astring();
      if (over) {
        return;
      }
      if (octet() != '\r' || octet() != '\n') {
        throw new AssertionError("more than two arguments");
      }
      logins.add(new Login(name, password, secured, way));
      say(tag + " " + answer);
    }

    private Way way = Way.QUOTED;
    private int last;

    /** Up to a blank or the end of the line, which is taken too. */
    private Optional<String> word() throws IOException {
      var word = new StringBuilder();
      while (true) {
        byte[] next = wire.octets(1);
        if (next.length == 0) {
          return Optional.empty();
        }
        last = next[0];
        if (last == ' ') {
          return Optional.of(word.toString());
        }
        if (last == '\r') {
          if (octet() != '\n') {
            throw new AssertionError("a bare CR");
          }
          return Optional.of(word.toString());
        }
        if (last < 0x21 || last > 0x7e) {
          throw new AssertionError("not an atom: octet " + last);
        }
        word.append((char) last);
      }
    }

    private int octet() throws IOException {
      byte[] next = wire.octets(1);
      if (next.length == 0) {
        throw new AssertionError("the end in the middle of a command");
      }
      return next[0] & 0xff;
    }

    private Octets astring() throws Exception {
      int first = octet();
      return switch (first) {
        case '"' -> quoted();
        case '{' -> literal();
        default -> throw new AssertionError("neither quoted nor literal: octet " + first);
      };
    }

    /** {@code quoted = DQUOTE *QUOTED-CHAR DQUOTE}, seven bits, no CR, no LF. */
    private Octets quoted() throws IOException {
      way = Way.QUOTED;
      var text = new ByteArrayOutputStream();
      for (int c = octet(); c != '"'; c = octet()) {
        if (c == '\\') {
          c = octet();
          if (c != '"' && c != '\\') {
            throw new AssertionError("an escape that is none: " + c);
          }
        }
        if (c == '\r' || c == '\n' || c == 0 || c > 0x7f) {
          throw new AssertionError("octet " + c + " between quotes");
        }
        text.write(c);
      }
      return Octets.of(text.toByteArray());
    }

    /** {@code literal = "{" number64 ["+"] "}" CRLF *CHAR8}. */
    private Octets literal() throws Exception {
      var digits = new StringBuilder();
      int c = octet();
      for (; c >= '0' && c <= '9'; c = octet()) {
        digits.append((char) c);
      }
      boolean atOnce = c == '+';
      way = atOnce ? Way.LITERAL_AT_ONCE : Way.LITERAL;
      int size = Integer.parseInt(digits.toString());
      if (atOnce && !mayComeAtOnce(size)) {
        throw new AssertionError("a literal that nobody asked for");
      }
      if ((atOnce ? octet() : c) != '}' || octet() != '\r' || octet() != '\n') {
        throw new AssertionError("a literal's beginning that is none");
      }
      if (!atOnce) {
        say("+ go on");
        if (over) {
          return Octets.EMPTY;
        }
      }
      byte[] octets = wire.octets(size);
      for (byte each : octets) {
        if (each == 0) {
          throw new AssertionError("a NUL in a literal");
        }
      }
      return Octets.of(octets);
    }

    private boolean mayComeAtOnce(int size) {
      List<String> offered = List.of((secured ? securedCapabilities : capabilities).split(" "));
      return offered.contains("LITERAL+")
          || size <= 4096 && (offered.contains("LITERAL-") || offered.contains("IMAP4rev2"));
    }

    private void say(String text) throws Exception {
      if (answers++ == faultAt) {
        fault.play(wire, text);
        over = true;
      } else {
        wire.say(text);
      }
    }
  }
}
