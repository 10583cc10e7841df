package heddle.real;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One directory, and the server that stands behind it.
 *
 * @param name as its protocol is written
 * @param user who may log in there
 * @param secret what of their login must be seen by nobody: the password, or what a database keeps
 *     of it
 * @param secured on the way to the server as it offers TLS; empty where the protocol has none
 * @param implicit to where it speaks TLS from the first octet; empty where there is no other place
 * @param clear to where it has no TLS
 * @param verdicts pieces of its yes as they go by in clear; the first is what makes it one
 * @param others who may not log in there, with the password all the same, by {@link #SHUT} and the
 *     like
 */
record Place(
    String name,
    String user,
    String password,
    String secret,
    Optional<FaultyRelay> secured,
    Optional<FaultyRelay> implicit,
    FaultyRelay clear,
    List<String> verdicts,
    Map<String, String> others,
    Power power) {
  /** A user who is disabled. */
  static final String SHUT = "a disabled user";

  static final String EXPIRED = "a password that has expired";

  /** A user about whom the server cannot tell. */
  static final String UNTOLD = "the server itself cannot tell";

  /** Stops the server and starts it again; it is the one behind {@code clear}. */
  interface Power {
    void off() throws Exception;

    void on() throws Exception;
  }

  /** The relay that most of it is played on. */
  FaultyRelay usual() {
    return secured.orElse(clear);
  }

  List<FaultyRelay> relays() {
    return java.util.stream.Stream.of(secured, implicit, Optional.of(clear))
        .flatMap(Optional::stream)
        .toList();
  }

  /** What a client says in EHLO to be judged there. */
  String hello() {
    return secured.isPresent() ? name : helloClear();
  }

  String helloClear() {
    return name + "-clear";
  }

  /** The same server, whose certificate nobody has vouched for. */
  String helloStrange() {
    return name + "-strange";
  }

  String helloImplicit() {
    return name + "-implicit";
  }
}
