package heddle.submission;

import heddle.wire.Sink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A message's way from the line to the spool: it puts {@code Received} on top, drops {@code Bcc},
 * adds a missing {@code Date} and {@code Message-ID} at the end of the header, counts {@code
 * Received}, and lets everything else through octet for octet. Holds one header line at most. Used
 * by one conversation only.
 */
public final class HeaderScanner implements Sink {
  private static final int MAX_MESSAGE_ID = 998;

  private enum Part {
    /** In the header. */
    HEADER,
    /** In the header, in a field that is dropped. */
    DROPPED,
    BODY
  }

  private final Sink out;
  private final Fixups fixups;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private final StringBuilder messageId = new StringBuilder();
  private Part part = Part.HEADER;
  private boolean begun;
  private boolean inMessageId;
  private boolean hasDate;
  private boolean hasMessageId;
  private int received;

  public HeaderScanner(Sink out, Fixups fixups) {
    this.out = out;
    this.fixups = fixups;
  }

  /** How often {@code Received} stood in the header as it came. */
  public int received() {
    return received;
  }

  /** The value of {@code Message-ID}, given or added; untrusted text. */
  public Optional<String> messageId() {
    return Optional.of(messageId.toString().strip()).filter(id -> !id.isEmpty());
  }

  @Override
  public void write(byte[] octets, int from, int length) throws IOException {
    int at = from;
    int end = from + length;
    while (part != Part.BODY && at < end) {
      int newline = at;
      while (newline < end && octets[newline] != '\n') {
        newline++;
      }
      int stop = Math.min(newline + 1, end);
      line.write(octets, at, stop - at);
      at = stop;
      if (newline < end) {
        headerLine(line.toByteArray());
        line.reset();
      }
    }
    if (at < end) {
      out.write(octets, at, end - at);
    }
  }

  /** The end of the message: a header without a body is completed. */
  public void finish() throws IOException {
    if (line.size() > 0) {
      headerLine(line.toByteArray()); // cannot come from DATA, whose every line ends in CRLF
      line.reset();
    }
    if (part != Part.BODY) {
      endOfHeader();
    }
  }

  private void headerLine(byte[] octets) throws IOException {
    if (octets[0] == '\r' || octets[0] == '\n') {
      endOfHeader();
      write(octets);
    } else if (octets[0] == ' ' || octets[0] == '\t') {
      continuation(octets);
    } else {
      String name = fieldName(octets);
      if (name.isEmpty() && !begun && isMboxLine(octets)) {
        begin(); // programs that read a mailbox leave its separator in front; it is no field
      } else if (name.isEmpty()) {
        // Not a field: the text begins without the empty line that RFC 5322 §2.1 asks for.
        endOfHeader();
        write(new byte[] {'\r', '\n'});
        write(octets);
      } else {
        field(name, octets);
      }
    }
  }

  private static boolean isMboxLine(byte[] octets) {
    return new String(octets, StandardCharsets.ISO_8859_1).startsWith("From ");
  }

  private void continuation(byte[] octets) throws IOException {
    if (!begun) {
      endOfHeader();
      write(new byte[] {'\r', '\n'});
      write(octets);
      return;
    }
    if (inMessageId) {
      keepMessageId(octets, 0);
    }
    if (part == Part.HEADER) {
      write(octets);
    }
  }

  private void field(String name, byte[] octets) throws IOException {
    begin();
    inMessageId = name.equals("message-id") && !hasMessageId;
    hasMessageId |= inMessageId;
    hasDate |= name.equals("date");
    received += name.equals("received") ? 1 : 0;
    if (inMessageId) {
      int colon = 0;
      while (octets[colon] != ':') {
        colon++;
      }
      keepMessageId(octets, colon + 1);
    }
    // RFC 6409 §8: nobody who receives the message may read who else did so in secret.
    boolean secret = name.equals("bcc") || name.equals("resent-bcc");
    part = secret ? Part.DROPPED : Part.HEADER;
    if (!secret) {
      write(octets);
    }
  }

  private void keepMessageId(byte[] octets, int from) {
    String text = new String(octets, from, octets.length - from, StandardCharsets.UTF_8).strip();
    if (messageId.length() + text.length() <= MAX_MESSAGE_ID) {
      messageId.append(text);
    }
  }

  /** RFC 5322 §2.2: printable US-ASCII without colon; §4.5 lets white space stand before it. */
  private static String fieldName(byte[] octets) {
    int colon = 0;
    while (colon < octets.length && octets[colon] != ':') {
      colon++;
    }
    if (colon == octets.length) {
      return "";
    }
    String name = new String(octets, 0, colon, StandardCharsets.ISO_8859_1).stripTrailing();
    boolean valid = !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
    return valid ? name.toLowerCase(Locale.ROOT) : "";
  }

  private void begin() throws IOException {
    if (!begun) {
      begun = true;
      write(fixups.received());
    }
  }

  private void endOfHeader() throws IOException {
    begin();
    if (!hasDate) {
      write(fixups.date());
    }
    if (!hasMessageId) {
      messageId.append(fixups.messageId().substring("Message-ID: ".length()).strip());
      write(fixups.messageId());
    }
    part = Part.BODY;
  }

  private void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(byte[] octets) throws IOException {
    out.write(octets, 0, octets.length);
  }
}
