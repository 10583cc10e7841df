package heddle.dial;

import static heddle.dial.Calls.only;
import static heddle.dial.Calls.open;
import static heddle.dial.Calls.ready;
import static heddle.dial.Calls.text;
import static heddle.dial.Calls.to;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** What is handed over arrives octet for octet, by DATA and by BDAT. */
class CarriedProperties {
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> dots = Arbitraries.of("", ".", "..", ".a", "a.", "...");
    Arbitrary<String> words =
        Arbitraries.strings()
            .withChars('.', ' ', 'a', '\u00e9', '\u00ff', '\u0001')
            .ofMaxLength(40);
    Arbitrary<String> large = Arbitraries.integers().between(900, 40_000).map("."::repeat);
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(5, dots),
            net.jqwik.api.Tuple.of(5, words),
            net.jqwik.api.Tuple.of(1, large))
        .list()
        .ofMaxSize(20)
        .map(lines -> lines.isEmpty() ? "" : String.join("\r\n", lines) + "\r\n");
  }

  @Property(tries = 100)
  void a_message_arrives_octet_for_octet(@ForAll("texts") String message, @ForAll boolean chunking)
      throws Exception {
    List<String> arrived = new ArrayList<>();
    try (Peer peer =
            Peer.playing(
                wire -> {
                  wire.greet("8BITMIME", chunking ? "CHUNKING" : "HELP");
                  wire.expect("MAIL");
                  wire.say("250 ok");
                  wire.expect("RCPT");
                  wire.say("250 ok");
                  arrived.add(chunking ? chunks(wire) : unstuffed(wire));
                  wire.say("250 ok");
                  wire.expect("QUIT");
                  wire.say("221 bye");
                });
        SmtpClient client = ready(open(peer, peer.clear()))) {
      Outcome outcome = only(client.hand(to("bob@example.net"), text(message)));
      assertInstanceOf(Outcome.Accepted.class, outcome);
      assertEquals(List.of(message), arrived);
    }
    Statistics.label("way").collect(chunking ? "BDAT" : "DATA");
    Statistics.label("dots").collect(("\r\n" + message).contains("\r\n."));
    Statistics.label("way").coverage(c -> c.check("BDAT").count(n -> n > 10));
    Statistics.label("way").coverage(c -> c.check("DATA").count(n -> n > 10));
    Statistics.label("dots").coverage(c -> c.check(true).count(n -> n > 20));
  }

  private static String chunks(Peer.Wire wire) throws Exception {
    var all = new StringBuilder();
    while (true) {
      String[] words = wire.expect("BDAT").split(" ");
      all.append(new String(wire.octets(Integer.parseInt(words[1])), "ISO-8859-1"));
      if (words.length == 3) {
        return all.toString();
      }
      wire.say("250 ok");
    }
  }

  private static String unstuffed(Peer.Wire wire) throws Exception {
    wire.expect("DATA");
    wire.say("354 go on");
    String stuffed = wire.untilDot();
    String plain = ("\r\n" + stuffed).replace("\r\n.", "\r\n");
    return plain.substring(2);
  }
}
