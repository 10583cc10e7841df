package heddle.session;

import heddle.session.Said.Over;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What clients say in each mechanism but SCRAM, right and wrong, and what must come of it. */
final class Words {
  static final String ANNA = "anna@example.org";
  static final String ANNAS = "correct horse";

  /** Whose account is disabled. */
  static final String BOB = "bob@example.org";

  static final String BOBS = "battery staple";
  static final String NOBODY = "nobody@example.org";

  private Words() {}

  private static List<Said> several(int times, Said said) {
    return new ArrayList<>(java.util.Collections.nCopies(times, said));
  }

  // ---- PLAIN, RFC 4616

  static Way.Beginning plain() {
    List<Said> all = several(3, Said.of("\0" + ANNA + "\0" + ANNAS, End.ACCEPTED));
    all.addAll(
        List.of(
            Said.of(ANNA + "\0" + ANNA + "\0" + ANNAS, End.ACCEPTED),
            Said.of("\0Anna@EXAMPLE.org\0" + ANNAS, End.ACCEPTED),
            Said.of("\0" + ANNA + "\0wrong", End.REFUSED),
            Said.of("\0" + NOBODY + "\0" + ANNAS, End.REFUSED),
            Said.of("\0" + BOB + "\0" + BOBS, End.REFUSED),
            Said.of(BOB + "\0" + ANNA + "\0" + ANNAS, End.REFUSED),
            Said.of("", End.MALFORMED),
            Said.of(ANNA, End.MALFORMED),
            Said.of(ANNA + "\0" + ANNAS, End.MALFORMED),
            Said.of("\0" + ANNA + "\0", End.MALFORMED),
            Said.of("\0\0" + ANNAS, End.MALFORMED),
            Said.of("\0" + ANNA + "\0" + ANNAS + "\0", End.MALFORMED),
            Said.of("\0anna\r\n@example.org\0" + ANNAS, End.MALFORMED),
            Said.of("not UTF-8", new byte[] {0, 'a', (byte) 0xff, 0, 'x'}, no()),
            Said.longest(End.MALFORMED)));
    return new Way.Beginning(all, Said.asked("", () -> all));
  }

  private static Over no() {
    return new Over(End.MALFORMED);
  }

  // ---- LOGIN, draft-murchison-sasl-login

  static Way.Beginning login() {
    List<Said> names = several(3, name(ANNA, ANNAS));
    names.addAll(
        List.of(
            name("ANNA@example.org", ANNAS),
            name(NOBODY, ""),
            name(BOB, ""),
            Said.of("", End.MALFORMED),
            Said.of("an\0na", End.MALFORMED),
            Said.of("an\nna", End.MALFORMED),
            Said.longest(End.MALFORMED)));
    return new Way.Beginning(names, Said.asked("Username:", () -> names));
  }

  /**
   * @param right its password; empty where none will do
   */
  private static Said name(String name, String right) {
    End yes = right.isEmpty() ? End.REFUSED : End.ACCEPTED;
    String best = right.isEmpty() ? BOBS : right;
    List<Said> passwords = several(3, Said.of(best, yes));
    passwords.addAll(
        List.of(
            Said.of("wrong", End.REFUSED),
            Said.of("", End.MALFORMED),
            Said.of("correct\0horse", End.MALFORMED),
            Said.longest(End.MALFORMED)));
    return Said.of(name, name, Said.asked("Password:", () -> passwords));
  }

  // ---- CRAM-MD5, RFC 2195

  static Way.Beginning cramMd5() {
    List<Said> answers = several(3, digest(ANNA, ANNAS, End.ACCEPTED));
    answers.addAll(
        List.of(
            digest(ANNA, "wrong", End.REFUSED),
            digest(NOBODY, ANNAS, End.REFUSED),
            digest(BOB, BOBS, End.REFUSED),
            Said.of(ANNA + " " + "0".repeat(32), End.REFUSED),
            Said.of("", End.MALFORMED),
            Said.of(ANNA, End.MALFORMED),
            Said.of(ANNA + " " + "0".repeat(31), End.MALFORMED),
            Said.of(ANNA + " " + "A".repeat(32), End.MALFORMED),
            Said.of(" " + "0".repeat(32), End.MALFORMED),
            Said.longest(End.MALFORMED)));
    var asked =
        new Said.Asked(
            (_, prompt) ->
                new String(prompt, StandardCharsets.US_ASCII)
                    .matches("<[!-~&&[^<>@]]{16,}@mail\\.example\\.org>"),
            () -> answers,
            false);
    List<Said> early =
        List.of(
            Said.of("", End.SPEAKS_FIRST),
            Said.of(ANNA + " " + "0".repeat(32), End.SPEAKS_FIRST),
            Said.longest(End.SPEAKS_FIRST));
    return new Way.Beginning(early, asked);
  }

  private static Said digest(String name, String password, End end) {
    return Said.reply(
        "the digest of " + name + " with " + password,
        course -> {
          byte[] mac = hmac("HmacMD5", password.getBytes(StandardCharsets.UTF_8), course.prompt());
          return name + " " + HexFormat.of().formatHex(mac);
        },
        new Over(end));
  }

  static byte[] hmac(String algorithm, byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (java.security.GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  // ---- EXTERNAL, RFC 4422, of somebody with Anna's certificate

  static Way.Beginning external() {
    List<Said> all = several(3, Said.of("", End.ACCEPTED));
    all.addAll(
        List.of(
            Said.of(ANNA, End.ACCEPTED),
            Said.of(BOB, End.REFUSED),
            Said.of(NOBODY, End.REFUSED),
            Said.of("anna\0", End.MALFORMED),
            Said.of("not UTF-8", new byte[] {'a', (byte) 0xc3}, no()),
            Said.longest(End.MALFORMED)));
    return new Way.Beginning(all, Said.asked("", () -> all));
  }

  // ---- OAUTHBEARER, RFC 7628, and XOAUTH2

  static Way.Beginning oauthBearer() {
    String end = "\u0001\u0001";
    List<Said> all =
        several(3, token("n,a=" + ANNA + ",\u0001auth=Bearer ", Tokens.GOOD, end, true, true));
    all.addAll(
        List.of(
            token("n,,\u0001host=mail.example.org\u0001auth=Bearer ", Tokens.GOOD, end, true, true),
            token("y,,\u0001auth=bearer ", Tokens.GOOD, end, true, true),
            token("n,,\u0001auth=Bearer ", Tokens.OVER, end, false, true),
            token("n,,\u0001auth=Bearer ", Tokens.FORGED, end, false, true),
            token("n,,\u0001auth=Bearer ", Tokens.BOBS, end, false, true),
            token("n,a=" + BOB + ",\u0001auth=Bearer ", Tokens.GOOD, end, false, true),
            Said.of("", End.MALFORMED),
            Said.of("\u0001", End.MALFORMED),
            Said.of("n,,\u0001auth=Bearer abc\u0001", End.MALFORMED),
            Said.of("p=x,,\u0001auth=Bearer abc" + end, End.MALFORMED),
            Said.of("n,,\u0001auth=Bearer a b" + end, End.MALFORMED),
            Said.longest(End.MALFORMED)));
    return new Way.Beginning(all, Said.asked("", () -> all));
  }

  static Way.Beginning xoauth2() {
    String end = "\u0001\u0001";
    String anna = "user=" + ANNA + "\u0001auth=Bearer ";
    List<Said> all = several(3, token(anna, Tokens.GOOD, end, true, false));
    all.addAll(
        List.of(
            token(anna, Tokens.OVER, end, false, false),
            token(anna, Tokens.FORGED, end, false, false),
            token("user=" + BOB + "\u0001auth=Bearer ", Tokens.BOBS, end, false, false),
            token("user=" + BOB + "\u0001auth=Bearer ", Tokens.GOOD, end, false, false),
            Said.of("", End.MALFORMED),
            Said.of("user=\u0001auth=Bearer abc" + end, End.MALFORMED),
            Said.of("user=" + ANNA + "\u0001auth=Bearer abc\u0001", End.MALFORMED),
            Said.longest(End.MALFORMED)));
    return new Way.Beginning(all, Said.asked("", () -> all));
  }

  /** RFC 7628 §3.2.3: a no is told as JSON in a challenge, and what is answered changes nothing. */
  private static Said token(
      String before, Tokens token, String behind, boolean right, boolean standard) {
    var told =
        new Said.Asked(
            (_, prompt) -> {
              String json = new String(prompt, StandardCharsets.UTF_8);
              return json.startsWith("{")
                  && json.contains(
                      standard ? "\"status\":\"invalid_token\"" : "\"status\":\"401\"");
            },
            () ->
                List.of(
                    Said.of("\u0001", End.REFUSED),
                    Said.of("", End.REFUSED),
                    Said.of("anything", End.REFUSED),
                    Said.longest(End.REFUSED)),
            false);
    return new Said(
        before.replace('\u0001', '^') + token,
        _ -> (before + token.text() + behind).getBytes(StandardCharsets.UTF_8),
        true,
        right ? new Over(End.ACCEPTED) : told);
  }

  // ---- the site's own: each word is what its hook is to decide

  static Way.Beginning site() {
    return new Way.Beginning(decisions(), again());
  }

  /** The hook asks for more, and tells which call this was. */
  private static Said.Asked again() {
    return new Said.Asked(
        (course, prompt) ->
            Arrays.equals(
                prompt,
                (course.state + " " + course.size + " " + course.calls)
                    .getBytes(StandardCharsets.UTF_8)),
        Words::decisions,
        false);
  }

  private static List<Said> decisions() {
    var all =
        new ArrayList<>(
            List.of(
                Said.of("reply", "reply", again()),
                Said.of("reply", "reply", again()),
                Said.of("reply", "reply", again()),
                Said.of("nothing", "", again()),
                Said.of("octets", new byte[] {0, 13, 10, (byte) 0xff}, again()),
                Said.longest(again()),
                Said.of("last", "last", Said.lastWords((_, w) -> new String(w).equals("v=x")))));
    all.addAll(
        List.of(
            Said.of("accept", End.ACCEPTED),
            Said.of("accept", End.ACCEPTED),
            Said.of("accept bob", End.REFUSED),
            Said.of("accept nobody", End.UNAVAILABLE),
            Said.of("reject", End.REFUSED),
            Said.of("null", End.REFUSED),
            Said.of("reject 534", End.SITE_NO),
            Said.of("reject bye", End.SITE_NO_AND_BYE),
            Said.of("defer", End.UNAVAILABLE),
            Said.of("defer 432", End.SITE_LATER),
            Said.of("defer bye", End.SITE_LATER_AND_BYE),
            Said.of("throw", End.UNAVAILABLE),
            Said.of("overflow", End.UNAVAILABLE),
            Said.of("verify", End.UNAVAILABLE),
            Said.of("hang up", End.SITE_HANGS_UP)));
    return all;
  }
}
