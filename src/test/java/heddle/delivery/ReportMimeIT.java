package heddle.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import heddle.mail.Envelope;
import heddle.mail.Mailbox;
import heddle.mail.Recipient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reports as a MIME parser of another maker reads them: Python's email package. */
class ReportMimeIT {
  private static final String READER =
      """
      import email, sys
      raw = open(sys.argv[1], 'rb').read()
      original = open(sys.argv[2], 'rb').read()
      m = email.message_from_bytes(raw)
      out = [m.get_content_type(), m.get_param('report-type'), m['Auto-Submitted']]
      parts = m.get_payload()
      out.append(' '.join(p.get_content_type() for p in parts))
      out.append(' '.join(p['Content-Transfer-Encoding'] for p in parts))
      out.append('defects %d' % sum(len(p.defects) for p in m.walk()))
      cut = raw.split(b'\\r\\n--' + m.get_boundary().encode())
      groups = cut[2].split(b'\\r\\n\\r\\n', 1)[1].split(b'\\r\\n\\r\\n')
      second = email.message_from_bytes(groups[1])
      out.append(second['Action'] + ' ' + second['Status'])
      out.append('%d groups' % len(groups))
      back = cut[3].split(b'\\r\\n\\r\\n', 1)[1]
      out.append('whole' if back == original else
          'header' if back == original.split(b'\\r\\n\\r\\n')[0] + b'\\r\\n' else 'damaged')
      print('|'.join(out))
      """;

  @TempDir Path folder;

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({
    "FAILED,  bob@example.net,  Dear Bob, text/plain message/delivery-status message/rfc822,"
        + " 7bit 7bit 7bit, failed 5.1.1, whole",
    "FAILED,  bob@example.net,  Größe, text/plain message/delivery-status message/rfc822,"
        + " 7bit 7bit 8bit, failed 5.1.1, whole",
    "FAILED,  böb@example.net,  Größe,"
        + " text/plain message/global-delivery-status message/global, 8bit 8bit 8bit,"
        + " failed 5.1.1, whole",
    "DELAYED, bob@example.net,  Größe, text/plain message/delivery-status text/rfc822-headers,"
        + " 7bit 7bit 7bit, delayed 4.0.0, header",
    "DELAYED, böb@example.net,  Dear Bob,"
        + " text/plain message/global-delivery-status message/global-headers, 8bit 8bit 7bit,"
        + " delayed 4.0.0, header",
  })
  void another_parser_reads_the_same(
      Report.Kind kind,
      String to,
      String words,
      String types,
      String encodings,
      String verdict,
      String returned)
      throws Exception {
    Envelope plain = Reports.envelope("ann@example.org", Recipient.of(Mailbox.of(to)));
    var envelope =
        new Envelope(
            plain.sender(),
            plain.recipients(),
            Envelope.Body.EIGHT_BIT_MIME,
            !to.startsWith("bob"),
            Optional.of(Envelope.Ret.FULL),
            Optional.of("Q+2B1"));
    byte[] original =
        ("Subject: hello\r\nFrom: ann@example.org\r\n\r\n" + words + "\r\n\r\n--=_0\r\n")
            .getBytes(StandardCharsets.UTF_8);
    Report report =
        Report.due(
                Reports.entry(envelope, original.length),
                kind,
                Map.of(0, Reports.said("550 5.1.1 No such user\r\n\r\nAction: delivered")),
                Reports.LETTERHEAD,
                new Random(3))
            .orElseThrow();
    String read = read(Reports.written(report, original), original);
    assertEquals(
        String.join(
            "|",
            "multipart/report",
            "delivery-status",
            "auto-replied",
            types,
            encodings,
            "defects 0",
            verdict,
            "2 groups",
            returned),
        read);
  }

  private String read(byte[] report, byte[] original) throws Exception {
    Path written = Files.write(folder.resolve("report.eml"), report);
    Path sent = Files.write(folder.resolve("original.eml"), original);
    Path reader = Files.writeString(folder.resolve("reader.py"), READER);
    Process python =
        new ProcessBuilder("python3", reader.toString(), written.toString(), sent.toString())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, python.waitFor(), said);
    return said;
  }
}
