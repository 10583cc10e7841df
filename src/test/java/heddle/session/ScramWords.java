package heddle.session;

import heddle.session.Said.Over;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** A client of SCRAM (RFC 5802, RFC 7677), and the ways in which it may be wrong. */
final class ScramWords {
  private static final Map<String, byte[]> SALTED = new ConcurrentHashMap<>();
  private final String hash;
  private final String mac;
  private final boolean plus;

  private ScramWords(String hash, boolean plus) {
    this.hash = hash;
    this.mac = "Hmac" + hash.replace("-", "");
    this.plus = plus;
  }

  static Way.Beginning of(String hash, boolean plus) {
    List<Said> all = new ScramWords(hash, plus).firsts();
    return new Way.Beginning(all, Said.asked("", () -> all));
  }

  private List<Said> firsts() {
    String[] headers =
        plus ? new String[] {"p=tls-exporter,,", "p=tls-server-end-point,,"} : new String[] {"n,,"};
    List<Said> all = new ArrayList<>();
    for (String header : headers) {
      all.addAll(Collections.nCopies(4 / headers.length, first(header, Words.ANNA, true)));
    }
    String header = headers[0];
    String beginning = header.substring(0, header.length() - 1);
    all.add(first(beginning + "a=" + Words.ANNA + ",", Words.ANNA, true));
    all.add(first(beginning + "a=" + Words.BOB + ",", Words.ANNA, false));
    all.add(first(header, Words.NOBODY, false));
    all.add(first(header, Words.BOB, false));
    for (String wrong :
        List.of(
            "",
            "n",
            header,
            header + "n=" + Words.ANNA,
            header + "n=,r=abc",
            header + "n=a=b,r=abc",
            header + "n=anna,r=",
            header + "m=x,n=anna,r=abc",
            (plus ? "n,," : "p=tls-exporter,,") + "n=anna,r=abc",
            "p=tls-unique,,n=anna,r=abc",
            "x,,n=anna,r=abc")) {
      all.add(Said.of(wrong, End.MALFORMED));
    }
    // RFC 5802 §6: we have offered to bind the channel; somebody kept it from the client.
    all.add(Said.of("y,,n=" + Words.ANNA + ",r=abc", plus ? End.MALFORMED : End.REFUSED));
    all.add(Said.longest(End.MALFORMED));
    return all;
  }

  /**
   * @param right whether a right proof lets in
   */
  private Said first(String header, String name, boolean right) {
    var asked = new Said.Asked(ScramWords::isServerFirst, () -> finals(right), false);
    return new Said(
        header + "n=" + name,
        course -> {
          course.header = header;
          course.bare = "n=" + name + ",r=" + course.nonce;
          course.password = name.equals(Words.BOB) ? Words.BOBS : Words.ANNAS;
          return (header + course.bare).getBytes(StandardCharsets.UTF_8);
        },
        true,
        asked);
  }

  private static boolean isServerFirst(Course course, byte[] prompt) {
    return new String(prompt, StandardCharsets.UTF_8)
        .matches("r=" + course.nonce + "[!-+\\--~]{18,},s=[A-Za-z0-9+/]+=*,i=100000");
  }

  private List<Said> finals(boolean right) {
    Said.Then yes = right ? Said.lastWords(this::isSignature) : new Over(End.REFUSED);
    Said proof = Said.reply("the proof", c -> proved(c, without(c), UnaryOperator.identity()), yes);
    List<Said> all = new ArrayList<>(Collections.nCopies(6, proof));
    all.add(
        Said.reply(
            "the proof, with an extension",
            c -> proved(c, without(c) + ",x=y", UnaryOperator.identity()),
            yes));
    all.add(
        Said.reply(
            "a wrong proof",
            c -> proved(c, without(c), ScramWords::flipped),
            new Over(End.REFUSED)));
    all.add(
        Said.reply(
            "another nonce",
            c -> proved(c, without(c) + "x", UnaryOperator.identity()),
            new Over(End.REFUSED)));
    all.add(
        Said.reply(
            "another channel",
            c -> proved(c, without(c).replaceFirst("^c=[^,]*", "c=eCws"), UnaryOperator.identity()),
            new Over(End.REFUSED)));
    all.add(Said.reply("no proof", this::without, new Over(End.MALFORMED)));
    all.add(
        Said.reply(
            "half a proof",
            c -> proved(c, without(c), p -> java.util.Arrays.copyOf(p, p.length / 2)),
            new Over(End.MALFORMED)));
    all.add(Said.of("", End.MALFORMED));
    all.add(Said.longest(End.MALFORMED));
    return all;
  }

  /** RFC 5802 §7: client-final-message-without-proof. */
  private String without(Course course) {
    byte[] header = course.header.getBytes(StandardCharsets.UTF_8);
    byte[] data =
        plus ? course.binding(course.header.substring(2, course.header.indexOf(','))) : new byte[0];
    byte[] bound = java.util.Arrays.copyOf(header, header.length + data.length);
    System.arraycopy(data, 0, bound, header.length, data.length);
    return "c=" + Base64.getEncoder().encodeToString(bound) + "," + course.prompt().split(",")[0];
  }

  /** RFC 5802 §3: ClientProof := ClientKey XOR HMAC(H(ClientKey), AuthMessage). */
  private String proved(Course course, String without, UnaryOperator<byte[]> spoil) {
    String message = course.bare + "," + course.prompt() + "," + without;
    byte[] clientKey = Words.hmac(mac, salted(course), "Client Key");
    byte[] signature = Words.hmac(mac, digest(clientKey), message);
    byte[] proof = new byte[clientKey.length];
    for (int i = 0; i < proof.length; i++) {
      proof[i] = (byte) (clientKey[i] ^ signature[i]);
    }
    course.sign(
        "v=" + encoded(Words.hmac(mac, Words.hmac(mac, salted(course), "Server Key"), message)));
    return without + ",p=" + encoded(spoil.apply(proof));
  }

  private boolean isSignature(Course course, byte[] prompt) {
    return course.signed().equals(new String(prompt, StandardCharsets.UTF_8));
  }

  private static byte[] flipped(byte[] proof) {
    byte[] wrong = proof.clone();
    wrong[0] ^= 1;
    return wrong;
  }

  private static String encoded(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }

  private byte[] digest(byte[] octets) {
    try {
      return MessageDigest.getInstance(hash).digest(octets);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A hundred thousand rounds; once for each salt. */
  private byte[] salted(Course course) {
    String[] parts = course.prompt().split(",");
    String salt = parts[1].substring(2);
    int rounds = Integer.parseInt(parts[2].substring(2));
    return SALTED.computeIfAbsent(
        hash + salt + rounds + course.password,
        _ -> {
          try {
            var spec =
                new PBEKeySpec(
                    course.password.toCharArray(),
                    Base64.getDecoder().decode(salt),
                    rounds,
                    8 * digest(new byte[0]).length);
            return SecretKeyFactory.getInstance("PBKDF2With" + mac)
                .generateSecret(spec)
                .getEncoded();
          } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
          }
        });
  }
}
