package heddle.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Domain;
import heddle.mail.Envelope.Body;
import heddle.mail.Envelope.Ret;
import heddle.mail.Mailbox;
import heddle.mail.Notify;
import heddle.mail.Octets;
import heddle.mail.Path;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandParserTest {
  private final CommandParser parser = new CommandParser(Domain.of("mail.example.org"));

  private Command parse(String line) {
    return parser.parse(Octets.ofUtf8(line));
  }

  private String refusal(String line) {
    Command command = parse(line);
    return command instanceof Command.Malformed(String verb, var reply)
        ? reply.code() + " " + reply.status().orElseThrow()
        : command.toString();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          XCLIENT ADDR=192.0.2.1 PORT=7          | 192.0.2.1 7 false - - true - -
          xclient addr=ipv6:2001:DB8::1          | 2001:db8:0:0:0:0:0:1 - false - - true - -
          XCLIENT ADDR=2001:db8::1               | 2001:db8:0:0:0:0:0:1 - false - - true - -
          XCLIENT ADDR=[UNAVAILABLE] PORT=[TEMPUNAVAIL] | - - false - - true - -
          XCLIENT NAME=Spike.example.com         | - - true spike.example.com - true - -
          XCLIENT NAME=[UNAVAILABLE]             | - - true - - true - -
          XCLIENT HELO=two+20words PROTO=smtp    | - - false - two words false - -
          XCLIENT HELO=b+C3+BCcher               | - - false - bücher true - -
          XCLIENT DESTADDR=192.0.2.9 DESTPORT=65535 | - - false - - true 192.0.2.9 65535
          XCLIENT                                | 501 5.5.4
          XCLIENT ADDR                           | 501 5.5.4
          XCLIENT ADDR=                          | 501 5.5.4
          XCLIENT ADDR=192.0.2.256               | 501 5.5.4
          XCLIENT ADDR=192.0.2.0/24              | 501 5.5.4
          XCLIENT ADDR=IPV6:192.0.2.1            | 501 5.5.4
          XCLIENT ADDR=localhost                 | 501 5.5.4
          XCLIENT ADDR=010.1.1.1                 | 501 5.5.4
          XCLIENT ADDR=192.0.2.1 ADDR=192.0.2.2  | 501 5.5.4
          XCLIENT PORT=65536                     | 501 5.5.4
          XCLIENT PORT=-1                        | 501 5.5.4
          XCLIENT PROTO=LMTP                     | 501 5.5.4
          XCLIENT HELO=a+0D+0Ab                  | 501 5.5.4
          XCLIENT HELO=a+00                      | 501 5.5.4
          XCLIENT HELO=+FF                       | 501 5.5.4
          XCLIENT HELO=a+4                       | 501 5.5.4
          XCLIENT NAME=a..b                      | 501 5.5.4
          XCLIENT NAME=a+0Ab                     | 501 5.5.4
          XCLIENT LOGIN=anna                     | 501 5.5.4
          XCLIENT LOGIN                          | 501 5.5.4
          XCLIENT WHAT=x                         | 501 5.5.4
          """)
  void a_proxy_tells_of_its_client(String line, String expected) {
    assertEquals(
        expected, parse(line) instanceof Command.Xclient told ? told(told) : refusal(line));
  }

  private static String told(Command.Xclient told) {
    return String.join(
        " ",
        told.address().map(java.net.InetAddress::getHostAddress).orElse("-"),
        port(told.port()),
        Boolean.toString(told.nameTold()),
        told.name().orElse("-"),
        told.hello().orElse("-"),
        Boolean.toString(told.extended()),
        told.server().map(java.net.InetAddress::getHostAddress).orElse("-"),
        port(told.serverPort()));
  }

  private static String port(java.util.OptionalInt port) {
    return port.isPresent() ? Integer.toString(port.getAsInt()) : "-";
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          EHLO client.example.org          | Ehlo[host=client.example.org]
          ehlo client.example.org          | Ehlo[host=client.example.org]
          EHLO [192.0.2.1]                 | Ehlo[host=[192.0.2.1]]
          EHLO [IPv6:2001:db8::1]          | Ehlo[host=[IPv6:2001:db8::1]]
          EHLO my_printer                  | Ehlo[host=my_printer]
          EHLO NPIF65E56                   | Ehlo[host=NPIF65E56]
          EHLO bücher.example              | Ehlo[host=bücher.example]
          EHLO Anna's iPhone               | Ehlo[host=Anna's iPhone]
          HELO localhost                   | Helo[host=localhost]
          DATA                             | Data[]
          dAtA                             | Data[]
          BDAT 0 LAST                      | Bdat[size=0, last=true]
          BDAT 86                          | Bdat[size=86, last=false]
          bdat 86 last                     | Bdat[size=86, last=true]
          BDAT 9223372036854775807         | Bdat[size=9223372036854775807, last=false]
          RSET                             | Rset[]
          NOOP                             | Noop[]
          NOOP how do you do               | Noop[]
          QUIT                             | Quit[]
          HELP                             | Help[]
          HELP AUTH                        | Help[]
          VRFY postmaster                  | Vrfy[what=postmaster]
          EXPN staff                       | Expn[what=staff]
          STARTTLS                         | StartTls[]
          auth plain                       | Auth[PLAIN]
          AUTH scram-sha-256-plus          | Auth[SCRAM-SHA-256-PLUS]
          AUTH ABCDEFGHIJKLMNOPQRST        | Auth[ABCDEFGHIJKLMNOPQRST]
          LHLO x                           | Unknown[verb=LHLO]
          GET / HTTP/1.1                   | Unknown[verb=GET]
          XFORWARD ADDR=192.0.2.1          | Unknown[verb=XFORWARD]
          MAILFROM:<a@b.example>           | Unknown[verb=]
          AGFubgBzZWNyZXQ=                 | Unknown[verb=]
          NOOPé                            | Unknown[verb=]
          rſet                             | Unknown[verb=]
          """)
  void a_command_is_understood(String line, String expected) {
    assertEquals(expected, parse(line).toString());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          EHLO                                              | 501 5.5.4
          HELO                                              | 501 5.5.4
          DATA now                                          | 501 5.5.4
          RSET all                                          | 501 5.5.4
          QUIT please                                       | 501 5.5.4
          STARTTLS now                                      | 501 5.5.4
          VRFY                                              | 501 5.5.4
          EXPN                                              | 501 5.5.4
          MAIL                                              | 501 5.5.4
          MAIL TO:<a@b.example>                             | 501 5.5.4
          MAIL FROM <a@b.example>                           | 501 5.5.4
          MAIL FROM:a@b.example                             | 501 5.5.4
          MAIL FROM:                                        | 501 5.5.4
          MAIL FROM:<a@b.example                            | 501 5.1.7
          MAIL FROM:<a>                                     | 501 5.1.7
          MAIL FROM:<@b.example>                            | 501 5.1.7
          MAIL FROM:<a@>                                    | 501 5.1.7
          MAIL FROM:<a..b@b.example>                        | 501 5.1.7
          MAIL FROM:<.a@b.example>                          | 501 5.1.7
          MAIL FROM:<a b@b.example>                         | 501 5.1.7
          MAIL FROM:< a@b.example>                          | 501 5.1.7
          MAIL FROM:<a@b.example>>                          | 501 5.1.7
          MAIL FROM:<a@b.example>SIZE=1                     | 501 5.1.7
          MAIL FROM:<"a@b.example>                          | 501 5.1.7
          MAIL FROM:<a@[300.1.1.1]>                         | 501 5.1.7
          MAIL FROM:<a@[localhost]>                         | 501 5.1.7
          MAIL FROM:<@a.example,b.example:u@c.example>      | 501 5.1.7
          MAIL FROM:<@a.example u@c.example>                | 501 5.1.7
          MAIL FROM:<postmaster>                            | 501 5.1.7
          MAIL FROM:<a@b.example> SIZE                      | 501 5.5.4
          MAIL FROM:<a@b.example> SIZE=                     | 501 5.5.4
          MAIL FROM:<a@b.example> SIZE=x                    | 501 5.5.4
          MAIL FROM:<a@b.example> SIZE=-1                   | 501 5.5.4
          MAIL FROM:<a@b.example> SIZE=123456789012345678901 | 501 5.5.4
          MAIL FROM:<a@b.example> SIZE=1 size=1             | 501 5.5.4
          MAIL FROM:<a@b.example> BODY=BINARYMIME           | 501 5.5.4
          MAIL FROM:<a@b.example> SMTPUTF8=yes              | 501 5.5.4
          MAIL FROM:<a@b.example> SMTPUTF8=                 | 501 5.5.4
          MAIL FROM:<a@b.example> RET=SOME                  | 501 5.5.4
          MAIL FROM:<a@b.example> ENVID=a+b                 | 501 5.5.4
          MAIL FROM:<a@b.example> ENVID=a=b                 | 501 5.5.4
          MAIL FROM:<a@b.example> AUTH=ü SMTPUTF8           | 501 5.5.4
          MAIL FROM:<a@b.example> =1                        | 501 5.5.4
          MAIL FROM:<a@b.example> -A=1                      | 501 5.5.4
          MAIL FROM:<a@b.example> HOLDFOR=10                | 555 5.5.4
          MAIL FROM:<a@b.example> NOTIFY=NEVER              | 555 5.5.4
          MAIL FROM:<jörg@b.example>                        | 553 5.6.7
          MAIL FROM:<a@bücher.example>                      | 553 5.6.7
          RCPT TO:a@b.example                               | 501 5.5.4
          RCPT FROM:<a@b.example>                           | 501 5.5.4
          RCPT TO:<>                                        | 501 5.1.3
          RCPT TO:<a>                                       | 501 5.1.3
          RCPT TO:<a@b.example> SMTPUTF8                    | 555 5.5.4
          RCPT TO:<a@b.example> SIZE=1                      | 555 5.5.4
          RCPT TO:<a@b.example> NOTIFY=                     | 501 5.5.4
          RCPT TO:<a@b.example> NOTIFY=NEVER,DELAY          | 501 5.5.4
          RCPT TO:<a@b.example> NOTIFY=ALWAYS               | 501 5.5.4
          RCPT TO:<a@b.example> NOTIFY=DELAY,               | 501 5.5.4
          RCPT TO:<a@b.example> ORCPT=a@b.example           | 501 5.5.4
          RCPT TO:<a@b.example> ORCPT=rfc822;               | 501 5.5.4
          RCPT TO:<a@b.example> ORCPT=rfc822;a ORCPT=rfc822;a | 501 5.5.4
          BDAT                                              | 501 5.5.4
          BDAT x                                            | 501 5.5.4
          BDAT -1                                           | 501 5.5.4
          BDAT +1                                           | 501 5.5.4
          BDAT ١                                            | 501 5.5.4
          BDAT 1 FIRST                                      | 501 5.5.4
          BDAT 1 LAST LAST                                  | 501 5.5.4
          AUTH                                              | 501 5.5.4
          AUTH PLAIN abc def                                | 501 5.5.4
          AUTH ABCDEFGHIJKLMNOPQRSTU                        | 504 5.5.4
          AUTH PLÄIN                                        | 504 5.5.4
          AUTH pl.in abc                                    | 504 5.5.4
          """)
  void what_cannot_be_understood_is_refused_by_name(String line, String expected) {
    assertEquals(expected, refusal(line));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          MAIL FROM:<>                                      | <>
          MAIL FROM:<a@b.example>                           | <a@b.example>
          mail from:<A@B.Example>                           | <A@B.Example>
          MAIL FROM: <a@b.example>                          | <a@b.example>
          MAIL  FROM:  <a@b.example>                        | <a@b.example>
          MAIL FROM:<"a b"@b.example>                       | <"a b"@b.example>
          MAIL FROM:<"a>b"@b.example>                       | <"a>b"@b.example>
          MAIL FROM:<"a\\"b"@b.example>                     | <"a\\"b"@b.example>
          MAIL FROM:<"ab"@b.example>                        | <ab@b.example>
          MAIL FROM:<a@[192.0.2.1]>                         | <a@[192.0.2.1]>
          MAIL FROM:<a@[IPv6:2001:db8::1]>                  | <a@[IPv6:2001:db8::1]>
          MAIL FROM:<a@localhost>                           | <a@localhost>
          MAIL FROM:<@one.example,@two.example:a@b.example> | <a@b.example>
          MAIL FROM:<a+tag=x/y@b.example>                   | <a+tag=x/y@b.example>
          MAIL FROM:<jörg@bücher.example> SMTPUTF8          | <jörg@bücher.example>
          MAIL FROM:<用户@例子.例> SMTPUTF8 BODY=8BITMIME     | <用户@例子.例>
          """)
  void a_sender_is_understood(String line, String sender) {
    var mail = assertInstanceOf(Command.Mail.class, parse(line));
    assertEquals(sender, "<" + mail.from() + ">");
  }

  @Test
  void the_parameters_of_mail_are_understood() {
    String all =
        "SIZE=1000 body=8bitmime SMTPUTF8 RET=hdrs  ENVID=QQ+2B314159 AUTH=e+3Dmc2@example.com";
    var mail = assertInstanceOf(Command.Mail.class, parse("MAIL FROM:<a@b.example> " + all + "  "));
    var p = mail.parameters();
    assertEquals(OptionalLong.of(1000), p.size());
    assertEquals(Body.EIGHT_BIT_MIME, p.body());
    assertTrue(p.utf8());
    assertEquals(Optional.of(Ret.HDRS), p.ret());
    assertEquals(Optional.of("QQ+2B314159"), p.envid());
    assertEquals(Optional.of("e+3Dmc2@example.com"), p.auth());
    assertEquals(
        "[SIZE, BODY, SMTPUTF8, RET, ENVID, AUTH]", p.all().keySet().toString(), "in their order");
    assertEquals(Optional.empty(), p.all().get("SMTPUTF8"));
  }

  @Test
  void without_parameters_mail_is_seven_bit_and_of_unknown_size() {
    var p = assertInstanceOf(Command.Mail.class, parse("MAIL FROM:<>")).parameters();
    assertEquals(OptionalLong.empty(), p.size());
    assertEquals(Body.SEVEN_BIT, p.body());
    assertFalse(p.utf8());
    assertTrue(p.all().isEmpty());
  }

  @Test
  void a_size_of_twenty_digits_is_very_large() {
    var mail =
        assertInstanceOf(Command.Mail.class, parse("MAIL FROM:<> SIZE=99999999999999999999"));
    assertEquals(OptionalLong.of(Long.MAX_VALUE), mail.parameters().size());
  }

  @Test
  void auth_of_mail_may_name_nobody() {
    var mail = assertInstanceOf(Command.Mail.class, parse("MAIL FROM:<> AUTH=<>"));
    assertEquals(Optional.of("<>"), mail.parameters().auth());
  }

  @Test
  void a_recipient_and_its_parameters_are_understood() {
    var rcpt =
        assertInstanceOf(
            Command.Rcpt.class,
            parse("RCPT TO:<a@b.example> NOTIFY=success,Failure ORCPT=rfc822;a+2Bc@b.example"));
    assertEquals(Mailbox.of("a@b.example"), rcpt.to());
    assertEquals(Set.of(Notify.SUCCESS, Notify.FAILURE), rcpt.parameters().notifyOn());
    assertEquals(Optional.of("rfc822;a+2Bc@b.example"), rcpt.parameters().orcpt());
  }

  @Test
  void a_recipient_beyond_ascii_is_for_the_session_to_judge() {
    var rcpt = assertInstanceOf(Command.Rcpt.class, parse("RCPT TO:<jörg@b.example>"));
    assertFalse(rcpt.to().isAscii());
  }

  @Test
  void the_postmaster_needs_no_domain() {
    var rcpt = assertInstanceOf(Command.Rcpt.class, parse("RCPT TO:<PostMaster>"));
    assertEquals(Mailbox.of("PostMaster@mail.example.org"), rcpt.to());
  }

  @Test
  void white_space_at_the_end_is_tolerated() {
    assertInstanceOf(Command.Quit.class, parse("QUIT  "));
    assertInstanceOf(Command.Data.class, parse("DATA \t"));
    assertInstanceOf(Command.Rset.class, parse("RSET\t"));
    assertEquals(
        new Path.Somebody(Mailbox.of("a@b.example")),
        assertInstanceOf(Command.Mail.class, parse("MAIL FROM:<a@b.example> ")).from());
  }

  @Test
  void an_initial_response_is_kept_as_sent_and_never_printed() {
    assertEquals(new Command.Auth("PLAIN", Optional.of("=")), parse("AUTH PLAIN ="));
    // Outlook sends two spaces.
    Command secret = parse("AUTH PLAIN  AGFubgBzZWNyZXQ=");
    assertEquals(new Command.Auth("PLAIN", Optional.of("AGFubgBzZWNyZXQ=")), secret);
    assertFalse(secret.toString().contains("AGFu"), secret.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AUTH PLAIN AGFubgBzZWNyZXQ= AGFubgBzZWNyZXQ=",
        "AUTH ABCDEFGHIJKLMNOPQRSTU AGFubgBzZWNyZXQ=",
        "AUTH PL\tAIN AGFubgBzZWNyZXQ=",
        "AUTHPLAIN AGFubgBzZWNyZXQ=",
        "AGFubgBzZWNyZXQ=",
        "AUTH=PLAIN AGFubgBzZWNyZXQ="
      })
  void what_stood_behind_auth_is_in_no_refusal(String line) {
    Command command = parse(line);
    assertTrue(command instanceof Command.Malformed || command instanceof Command.Unknown);
    assertFalse(command.toString().toUpperCase(java.util.Locale.ROOT).contains("AGFU"));
  }

  @Test
  void a_line_that_is_not_utf8_or_holds_controls_is_refused() {
    byte[] latin1 = "MAIL FROM:<j\u00f6rg@b.example>".getBytes(StandardCharsets.ISO_8859_1);
    var notUtf8 = assertInstanceOf(Command.Malformed.class, parser.parse(Octets.of(latin1)));
    assertEquals(new Command.Malformed("MAIL", Replies.NOT_UTF8), notUtf8);
    assertEquals("501 5.5.2", refusal("EHLO a\tb"));
    assertEquals("501 5.5.2", refusal("EHLO a\u001b[2Jb"));
    assertEquals("501 5.5.2", refusal("EHLO a\u0085b"));
    assertEquals("501 5.5.2", refusal("MAIL FROM:<a\u007f@b.example>"));
  }

  @Test
  void lengths_have_their_limits() {
    assertInstanceOf(Command.Ehlo.class, parse("EHLO " + "a".repeat(255)));
    assertEquals("501 5.5.4", refusal("EHLO " + "a".repeat(256)));
    assertInstanceOf(Command.Noop.class, parse("NOOP " + "a".repeat(2041)));
    assertEquals("500 5.5.2", refusal("NOOP " + "a".repeat(2042)));
    assertInstanceOf(Command.Auth.class, parse("AUTH PLAIN " + "a".repeat(12_000)));
    String local = "a".repeat(64);
    assertInstanceOf(Command.Mail.class, parse("MAIL FROM:<" + local + "@b.example>"));
    assertEquals("501 5.1.7", refusal("MAIL FROM:<a" + local + "@b.example>"));
    // 64 and 1 and 189 and two brackets are 256.
    String domain = ("a".repeat(62) + ".").repeat(3);
    assertInstanceOf(
        Command.Mail.class, parse("MAIL FROM:<" + local + "@" + domain.substring(0, 188) + "a>"));
    assertEquals("501 5.1.7", refusal("MAIL FROM:<" + local + "@" + domain + "a>"));
    assertInstanceOf(Command.Mail.class, parse("MAIL FROM:<> ENVID=" + "a".repeat(100)));
    assertEquals("501 5.5.4", refusal("MAIL FROM:<> ENVID=" + "a".repeat(101)));
    assertInstanceOf(Command.Mail.class, parse("MAIL FROM:<> AUTH=" + "a".repeat(500)));
    assertEquals("501 5.5.4", refusal("MAIL FROM:<> AUTH=" + "a".repeat(501)));
  }
}
