package heddle.hook;

import heddle.mail.Octets;
import heddle.mail.Reply;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The verbs of hooks. {@code import static heddle.hook.Decisions.*;} and return one of them. What
 * cannot be said on the wire throws IllegalArgumentException here, where the mistake is.
 */
public final class Decisions {
  private static final Reply NO = Reply.of(535, "5.7.8", "Wrong user name or password");
  private static final Reply LATER =
      Reply.of(454, "4.7.0", "Logins cannot be checked at the moment; try again later");
  private static final Reply OK = Reply.of(250, "2.0.0", "OK");

  private Decisions() {}

  /** 235 for the user name of PLAIN or LOGIN. Where there is no name it is a mistake: 454. */
  public static Decision.Accept accept() {
    return new Decision.Accept(Optional.empty(), Optional.empty(), Optional.empty(), Set.of());
  }

  /** 235: this is who has logged in. */
  public static Decision.Accept accept(String username) {
    return new Decision.Accept(Optional.of(username), Optional.empty(), Optional.empty(), Set.of());
  }

  /** 535 5.7.8 with these lines, or the usual one. */
  public static Decision.Reject reject(String... lines) {
    return new Decision.Reject(NO.saying(of(lines, NO)), false);
  }

  /** 454 4.7.0 with these lines, or the usual one. */
  public static Decision.Defer defer(String... lines) {
    return new Decision.Defer(LATER.saying(of(lines, LATER)), false);
  }

  /** 334 with this text, which is sent in base64. */
  public static Decision.Challenge reply(String text) {
    return reply(Octets.ofUtf8(text));
  }

  /**
   * 334 with these octets, which are sent in base64; no octets are an empty challenge.
   *
   * @throws IllegalArgumentException beyond what fits a line of 12288 octets (RFC 4954 §4)
   */
  public static Decision.Challenge reply(Octets octets) {
    if ((octets.size() + 2) / 3 * 4 > ProxyDecision.LONGEST_COMMAND - "334 ".length() - 2) {
      throw new IllegalArgumentException("the challenge has " + octets.size() + " octets");
    }
    return new Decision.Challenge(octets, false);
  }

  /**
   * The built-in mechanism takes the whole exchange, initial response included, and the directories
   * decide. Said at state 0; where there is no such mechanism it is a mistake: 454.
   */
  public static Decision.Verify verify() {
    return new Decision.Verify();
  }

  /** The server goes on with the command as it came. */
  public static ProxyDecision.Pass pass() {
    return new ProxyDecision.Pass(Optional.empty(), false);
  }

  /** 250 with these lines, and the server never hears of the command. */
  public static ProxyDecision.Answer proxyReply(String... lines) {
    return new ProxyDecision.Answer(OK.saying(of(lines, OK)), false, false);
  }

  private static String[] of(String[] lines, Reply usual) {
    List<String> words = Words.lines(lines, usual.lines().getFirst());
    return words.toArray(new String[0]);
  }
}
