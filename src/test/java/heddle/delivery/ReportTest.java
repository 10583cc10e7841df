package heddle.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Envelope;
import heddle.mail.Mailbox;
import heddle.mail.Notify;
import heddle.mail.Path;
import heddle.mail.Recipient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {
  private static final Recipient BOB = Recipient.of(Mailbox.of("bob@example.net"));

  @Test
  void a_failure_in_full() throws Exception {
    var envelope = Reports.envelope("ann@example.org", BOB);
    var report =
        Reports.due(envelope, Report.Kind.FAILED, Map.of(0, Reports.said("550 5.1.1 No such user")))
            .orElseThrow();
    String text = Reports.text(report);
    String boundary = text.replaceAll("(?s).*boundary=\"([^\"]*)\".*", "$1");
    String golden =
        """
        From: Mail Delivery System <MAILER-DAEMON@mail.example.org>
        To: ann@example.org
        Subject: Your message could not be delivered
        Date: Mon, 16 Nov 2026 12:30:00 +0000
        Message-ID: <ID@mail.example.org>
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
         boundary="BOUNDARY"
        Content-Transfer-Encoding: 7bit

        --BOUNDARY
        Content-Type: text/plain; charset=us-ascii
        Content-Transfer-Encoding: 7bit

        This is the mail system at mail.example.org.

        Your message of Mon, 16 Nov 2026 08:00:00 +0000 did not reach the people named
        below. It will not be tried again.

        <bob@example.net>: the server mx.example.net refused it. It said: "550 5.1.1
        No such user". Check the address for a mistake, or ask the person for the
        right one.

        The part that follows says the same for programs. Your message is attached.

        --BOUNDARY
        Content-Type: message/delivery-status
        Content-Transfer-Encoding: 7bit

        Reporting-MTA: dns; mail.example.org
        Arrival-Date: Mon, 16 Nov 2026 08:00:00 +0000

        Final-Recipient: rfc822;bob@example.net
        Action: failed
        Status: 5.1.1
        Remote-MTA: dns; mx.example.net
        Diagnostic-Code: smtp; 550 5.1.1 No such user
        Last-Attempt-Date: Mon, 16 Nov 2026 12:30:00 +0000

        --BOUNDARY
        Content-Type: message/rfc822
        Content-Transfer-Encoding: 7bit

        From: ann@example.org
        Subject: hello

        Dear Bob,
        --
        Ann
        --BOUNDARY--
        """;
    assertEquals(
        golden,
        text.replace(boundary, "BOUNDARY")
            .replace(report.id().value(), "ID")
            .replace("\r\n", "\n"));
    assertFalse(text.replace("\r\n", "").contains("\n"));
  }

  @ParameterizedTest(name = "NOTIFY={0}: failed {1}, expired {2}, delayed {3}, delivered {4}")
  @CsvSource({
    "'',                    true,  true,  true,  false",
    "NEVER,                 false, false, false, false",
    "SUCCESS,               false, false, false, true",
    "FAILURE,               true,  true,  false, false",
    "DELAY,                 false, false, true,  false",
    "SUCCESS FAILURE DELAY, true,  true,  true,  true",
  })
  void the_sender_says_what_is_told(
      String words, boolean failed, boolean expired, boolean delayed, boolean delivered) {
    Set<Notify> on =
        Stream.of(words.split(" "))
            .filter(w -> !w.isEmpty())
            .map(Notify::valueOf)
            .collect(Collectors.toSet());
    var to = new Recipient(Mailbox.of("bob@example.net"), on, Optional.empty());
    boolean[] expected = {failed, expired, delayed, delivered};
    for (Report.Kind kind : Report.Kind.values()) {
      assertEquals(
          expected[kind.ordinal()],
          Reports.due(Reports.envelope("ann@example.org", to), kind, Map.of(0, Reports.said("")))
              .isPresent(),
          kind.toString());
    }
  }

  @Test
  void a_report_is_never_reported_on() {
    for (Report.Kind kind : Report.Kind.values()) {
      var to =
          new Recipient(
              BOB.mailbox(), Set.of(Notify.values()[1 + kind.ordinal() % 3]), Optional.empty());
      assertTrue(
          Reports.due(
                  Reports.envelope("", BOB, to),
                  kind,
                  Map.of(0, Reports.said(""), 1, Reports.said("")))
              .isEmpty());
    }
  }

  /** The people named have no part in it where it was the site's own next hop. */
  @Test
  void a_report_blames_nobody_for_a_next_hop_that_was_not_to_be_had() throws Exception {
    for (String reply :
        List.of("421 4.4.1 no connection to smtp", "421 4.7.5 certificate refused", "421 4.3.2")) {
      var fate = new Report.Fate(reply, Optional.empty(), Reports.NOW);
      String text = expired(fate);
      assertTrue(text.contains("The address is not to blame"), text);
      assertFalse(text.contains("Their "), text);
    }
    String time = expired(Reports.said("530 5.7.0 authentication required"));
    assertTrue(time.contains("Status: 4.4.7"), time);
    assertFalse(time.contains("could not be reached"), time);
  }

  private static String expired(Report.Fate fate) throws Exception {
    return Reports.text(
            Reports.due(
                    Reports.envelope("ann@example.org", BOB), Report.Kind.EXPIRED, Map.of(0, fate))
                .orElseThrow())
        .replace("\r\n", " ");
  }

  @Test
  void a_report_comes_from_nobody_and_asks_for_none() {
    var report =
        Reports.due(
                Reports.envelope("ann@example.org", BOB),
                Report.Kind.FAILED,
                Map.of(0, Reports.said("550 no")))
            .orElseThrow();
    Envelope envelope = report.envelope();
    assertEquals(Path.NOBODY, envelope.sender());
    assertEquals(Mailbox.of("ann@example.org"), envelope.recipients().getFirst().mailbox());
    assertEquals(Set.of(Notify.NEVER), envelope.recipients().getFirst().notifyOn());
    assertEquals(Envelope.Body.SEVEN_BIT, envelope.body());
    assertFalse(envelope.utf8());
  }

  @Test
  void one_report_names_all_who_are_concerned_and_nobody_else() throws Exception {
    var carl = Recipient.of(Mailbox.of("carl@example.net"));
    var dora =
        new Recipient(Mailbox.of("dora@example.net"), Set.of(Notify.NEVER), Optional.empty());
    var eve = Recipient.of(Mailbox.of("eve@example.net"));
    var report =
        Reports.due(
            Reports.envelope("ann@example.org", BOB, carl, dora, eve),
            Report.Kind.DELAYED,
            Map.of(
                0, Reports.said("451 4.7.1 greylisted"),
                1, new Report.Fate("no route to host", Optional.empty(), Reports.NOW),
                2, Reports.said("451 no")));
    String text = Reports.text(report.orElseThrow());
    assertTrue(
        text.contains(
            "Final-Recipient: rfc822;bob@example.net\r\nAction: delayed\r\nStatus: 4.7.1"));
    assertTrue(
        text.contains(
            "Final-Recipient: rfc822;carl@example.net\r\nAction: delayed\r\nStatus: 4.0.0"));
    assertTrue(text.contains("Diagnostic-Code: x-heddle; no route to host\r\n"));
    assertTrue(text.contains("Will-Retry-Until: Sat, 21 Nov 2026 08:00:00 +0000\r\n"));
    assertTrue(text.contains("We have tried 7 times for 4 hours."), text);
    assertFalse(text.contains("dora"));
    assertFalse(text.contains("eve"));
    assertTrue(text.contains("text/rfc822-headers") && !text.contains("Dear Bob"));
  }

  @Test
  void a_success_does_not_tell_where_our_files_are() throws Exception {
    var to =
        new Recipient(
            BOB.mailbox(), Set.of(Notify.SUCCESS), Optional.of("rfc822;Bob+2B1@example.net"));
    var fate = new Report.Fate("/srv/mail/bob/new/1", Optional.empty(), Reports.NOW);
    String text =
        Reports.text(
            Reports.due(
                    Reports.envelope("ann@example.org", to), Report.Kind.DELIVERED, Map.of(0, fate))
                .orElseThrow());
    assertFalse(text.contains("/srv"));
    assertTrue(text.contains("Original-Recipient: rfc822;Bob+1@example.net\r\n"), text);
    assertTrue(text.contains("Action: delivered\r\nStatus: 2.0.0\r\n"));
  }

  @ParameterizedTest(name = "RET={0}, {1} octets, {2}: {3}")
  @CsvSource({
    "FULL, 1048576, FAILED,    WHOLE",
    "FULL, 1048577, FAILED,    HEADER",
    "HDRS, 10,      FAILED,    HEADER",
    ",     65536,   EXPIRED,   WHOLE",
    ",     65537,   EXPIRED,   HEADER",
    "FULL, 10,      DELAYED,   HEADER",
    "FULL, 10,      DELIVERED, HEADER",
  })
  void how_much_goes_back(Envelope.Ret ret, long size, Report.Kind kind, Returned returned) {
    Envelope plain = Reports.envelope("ann@example.org", BOB);
    var envelope =
        new Envelope(
            plain.sender(),
            plain.recipients(),
            plain.body(),
            false,
            Optional.ofNullable(ret),
            Optional.empty());
    assertEquals(returned, Returned.of(kind, Reports.LETTERHEAD, envelope, size));
  }

  @Test
  void a_report_prints_no_address() {
    var report =
        Report.due(
                Reports.entry(Reports.envelope("ann@example.org", BOB), 1),
                Report.Kind.FAILED,
                Map.of(0, Reports.said("550 no")),
                Reports.LETTERHEAD,
                new Random(2))
            .orElseThrow();
    assertFalse(report.toString().contains("@"));
  }
}
