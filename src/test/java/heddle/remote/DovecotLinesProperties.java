package heddle.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Octets;
import heddle.mail.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** Whatever somebody calls himself, he says nothing but that. */
class DovecotLinesProperties {
  /** Text that would rather be fields and lines. */
  @Provide
  Arbitrary<String> wicked() {
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(
                4, Arbitraries.of("\t", "\n", "\r", "\001", "\0", "0", "1", "t", "r", "n")),
            net.jqwik.api.Tuple.of(
                2, Arbitraries.of("\tresp=", "\nAUTH\t2\tPLAIN", "user=", "=", "\tsecured")),
            net.jqwik.api.Tuple.of(3, Arbitraries.of("anna", "ß", "\u20ac", "\ud83d\ude00", " ")))
        .list()
        .ofMaxSize(20)
        .map(parts -> String.join("", parts));
  }

  private static String wire(byte[] line) {
    return new String(line, StandardCharsets.UTF_8);
  }

  @Property(tries = 2000)
  void a_request_has_its_fields_and_no_others(
      @ForAll("wicked") String service,
      @ForAll("wicked") String name,
      @ForAll("wicked") String password,
      @ForAll("wicked") String hello) {
    Caller caller =
        new Caller(
            DovecotSite.CALLER.connection(),
            "submission",
            DovecotSite.CALLER.client(),
            DovecotSite.CALLER.server(),
            true,
            Optional.of(hello),
            "PLAIN");
    var question = new Question(name, Secret.ofUtf8(password), caller);
    String request = DovecotLines.request("PLAIN", service, caller);
    byte[] plain = DovecotLines.plain(question);
    String line = wire(DovecotLines.line("AUTH\t1\t" + request + "\tresp=", plain, ""));

    assertEquals(line.length() - 1, line.indexOf('\n'));
    assertTrue(line.indexOf('\0') < 0 && line.indexOf('\r') < 0);
    List<String> fields =
        new ArrayList<>(DovecotPeer.Wire.fields(line.substring(0, line.length() - 1)));
    String initial = fields.removeLast();
    assertEquals(
        List.of(
            "AUTH",
            "1",
            "PLAIN",
            "service=" + service,
            "final-resp-ok",
            "secured",
            "session=0123456789AB",
            "lip=2001:db8:0:0:0:0:0:1",
            "lport=587",
            "rip=192.0.2.7",
            "rport=40001"),
        fields);
    assertEquals(
        "\0" + name + "\0" + password,
        wire(Base64.getDecoder().decode(initial.substring("resp=".length()))));
    assertEquals("\0".repeat(plain.length), wire(plain), "what was lent is wiped");
    boolean escapes = !service.equals(DovecotLines.escaped(service));
    Statistics.label("the service").collect(escapes ? "needed escapes" : "was harmless");
  }

  @Property(tries = 2000)
  void what_is_escaped_is_read_as_it_was(@ForAll("wicked") String a, @ForAll("wicked") String b) {
    String line = DovecotLines.escaped(a) + "\t" + DovecotLines.escaped(b);
    assertEquals(
        List.of(Octets.ofUtf8(a), Octets.ofUtf8(b)),
        DovecotLines.fields(line.getBytes(StandardCharsets.UTF_8)));
    assertEquals(List.of(a, b), DovecotPeer.Wire.fields(line));
  }
}
