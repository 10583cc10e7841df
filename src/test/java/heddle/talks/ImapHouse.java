package heddle.talks;

import heddle.dial.Papers;
import heddle.dial.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An IMAP server where everybody has the same password, at two ports: with STARTTLS, without which
 * nobody logs in, and under TLS. Some users it treats in ways of their own, by what their names
 * begin with.
 */
final class ImapHouse implements AutoCloseable {
  private final Papers papers;
  private final String password;
  private final Peer clear;
  private final Peer secured;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private volatile String last = "";
  private volatile List<String> verbs = List.of();

  ImapHouse(Papers papers, String password) throws IOException {
    this.papers = papers;
    this.password = password;
    this.clear = Peer.playing(wire -> call(wire, false));
    this.secured = Peer.playing(wire -> call(wire, true));
  }

  int port() {
    return clear.port();
  }

  int tlsPort() {
    return secured.port();
  }

  /** Connections so far. */
  int calls() {
    return calls.get();
  }

  /** Waits until everybody has left, and counts from there. */
  void emptied() throws InterruptedException {
    for (int i = 0; i < 1000 && now.get() > 0; i++) {
      Thread.sleep(10);
    }
    most.set(now.get());
  }

  /** How many connections there were at one time. */
  int most() {
    return most.get();
  }

  /** Name and password of the last login. */
  String last() {
    return last;
  }

  /** What the last caller said before the login was answered. */
  String verbs() {
    return String.join(", ", verbs);
  }

  private void call(Peer.Wire wire, boolean implicit) throws Exception {
    calls.incrementAndGet();
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    boolean here = true;
    List<String> heard = new CopyOnWriteArrayList<>();
    verbs = heard;
    try {
      if (implicit) {
        wire.secure(papers.context());
      }
      wire.say("* OK [CAPABILITY " + can(implicit) + "] ready");
      boolean tls = implicit;
      for (String line = wire.hear(); line != null; line = wire.hear()) {
        String[] words = line.split(" ");
        if (words[1].equals("LOGOUT")) {
          // Who takes his leave is still here.
          Thread.sleep(50);
          now.decrementAndGet();
          here = false;
          wire.say("* BYE so long\r\n" + words[0] + " OK done");
          return;
        }
        heard.add(words[1]);
        switch (words[1]) {
          case "CAPABILITY" ->
              wire.say("* CAPABILITY " + can(tls) + "\r\n" + words[0] + " OK done");
          case "STARTTLS" -> {
            wire.say(words[0] + " OK go on");
            wire.secure(papers.context());
            tls = true;
          }
          case "AUTHENTICATE" -> login(wire, words[0], words[3]);
          default -> throw new AssertionError("not a command: " + line);
        }
      }
    } finally {
      if (here) {
        now.decrementAndGet();
      }
    }
  }

  private static String can(boolean tls) {
    return "IMAP4rev1 " + (tls ? "SASL-IR AUTH=PLAIN" : "STARTTLS LOGINDISABLED");
  }

  private void login(Peer.Wire wire, String tag, String initial) throws Exception {
    String[] said =
        new String(Base64.getDecoder().decode(initial), StandardCharsets.UTF_8).split("\0", -1);
    String user = said[1];
    last = user + " / " + said[2];
    switch (user.replaceAll("[0-9]*@.*", "")) {
      case "later" -> wire.say(tag + " NO [UNAVAILABLE] ask again");
      case "bye" -> wire.say("* BYE too busy");
      case "gone" -> wire.hangUp();
      case "still" -> wire.stayStill();
      case "drips" -> {
        for (int i = 0; i < 100; i++) {
          wire.say("* OK wait");
          Thread.sleep(50);
        }
      }
      case "slow" -> {
        Thread.sleep(200);
        wire.say(tag + " OK welcome");
      }
      default ->
          wire.say(
              tag + (said[2].equals(password) ? " OK welcome" : " NO [AUTHENTICATIONFAILED] no"));
    }
  }

  @Override
  public void close() throws IOException {
    clear.close();
    secured.close();
  }
}
