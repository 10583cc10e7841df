package heddle.remote;

import heddle.mail.Octets;
import heddle.peer.RemoteAddress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * The lines of Dovecot's auth-client protocol: fields between tabs, in which the octets that would
 * end a field or a line are escaped (Dovecot, lib/strescape.c). Holds no state.
 */
final class DovecotLines {
  /** The most that Dovecot reads of one line, its LF included: AUTH_CLIENT_MAX_LINE_LENGTH. */
  static final int LONGEST_SENT = 16 * 1024;

  private static final char ESCAPE = '\001';

  private DovecotLines() {}

  /** A value, made fit to stand in a field. */
  static String escaped(String value) {
    var text = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\0' -> text.append(ESCAPE).append('0');
        case ESCAPE -> text.append(ESCAPE).append('1');
        case '\t' -> text.append(ESCAPE).append('t');
        case '\r' -> text.append(ESCAPE).append('r');
        case '\n' -> text.append(ESCAPE).append('n');
        default -> text.append(c);
      }
    }
    return text.toString();
  }

  /** The fields of a line that was heard, without its LF; at least one. */
  static List<Octets> fields(byte[] line) {
    List<Octets> fields = new ArrayList<>();
    var field = new ByteArrayOutputStream();
    for (int i = 0; i < line.length; i++) {
      if (line[i] == '\t') {
        fields.add(Octets.of(field.toByteArray()));
        field.reset();
      } else if (line[i] != ESCAPE) {
        field.write(line[i]);
      } else if (++i < line.length) {
        field.write(unescaped(line[i]));
      }
    }
    fields.add(Octets.of(field.toByteArray()));
    return fields;
  }

  private static int unescaped(byte c) {
    return switch (c) {
      case '0' -> 0;
      case '1' -> ESCAPE;
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'n' -> '\n';
      default -> c;
    };
  }

  /**
   * What stands in an AUTH line between its id and the initial response, both tabs left out. {@code
   * final-resp-ok}: what a mechanism says at its success may come with OK.
   */
  static String request(String mechanism, String service, Caller caller) {
    // "service" is "protocol" since 2.4, which still knows the old name.
    var text = new StringBuilder(escaped(mechanism));
    text.append("\tservice=").append(escaped(service)).append("\tfinal-resp-ok");
    if (caller.secured()) {
      text.append("\tsecured");
    }
    text.append("\tsession=").append(escaped(caller.connection().value()));
    end(text, 'l', caller.server());
    end(text, 'r', caller.client());
    return text.toString();
  }

  private static void end(StringBuilder text, char side, RemoteAddress end) {
    text.append('\t').append(side).append("ip=").append(escaped(end.ip()));
    if (end.port() != 0) {
      text.append('\t').append(side).append("port=").append(end.port());
    }
  }

  /** As base64, which needs no escapes; the caller wipes it. */
  static byte[] base64(Octets octets) {
    byte[] plain = octets.toArray();
    byte[] coded = Base64.getEncoder().encode(plain);
    Arrays.fill(plain, (byte) 0);
    return coded;
  }

  /** The initial response of PLAIN in base64; the caller wipes it. */
  static byte[] plain(Question question) {
    byte[] name = question.name().getBytes(StandardCharsets.UTF_8);
    return question
        .password()
        .use(
            secret -> {
              // RFC 4616 §2: "message = [authzid] UTF8NUL authcid UTF8NUL passwd"
              byte[] message = new byte[name.length + secret.length + 2];
              System.arraycopy(name, 0, message, 1, name.length);
              System.arraycopy(secret, 0, message, name.length + 2, secret.length);
              byte[] coded = Base64.getEncoder().encode(message);
              Arrays.fill(message, (byte) 0);
              return coded;
            });
  }

  /** A whole line; wipes what it is given to put in the middle. */
  static byte[] line(String before, byte[] secret, String after) {
    byte[] head = before.getBytes(StandardCharsets.UTF_8);
    byte[] tail = (after + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] line = Arrays.copyOf(head, head.length + secret.length + tail.length);
    System.arraycopy(secret, 0, line, head.length, secret.length);
    System.arraycopy(tail, 0, line, head.length + secret.length, tail.length);
    Arrays.fill(secret, (byte) 0);
    return line;
  }
}
