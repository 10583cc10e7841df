package heddle.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Envelope;
import heddle.mail.Mailbox;
import heddle.mail.Notify;
import heddle.mail.Recipient;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** Laws of reports: whatever strangers say, the structure is ours. */
class ReportProperties {
  private static final Set<Report.Kind> KINDS = EnumSet.noneOf(Report.Kind.class);
  private static final boolean[] VISITED = new boolean[2]; // plain, international

  @Provide
  Arbitrary<String> spoken() {
    Arbitrary<String> evil =
        Arbitraries.of(
            "550 5.1.1 no\r\n\r\n--=_x\r\nAction: delivered",
            "550-5.7.1 a\n550 5.7.1 b",
            "\r\nStatus: 2.0.0\r\n",
            "451 4.7.1 " + "x".repeat(1500),
            "550 " + "ö".repeat(1500),
            "a" + " ".repeat(1500) + "b",
            ("a" + " ".repeat(64)).repeat(25) + "b",
            "\u202Edesrever\u0085\u2028\uD800",
            "a+0D+0AAction: delivered",
            "utf-8;\\x{0D}\\x{0A}Status: 2.0.0",
            "rfc822;b+F6b@example.net",
            "");
    return Arbitraries.oneOf(evil, Arbitraries.strings().ofMaxLength(300));
  }

  @Provide
  Arbitrary<String> addresses() {
    return Arbitraries.of(
        "bob@example.net",
        "\"a  b\\\"\\\\\"@example.net",
        "böb@exämple.net",
        "x\u202Ey@example.net",
        "l".repeat(64) + "@" + ("d".repeat(60) + ".").repeat(4) + "net",
        "a@[IPv6:2001:db8::1]");
  }

  @Property(tries = 600)
  void no_stranger_breaks_the_structure(
      @ForAll("spoken") String reply,
      @ForAll("spoken") String remote,
      @ForAll("spoken") String orcpt,
      @ForAll("spoken") String envid,
      @ForAll("addresses") String sender,
      @ForAll("addresses") String to,
      @ForAll Report.Kind kind)
      throws Exception {
    var recipient =
        new Recipient(
            Mailbox.of(to),
            Set.of(Notify.SUCCESS, Notify.FAILURE, Notify.DELAY),
            Optional.of(orcpt));
    Envelope plain = Reports.envelope(sender, recipient);
    var envelope =
        new Envelope(
            plain.sender(),
            plain.recipients(),
            plain.body(),
            false,
            Optional.empty(),
            Optional.of(envid));
    var fate = new Report.Fate(reply, Optional.of(remote), Reports.NOW);
    Report report = Reports.due(envelope, kind, Map.of(0, fate)).orElseThrow();
    byte[] octets = Reports.written(report, Reports.ORIGINAL);
    String text = new String(octets, StandardCharsets.UTF_8);
    for (byte[] line : lines(octets)) {
      assertTrue(line.length <= 998, "a line of " + line.length);
    }
    assertTrue(text.replace("\r\n", "").chars().noneMatch(Character::isISOControl));
    String boundary = text.replaceAll("(?s).*?boundary=\"([^\"]*)\".*", "$1");
    List<String> parts = Arrays.asList(text.split("(?:^|\r\n)--" + boundary, -1));
    assertEquals(5, parts.size(), "the header, three parts, the end");
    String status = parts.get(2).split("\r\n\r\n", 2)[1];
    List<String> groups = Arrays.asList(status.split("\r\n\r\n", -1));
    assertEquals(2, groups.size(), status);
    assertEquals(1, count(status, "\r\nAction: "));
    assertEquals(1, count(status, "\r\nStatus: "));
    for (String line : status.strip().split("\r\n")) {
      assertTrue(line.isEmpty() || line.matches("(?s)[A-Z][A-Za-z-]+: \\S.*| .*\\S.*"), line);
    }
    boolean ascii = status.chars().allMatch(c -> c < 0x80);
    assertTrue(ascii || parts.get(2).contains("message/global-delivery-status"));
    assertTrue(ascii || report.envelope().utf8());
    KINDS.add(kind);
    VISITED[ascii ? 0 : 1] = true;
  }

  @AfterContainer
  static void every_kind_was_visited() {
    assertEquals(EnumSet.allOf(Report.Kind.class), KINDS);
    assertTrue(VISITED[0] && VISITED[1]);
  }

  @Property(tries = 500)
  void unfolding_gives_the_text_back(@ForAll("spoken") String any) {
    String value = Clean.line(any);
    String unfolded = Clean.field("X", value).replace("\r\n", "");
    // A word that fits no line is taken apart; all others come back as they were.
    boolean long1 = Arrays.stream(value.split(" ")).anyMatch(w -> w.length() > 300);
    assertTrue(long1 || unfolded.equals("X: " + value), unfolded);
    assertEquals(("X: " + value).replace(" ", ""), unfolded.replace(" ", ""));
  }

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }

  private static List<byte[]> lines(byte[] octets) {
    return Arrays.stream(new String(octets, StandardCharsets.ISO_8859_1).split("\r\n", -1))
        .map(l -> l.getBytes(StandardCharsets.ISO_8859_1))
        .toList();
  }
}
