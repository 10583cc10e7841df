package heddle.dial;

import heddle.mail.Octets;
import heddle.mail.Reply;
import heddle.mail.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** AUTH as a client speaks it (RFC 4954 §4). Used by one conversation only. */
final class LoginDialogue {
  private static final int MOST_ROUNDS = 12;
  private static final int LONGEST_COMMAND = 512; // RFC 5321 §4.5.3.1.4, its CRLF included
  private static final int NOT_IMPLEMENTED = 504;
  private final Talk talk;
  private final Credentials credentials;

  LoginDialogue(Talk talk, Credentials credentials) {
    this.talk = talk;
    this.credentials = credentials;
  }

  /**
   * Logs in, where we have something to log in with.
   *
   * @param inClear whether a password may go out without TLS
   */
  void run(Extensions extensions, boolean inClear) throws Broken {
    List<String> offered = extensions.mechanisms();
    switch (credentials) {
      case Credentials.None none -> {}
      case Credentials.Certificate certificate -> {
        // Where it is not offered, the certificate has said all there is to say under TLS already.
        if (offered.contains("EXTERNAL")) {
          demandSuccess(exchange(new Voice.External()));
        }
      }
      case Credentials.Password password -> {
        // RFC 4954 §4: a password goes to nobody who listens in between; SCRAM and CRAM-MD5 would
        // hand a listener what he needs to guess at home.
        if (talk.line().tls().isEmpty() && !inClear) {
          throw new Broken(new Trouble.PasswordInClear());
        }
        byPassword(offered, password);
      }
    }
  }

  private void byPassword(List<String> offered, Credentials.Password login) throws Broken {
    try (Secret secret = login.password().open()) {
      List<String> left = offered;
      while (true) {
        Optional<Voice> best = Voice.forPassword(login.order(), left, login.username(), secret);
        if (best.isEmpty()) {
          throw new Broken(noneOf(offered));
        }
        Reply answered = exchange(best.get());
        Reply reply = secret.use(password -> Echo.left(answered, password));
        // RFC 4954 §4: 504 "the requested authentication mechanism is invalid"; no word about the
        // password, so the next best may be tried. A 535 is never tried again: accounts get locked.
        if (reply.code() != NOT_IMPLEMENTED || talk.over()) {
          demandSuccess(reply);
          return;
        }
        String refused = best.get().mechanism();
        left = left.stream().filter(m -> !m.equals(refused)).toList();
      }
    } catch (Broken told) {
      throw told;
    } catch (IOException unreadable) {
      throw new Broken(
          new Trouble.OurSide(
              "the password cannot be read: "
                  + Words.brief(String.valueOf(unreadable.getMessage()))));
    }
  }

  private static Trouble noneOf(List<String> offered) {
    return new Trouble.NoMechanism(Words.brief(String.join(" ", offered)));
  }

  private static void demandSuccess(Reply reply) throws Broken {
    if (reply.code() != 235) {
      throw new Broken(new Trouble.LoginRefused(reply));
    }
  }

  private Reply exchange(Voice voice) throws Broken {
    Reply reply = begin(voice);
    for (int round = 0; reply.code() == 334; round++) {
      Optional<Octets> challenge = Octets.ofBase64(reply.lines().getFirst().strip());
      if (challenge.isEmpty() || round == MOST_ROUNDS) {
        throw cancelled(new Trouble.BadReply(Phase.AUTH, "a challenge that is none"));
      }
      byte[] answer;
      try {
        answer = voice.answer(challenge.get().toArray());
      } catch (Voice.Unproven unproven) {
        throw cancelled(new Trouble.ServerUnproven(String.valueOf(unproven.getMessage())));
      }
      reply = say("", answer);
    }
    // RFC 5802 §3: without the server's signature anybody could have said 235.
    if (reply.code() == 235 && !voice.satisfied()) {
      throw new Broken(new Trouble.ServerUnproven("it accepted without a signature"));
    }
    return reply;
  }

  private Reply begin(Voice voice) throws Broken {
    String command = "AUTH " + voice.mechanism();
    byte[] initial = voice.initial();
    if (initial == null) {
      return talk.ask(Phase.AUTH, command);
    }
    if (initial.length == 0) {
      // RFC 4954 §4: "a zero-length client initial response ... MUST be sent as "=""
      return talk.ask(Phase.AUTH, command + " =");
    }
    if (command.length() + 3 + (initial.length + 2) / 3 * 4 > LONGEST_COMMAND) {
      Arrays.fill(initial, (byte) 0);
      return talk.ask(Phase.AUTH, command);
    }
    return say(command + " ", initial);
  }

  /** Says a response in base64, and wipes every copy that is ours. */
  private Reply say(String before, byte[] response) throws Broken {
    byte[] coded = Base64.getEncoder().encode(response);
    byte[] head = before.getBytes(StandardCharsets.US_ASCII);
    byte[] line = Arrays.copyOf(head, head.length + coded.length + 2);
    System.arraycopy(coded, 0, line, head.length, coded.length);
    line[line.length - 2] = '\r';
    line[line.length - 1] = '\n';
    try {
      return Echo.left(talk.ask(Phase.AUTH, line), coded);
    } finally {
      Arrays.fill(response, (byte) 0);
      Arrays.fill(coded, (byte) 0);
      Arrays.fill(line, (byte) 0);
    }
  }

  /** RFC 4954 §4: "If the client wishes to cancel the authentication exchange" it says "*". */
  private Broken cancelled(Trouble why) {
    try {
      talk.ask(Phase.AUTH, "*");
    } catch (Broken gone) {
      // It is over either way.
    }
    return new Broken(why);
  }
}
