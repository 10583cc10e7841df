package heddle.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Domain;
import heddle.mail.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

class CommandParserProperties {
  private final CommandParser parser = new CommandParser(Domain.of("mail.example.org"));

  @Provide
  Arbitrary<String> address() {
    Arbitrary<String> dotted =
        Arbitraries.strings()
            .withChars("abcXYZ019!#$%&'*+-/=?^_`{|}~ü用")
            .ofMinLength(1)
            .ofMaxLength(8)
            .list()
            .ofMinSize(1)
            .ofMaxSize(3)
            .map(atoms -> String.join(".", atoms));
    Arbitrary<String> quoted =
        Arbitraries.strings()
            .withChars("ab .@<>,:;ü")
            .ofMaxLength(10)
            .map(s -> "\"" + s + "\\\\\\\"" + "\"");
    Arbitrary<String> label =
        Arbitraries.strings().withChars("abz09").ofMinLength(1).ofMaxLength(10);
    Arbitrary<String> domain =
        Arbitraries.oneOf(
            label.list().ofMinSize(1).ofMaxSize(4).map(l -> String.join(".", l)),
            label.map(l -> l + "-x.bücher.example"),
            Arbitraries.of("[192.0.2.1]", "[IPv6:2001:db8::1]"));
    return Combinators.combine(Arbitraries.oneOf(dotted, quoted), domain).as((l, d) -> l + "@" + d);
  }

  @Provide
  Arbitrary<String> mail() {
    Arbitrary<List<String>> parameters =
        Arbitraries.of(
                "SIZE=0",
                "SIZE=99999999999999999999",
                "BODY=7BIT",
                "BODY=8BITMIME",
                "RET=FULL",
                "RET=HDRS",
                "ENVID=abc+2Bdef",
                "AUTH=<>")
            .list()
            .uniqueElements(p -> p.substring(0, p.indexOf('=')))
            .ofMaxSize(5);
    return Combinators.combine(Arbitraries.oneOf(address(), Arbitraries.just("")), parameters)
        .as(
            (a, p) ->
                "MAIL FROM:<" + a + "> SMTPUTF8" + (p.isEmpty() ? "" : " " + String.join(" ", p)));
  }

  @Provide
  Arbitrary<String> rcpt() {
    return Combinators.combine(
            address(),
            Arbitraries.of("", " NOTIFY=NEVER", " NOTIFY=SUCCESS,DELAY", " ORCPT=rfc822;a+2Bb"))
        .as((a, p) -> "RCPT TO:<" + a + ">" + p);
  }

  @Provide
  Arbitrary<String> valid() {
    return Arbitraries.oneOf(
        mail(),
        rcpt(),
        Arbitraries.of("EHLO", "HELO").map(v -> v + " client.example"),
        Arbitraries.of("DATA", "RSET", "NOOP", "QUIT", "HELP", "STARTTLS", "VRFY a", "EXPN b"),
        Arbitraries.longs()
            .between(0, Long.MAX_VALUE)
            .map(n -> "BDAT " + n + (n % 2 == 0 ? " LAST" : "")),
        Arbitraries.integers()
            .between(0, 65_535)
            .map(
                n -> "XCLIENT ADDR=192.0.2." + n % 256 + " PORT=" + n + " NAME=a" + n + ".example"),
        Arbitraries.of("AUTH PLAIN", "AUTH LOGIN =", "AUTH SCRAM-SHA-256 biwsbj1h"));
  }

  /** A command as it would be written; the same words in the same order. */
  private static String printed(Command command) {
    return switch (command) {
      case Command.Ehlo c -> "EHLO " + c.host();
      case Command.Helo c -> "HELO " + c.host();
      case Command.Mail c -> "MAIL FROM:<" + c.from() + ">" + printed(c.parameters().all());
      case Command.Rcpt c -> "RCPT TO:<" + c.to() + ">" + printed(c.parameters().all());
      case Command.Data _ -> "DATA";
      case Command.Bdat c -> "BDAT " + c.size() + (c.last() ? " LAST" : "");
      case Command.Rset _ -> "RSET";
      case Command.Noop _ -> "NOOP";
      case Command.Quit _ -> "QUIT";
      case Command.Vrfy c -> "VRFY " + c.what();
      case Command.Expn c -> "EXPN " + c.what();
      case Command.Help _ -> "HELP";
      case Command.StartTls _ -> "STARTTLS";
      case Command.Auth c -> "AUTH " + c.mechanism() + c.initial().map(i -> " " + i).orElse("");
      case Command.Xclient c ->
          "XCLIENT ADDR="
              + c.address().orElseThrow().getHostAddress()
              + " PORT="
              + c.port().orElseThrow()
              + c.name().map(n -> " NAME=" + n).orElse("");
      case Command.Unknown _ -> "(unknown)";
      case Command.Malformed c -> "(malformed: " + c.reply() + ")";
    };
  }

  private static String printed(Map<String, Optional<String>> parameters) {
    var words = new ArrayList<String>();
    parameters.forEach((k, v) -> words.add(" " + k + v.map(x -> "=" + x).orElse("")));
    return String.join("", words);
  }

  private static boolean understood(Command command) {
    return !(command instanceof Command.Unknown) && !(command instanceof Command.Malformed);
  }

  @Property(tries = 2000)
  void what_is_printed_is_what_was_parsed(@ForAll("valid") String line) {
    assertEquals(line, printed(parser.parse(Octets.ofUtf8(line))));
  }

  @Property(tries = 3000)
  void no_octets_make_it_throw(@ForAll byte[] octets) {
    Command command = parser.parse(Octets.of(octets));
    if (command instanceof Command.Malformed(String verb, var reply)) {
      assertTrue(reply.code() >= 500, reply.toString());
    }
  }

  @Property(tries = 5000)
  void nearly_right_is_understood_or_refused_and_never_throws(
      @ForAll("valid") String line,
      @ForAll int where,
      @ForAll("mutation") String with,
      @ForAll boolean replace) {
    int at = Math.floorMod(where, line.length() + 1);
    String rest = line.substring(replace && at < line.length() ? at + 1 : at);
    Command command = parser.parse(Octets.ofUtf8(line.substring(0, at) + with + rest));
    if (understood(command)) {
      // What is understood can be said again and means the same.
      String again = printed(command);
      assertEquals(again, printed(parser.parse(Octets.ofUtf8(again))));
    }
    Statistics.collect(understood(command));
    Statistics.coverage(
        c -> {
          c.check(true).percentage(p -> p > 10);
          c.check(false).percentage(p -> p > 10);
        });
  }

  @Provide
  Arbitrary<String> mutation() {
    return Arbitraries.of(
        "", " ", "<", ">", "@", "\"", "\\", ":", ",", "=", ".", "a", "-", "\t", "\u0001", "ü", "é",
        "[", "]", "+", "\ud800", "\u3002", "\uff20", "\u2028", "  ", "SIZE=1", "0");
  }
}
