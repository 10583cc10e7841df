package heddle.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

class ClientHelloProperties {
  /** What the JDK's client says first. */
  private static byte[] hello(String name) throws Exception {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
    engine.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(32_768);
    engine.wrap(ByteBuffer.allocate(0), out);
    return Arrays.copyOf(out.array(), out.position());
  }

  /** The same handshake octets in records of the size given. */
  private static byte[] inRecords(byte[] one, int size) {
    var out = new ByteArrayOutputStream();
    for (int at = 5; at < one.length; at += size) {
      int length = Math.min(size, one.length - at);
      out.writeBytes(new byte[] {22, 3, 1, (byte) (length >> 8), (byte) length});
      out.write(one, at, length);
    }
    return out.toByteArray();
  }

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> label =
        Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(20);
    return label.list().ofMinSize(0).ofMaxSize(4).map(l -> String.join(".", l));
  }

  @Property(tries = 100)
  void the_name_is_found_however_the_records_are_cut(
      @ForAll("names") String name, @ForAll("sizes") int size) throws Exception {
    Statistics.collect(name.isEmpty() ? "no name" : "name");
    Optional<String> expected =
        name.isEmpty() ? Optional.empty() : Optional.of(name.toLowerCase(java.util.Locale.ROOT));
    assertEquals(expected, ClientHello.name(inRecords(hello(name), size)));
    Statistics.coverage(c -> c.check("name").count(n -> n > 0));
  }

  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.integers().between(1, 2000);
  }

  @Property(tries = 300)
  void damage_never_throws(@ForAll("sizes") int where, @ForAll byte with, @ForAll boolean cut)
      throws Exception {
    byte[] hello = hello("mail.example.org");
    int at = where % hello.length;
    hello[at] = with;
    Optional<String> found = ClientHello.name(cut ? Arrays.copyOf(hello, at) : hello);
    Statistics.collect(found.equals(Optional.of("mail.example.org")) ? "found" : "not found");
    Statistics.coverage(
        c -> {
          c.check("found").count(n -> n > 0);
          c.check("not found").count(n -> n > 0);
        });
  }
}
