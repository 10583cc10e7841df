package heddle.submission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HeaderScannerTest {
  private static final Fixups FIXUPS =
      new Fixups("R: r\r\n", "Date: d\r\n", "Message-ID: <m@h>\r\n");

  private record Passed(String text, HeaderScanner scanner) {}

  private static Passed pass(String message, int block) throws IOException {
    var out = new ByteArrayOutputStream();
    var scanner = new HeaderScanner((b, off, len) -> out.write(b, off, len), FIXUPS);
    byte[] octets = message.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < octets.length; at += block) {
      scanner.write(octets, at, Math.min(block, octets.length - at));
    }
    scanner.finish();
    return new Passed(out.toString(StandardCharsets.UTF_8), scanner);
  }

  private static void becomes(String message, String expected) throws IOException {
    assertEquals(expected, pass(message, 8192).text());
  }

  @Test
  void received_stands_on_top_and_what_is_missing_at_the_end_of_the_header() throws IOException {
    becomes(
        "Subject: s\r\n\r\nbody\r\n",
        "R: r\r\nSubject: s\r\nDate: d\r\nMessage-ID: <m@h>\r\n\r\nbody\r\n");
  }

  @Test
  void a_whole_header_passes_octet_for_octet() throws IOException {
    String message =
        "DATE: x\r\nmessage-id : <a@b>\r\nX-Odd:\r\n folded\r\n\tmore\r\n\r\nbody\r\n\r\nBcc: not a field\r\n";
    becomes(message, "R: r\r\n" + message);
  }

  @Test
  void nobody_reads_who_else_got_it_in_secret() throws IOException {
    Passed passed =
        pass("bCC: a@b,\r\n c@d\r\nSubject: s\r\nResent-Bcc : e@f\r\n\tg@h\r\n\r\nx\r\n", 3);
    assertEquals("R: r\r\nSubject: s\r\nDate: d\r\nMessage-ID: <m@h>\r\n\r\nx\r\n", passed.text());
  }

  @Test
  void a_message_without_a_header_gets_one_and_keeps_its_text() throws IOException {
    becomes("hello\r\nyou\r\n", "R: r\r\nDate: d\r\nMessage-ID: <m@h>\r\n\r\nhello\r\nyou\r\n");
    becomes(" odd\r\n", "R: r\r\nDate: d\r\nMessage-ID: <m@h>\r\n\r\n odd\r\n");
    becomes("\r\nbody\r\n", "R: r\r\nDate: d\r\nMessage-ID: <m@h>\r\n\r\nbody\r\n");
    becomes("", "R: r\r\nDate: d\r\nMessage-ID: <m@h>\r\n");
  }

  @Test
  void a_mailbox_separator_in_front_hides_no_field() throws IOException {
    becomes(
        "From anna Sat Nov 21 08:00:00 2026\r\nBcc: x@y\r\nSubject: s\r\n\r\nb\r\n",
        "R: r\r\nSubject: s\r\nDate: d\r\nMessage-ID: <m@h>\r\n\r\nb\r\n");
  }

  @Test
  void a_header_without_a_body_is_completed() throws IOException {
    becomes("Subject: s\r\n", "R: r\r\nSubject: s\r\nDate: d\r\nMessage-ID: <m@h>\r\n");
    becomes("Bcc: x@y\r\n", "R: r\r\nDate: d\r\nMessage-ID: <m@h>\r\n");
  }

  @Test
  void received_fields_are_counted_and_the_message_id_is_known() throws IOException {
    Passed passed =
        pass("Received: a\r\nRECEIVED: b\r\nMessage-ID:\r\n <x@y>\r\n\r\nReceived: c\r\n", 8192);
    assertEquals(2, passed.scanner().received());
    assertEquals("<x@y>", passed.scanner().messageId().orElseThrow());
    assertEquals("<m@h>", pass("\r\n", 1).scanner().messageId().orElseThrow());
  }

  @Property
  void blocks_of_any_size_give_the_same(@ForAll @IntRange(min = 1, max = 40) int block)
      throws IOException {
    String message =
        "Subject: s\r\nBcc: a@b\r\n more\r\nTo: x\r\n y\r\n\r\nbody\r\nBcc: stays\r\n\r\nüber\r\n";
    assertEquals(pass(message, 8192).text(), pass(message, block).text());
  }

  @Test
  void the_trace_field_tells_no_more_than_the_site_wants() {
    Instant now = Instant.parse("2026-11-21T08:09:10Z");
    Fixups quiet = Fixups.of("", "mail.example.org", "ESMTPSA", "ABC", now, ZoneOffset.UTC);
    assertEquals(
        "Received: by mail.example.org with ESMTPSA id ABC;\r\n\tSat, 21 Nov 2026 08:09:10 +0000\r\n",
        quiet.received());
    assertEquals("Message-ID: <abc@mail.example.org>\r\n", quiet.messageId());
    Fixups open = Fixups.of("me ([192.0.2.1])", "h", "ESMTPSA", "ABC", now, ZoneOffset.UTC);
    assertTrue(open.received().startsWith("Received: from me ([192.0.2.1])\r\n\tby h "));
  }
}
