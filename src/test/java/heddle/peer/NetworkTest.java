package heddle.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
  @ParameterizedTest(name = "{0} holds {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          192.0.2.0/24       | 192.0.2.0        | true
          192.0.2.0/24       | 192.0.2.255      | true
          192.0.2.0/24       | 192.0.3.0        | false
          192.0.2.77/24      | 192.0.2.1        | true
          192.0.2.128/25     | 192.0.2.127      | false
          192.0.2.1          | 192.0.2.1        | true
          192.0.2.1          | 192.0.2.2        | false
          0.0.0.0/0          | 203.0.113.9      | true
          0.0.0.0/0          | 2001:db8::1      | false
          2001:db8::/32      | 2001:db8:ffff::1 | true
          2001:db8::/32      | 2001:db9::1      | false
          2001:db8::1        | 2001:db8::1      | true
          2001:db8::/33      | 2001:db8:8000::  | false
          ::/0               | 192.0.2.1        | false
          ::1                | ::1              | true
          192.0.2.0/24       | ::ffff:192.0.2.9 | true
          """)
  void a_network_holds_its_addresses(String network, String address, boolean holds) {
    assertEquals(
        holds, Network.parse(network).orElseThrow().contains(InetAddress.ofLiteral(address)));
  }

  @ParameterizedTest(name = "\"{0}\" is no network")
  @ValueSource(
      strings = {
        "",
        "/",
        "/24",
        "localhost",
        "example.org",
        "10/8",
        "10.0/16",
        "10",
        "0x0a000001",
        "256.0.0.0/8",
        "192.0.2.0/",
        "192.0.2.0/33",
        "192.0.2.0/-1",
        "192.0.2.0/+24",
        "192.0.2.0/-0",
        "192.0.2.0/24/24",
        "192.0.2.0 /24",
        "192.0.2.0/255.255.255.0",
        "2001:db8::/129",
        "2001:db8",
        "::ffff:192.0.2.0/120",
        "fe80::1%eth0",
        "[::1]",
        ":"
      })
  void what_is_no_network_is_refused_and_no_resolver_is_asked(String text) {
    assertEquals(Optional.empty(), Network.parse(text));
  }

  @Test
  void what_surrounds_an_address_is_what_we_remember_it_by() {
    assertEquals("192.0.2.0/24", Network.around(InetAddress.ofLiteral("192.0.2.9")).toString());
    assertEquals(
        Network.parse("2001:db8:1:2::/64").orElseThrow(),
        Network.around(InetAddress.ofLiteral("2001:db8:1:2:3:4:5:6")));
  }

  @Test
  void an_address_mapped_into_ipv6_is_the_ipv4_address() throws Exception {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = -1;
    mapped[12] = (byte) 192;
    mapped[14] = 2;
    mapped[15] = 9;
    InetAddress raw = Inet6Address.getByAddress(null, mapped, -1);
    assertEquals("192.0.2.9:25", new RemoteAddress(raw, 25).toString());
    assertTrue(Network.parse("192.0.2.0/24").orElseThrow().contains(raw));
  }

  @Test
  void an_address_prints_without_scope_and_ipv6_in_brackets() throws Exception {
    byte[] local = new byte[16];
    local[0] = (byte) 0xfe;
    local[1] = (byte) 0x80;
    local[15] = 1;
    var address = new RemoteAddress(Inet6Address.getByAddress(null, local, 1), 587);
    assertEquals("fe80:0:0:0:0:0:0:1", address.ip());
    assertEquals("[fe80:0:0:0:0:0:0:1]:587", address.toString());
    assertEquals(
        "192.0.2.1:5",
        RemoteAddress.of(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5)).toString());
  }

  @Property
  void a_network_reads_back_and_holds_what_shares_its_prefix(
      @ForAll @Size(4) byte[] octets,
      @ForAll @IntRange(max = 32) int prefix,
      @ForAll @IntRange(max = 31) int flipped)
      throws Exception {
    InetAddress address = InetAddress.getByAddress(octets);
    var network = new Network(address, prefix);
    assertEquals(Optional.of(network), Network.parse(network.toString()));
    assertTrue(network.contains(address));
    octets[flipped / 8] ^= (byte) (0x80 >> flipped % 8);
    boolean inside = network.contains(InetAddress.getByAddress(octets));
    assertEquals(flipped >= prefix, inside);
    assertFalse(network.contains(InetAddress.ofLiteral("2001:db8::1")));
    Statistics.collect(inside);
    Statistics.coverage(
        c -> {
          c.check(true).count(n -> n > 0);
          c.check(false).count(n -> n > 0);
        });
  }
}
