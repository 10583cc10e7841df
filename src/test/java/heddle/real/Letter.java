package heddle.real;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;

/**
 * A message for real servers: what a client hands over, and what must come out at the end. The two
 * differ by a Bcc.
 *
 * @param token stands in the subject, for finding it again
 */
record Letter(String token, byte[] sent, byte[] expected) {
  private static final Set<String> ADDED_ON_THE_WAY =
      Set.of("return-path", "x-original-to", "delivered-to", "received");

  /** Lines of dots, octets beyond ASCII, and one line as long as a line may be. */
  static Letter of(String token) {
    var body = new ByteArrayOutputStream();
    body.writeBytes(utf8(".\r\n..\r\n...\r\n.leading\r\n\r\nGrüße, 8 bit\r\n"));
    body.writeBytes(utf8("x".repeat(998) + "\r\n." + "y".repeat(997) + "\r\n"));
    body.writeBytes(
        new byte[] {(byte) 0x80, (byte) 0xff, (byte) 0xfe, '\r', '\n', '.', '\r', '\n'});
    body.writeBytes(utf8("end\r\n"));
    return with(token, token, body.toByteArray());
  }

  /** In seven bits. */
  static Letter plain(String token) {
    return with(token, token, utf8("Hello.\r\n"));
  }

  /** So many octets of text, and a little more. */
  static Letter large(String token, int octets) {
    var random = new Random(octets);
    byte[] body = new byte[octets];
    for (int i = 0; i < octets; i++) {
      // One line in three begins with a dot. No percent and no backslash: swaks makes more of them.
      body[i] = (byte) (i % 80 == 0 && random.nextInt(3) == 0 ? '.' : '&' + random.nextInt(50));
    }
    for (int i = 78; i + 1 < octets; i += 80) {
      body[i] = '\r';
      body[i + 1] = '\n';
    }
    body[octets - 2] = '\r';
    body[octets - 1] = '\n';
    return with(token, token, body);
  }

  /** With UTF-8 in the header (RFC 6532). */
  static Letter international(String token) {
    return with(token, token + " Grüße, 世界", utf8("Übrigens.\r\n"));
  }

  private static Letter with(String token, String subject, byte[] body) {
    String head = "From: anna@example.org\r\nTo: bob@example.net\r\n";
    String bcc = "Bcc: secret@example.net\r\n";
    String rest =
        """
        Subject: %s
        Date: Sat, 21 Nov 2026 08:00:00 +0000
        Message-ID: <%s@example.org>
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 8bit

        """
            .formatted(subject, token)
            .replace("\n", "\r\n");
    return new Letter(
        token, joined(utf8(head + bcc + rest), body), joined(utf8(head + rest), body));
  }

  /** As DATA carries it, without the last dot. */
  byte[] stuffed() {
    return latin(latin(sent).replace("\r\n.", "\r\n.."));
  }

  /** Where a client puts something behind it. */
  Letter andBehind(String more) {
    return new Letter(token, sent, joined(expected, utf8(more)));
  }

  /** Whether this is it, as a Maildir or a dump shows it. */
  boolean isIn(byte[] stored) {
    byte[] head = Arrays.copyOf(stored, Math.min(stored.length, 8192));
    return latin(head).replace("\r", "").contains("\nMessage-ID: <" + token + "@example.org>\n");
  }

  /**
   * What is left of a stored message, its lines ended by CRLF again, below the lines of the header
   * that were put on top on the way.
   */
  static byte[] withoutTrace(byte[] stored) {
    String text = latin(stored);
    int at = 0;
    while (true) {
      int colon = text.indexOf(':', at);
      if (!ADDED_ON_THE_WAY.contains(text.substring(at, Math.max(at, colon)).toLowerCase())) {
        break;
      }
      at = text.indexOf('\n', at) + 1;
      while (text.charAt(at) == ' ' || text.charAt(at) == '\t') {
        at = text.indexOf('\n', at) + 1;
      }
    }
    return latin(text.substring(at).replace("\n", "\r\n"));
  }

  static String sha256(byte[] octets) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  static String latin(byte[] octets) {
    return new String(octets, StandardCharsets.ISO_8859_1);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
