package heddle.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.wire.Deadline;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Rcode;

class NamesTest {
  @TempDir Path folder;
  private Responder responder;
  private Names names;

  @BeforeEach
  void open() throws Exception {
    responder = new Responder();
    names = Names.of(List.of(responder.address()), Optional.empty());
  }

  @AfterEach
  void close() throws Exception {
    responder.close();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(10));
  }

  private static InetAddress ip(String digits) {
    return InetAddress.ofLiteral(digits);
  }

  private static <T> Answer<T> found(T value) {
    return new Answer.Found<>(value);
  }

  @Test
  void both_kinds_of_address_are_found_and_aliases_followed() throws Exception {
    responder.zone(
        """
        mail.example.org. 60 IN A 192.0.2.1
        mail.example.org. 60 IN A 192.0.2.2
        mail.example.org. 60 IN AAAA 2001:db8::1
        www.example.org. 60 IN CNAME mail.example.org.
        four.example.org. 60 IN A 192.0.2.4
        """);
    for (String host : List.of("mail.example.org", "MAIL.example.org.", "www.example.org")) {
      if (!(names.addresses(host, soon()) instanceof Answer.Found<List<InetAddress>>(var all))) {
        throw new AssertionError(host);
      }
      assertEquals(ip("2001:db8::1"), all.getFirst());
      assertEquals(3, all.size());
      assertTrue(all.containsAll(List.of(ip("192.0.2.1"), ip("192.0.2.2"))));
    }
    assertEquals(found(List.of(ip("192.0.2.4"))), names.addresses("four.example.org", soon()));
  }

  @Test
  void a_definite_no_and_a_trouble_are_told_apart() throws Exception {
    responder.zone("empty.example.org. 60 IN TXT \"nothing here\"");
    responder.code("broken.example.org.", Rcode.SERVFAIL);
    assertEquals(new Answer.None<>(), names.addresses("no.example.org", soon()));
    assertEquals(new Answer.None<>(), names.addresses("empty.example.org", soon()));
    assertEquals(
        new Answer.Unknown<>("name server failure"), names.addresses("broken.example.org", soon()));
    responder.zone("circle.example.org. 60 IN CNAME circle.example.org.");
    assertTrue(
        names.addresses("circle.example.org", soon()) instanceof Answer.Unknown<?>,
        "a circle of aliases");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a..b",
        "127.1",
        "0x7f000001",
        "host name",
        "[192.0.2.1]",
        "-x.org",
        "a\r\nb"
      })
  void what_is_no_name_is_asked_of_nobody(String text) {
    assertEquals(new Answer.None<>(), names.addresses(text, soon()));
    assertEquals(0, responder.overUdp.get());
  }

  @Test
  void digits_the_hosts_file_and_localhost_are_asked_of_nobody() throws Exception {
    Path hosts = Files.writeString(folder.resolve("hosts"), "192.0.2.77 Printer printer.lan\n");
    Names with = Names.of(List.of(responder.address()), Optional.of(hosts));
    assertEquals(found(List.of(ip("192.0.2.9"))), with.addresses("192.0.2.9", soon()));
    assertEquals(found(List.of(ip("2001:db8::9"))), with.addresses("2001:db8::9", soon()));
    assertEquals(found(List.of(ip("192.0.2.77"))), with.addresses("printer.lan", soon()));
    assertEquals(found(List.of(ip("127.0.0.1"))), with.addresses("localhost", soon()));
    assertEquals(0, responder.overUdp.get());
    var system = Names.system().addresses("localhost", soon());
    assertTrue(
        system instanceof Answer.Found<List<InetAddress>>(var all)
            && all.stream().allMatch(InetAddress::isLoopbackAddress),
        system.toString());
  }

  @Test
  void a_truncated_answer_is_asked_for_again_over_tcp() throws Exception {
    responder.zone("big.example.org. 60 IN A 192.0.2.1");
    responder.truncating = true;
    assertEquals(found(List.of(ip("192.0.2.1"))), names.addresses("big.example.org", soon()));
    assertTrue(responder.overTcp.get() > 0);
  }

  @Test
  void what_was_heard_is_kept_as_long_as_it_holds() throws Exception {
    responder.zone("kept.example.org. 60 IN A 192.0.2.1\nkept.example.org. 60 IN AAAA 2001:db8::1");
    names.addresses("kept.example.org", soon());
    int asked = responder.overUdp.get();
    names.addresses("kept.example.org", soon());
    assertEquals(asked, responder.overUdp.get());
  }

  @Test
  void an_address_is_named_only_where_the_name_leads_back() throws Exception {
    responder.zone(
        """
        1.2.0.192.in-addr.arpa. 60 IN PTR Mail.example.org.
        mail.example.org. 60 IN A 192.0.2.1
        2.2.0.192.in-addr.arpa. 60 IN PTR mail.example.org.
        3.2.0.192.in-addr.arpa. 60 IN PTR liar.example.org.
        3.2.0.192.in-addr.arpa. 60 IN PTR second.example.org.
        second.example.org. 60 IN A 192.0.2.3
        5.2.0.192.in-addr.arpa. 60 IN PTR broken.example.org.
        7.2.0.192.in-addr.arpa. 60 IN PTR evil\\013\\010name.example.org.
        evil\\013\\010name.example.org. 60 IN A 192.0.2.7
        1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. 60 IN PTR six.example.org.
        six.example.org. 60 IN AAAA 2001:db8::1
        """);
    responder.code("broken.example.org.", Rcode.SERVFAIL);
    responder.code("6.2.0.192.in-addr.arpa.", Rcode.SERVFAIL);
    assertEquals(found("mail.example.org"), names.verifiedName(ip("192.0.2.1"), soon()));
    assertEquals(new Answer.None<>(), names.verifiedName(ip("192.0.2.2"), soon()));
    assertEquals(found("second.example.org"), names.verifiedName(ip("192.0.2.3"), soon()));
    assertEquals(new Answer.None<>(), names.verifiedName(ip("192.0.2.4"), soon()));
    assertEquals(
        new Answer.Unknown<>("name server failure"), names.verifiedName(ip("192.0.2.5"), soon()));
    assertEquals(
        new Answer.Unknown<>("name server failure"), names.verifiedName(ip("192.0.2.6"), soon()));
    assertEquals(new Answer.None<>(), names.verifiedName(ip("192.0.2.7"), soon()));
    assertEquals(found("six.example.org"), names.verifiedName(ip("2001:db8::1"), soon()));
    int asked = responder.overUdp.get();
    assertEquals(new Answer.None<>(), names.verifiedName(ip("127.0.0.1"), soon()));
    assertEquals(asked, responder.overUdp.get());
  }

  @Test
  void a_silent_name_server_costs_no_more_than_the_deadline() throws Exception {
    try (var silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), silent.getLocalPort());
      Names deaf = Names.of(List.of(address), Optional.empty());
      long began = System.nanoTime();
      var hosts = deaf.addresses("a.example.org", Deadline.in(Duration.ofMillis(300)));
      var name = deaf.verifiedName(ip("192.0.2.1"), Deadline.in(Duration.ofMillis(300)));
      long millis = (System.nanoTime() - began) / 1_000_000;
      var late = new Answer.Unknown<>("no answer from the name server in time");
      assertEquals(late, hosts);
      assertEquals(late, name);
      assertTrue(millis >= 550 && millis < 4_000, millis + " ms");
    }
  }

  @Test
  void a_second_name_server_answers_where_the_first_is_silent() throws Exception {
    responder.zone("mail.example.org. 60 IN A 192.0.2.1");
    try (var silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), silent.getLocalPort());
      Names two = Names.of(List.of(address, responder.address()), Optional.empty());
      assertEquals(
          found(List.of(ip("192.0.2.1"))),
          two.addresses("mail.example.org", Deadline.in(Duration.ofSeconds(10))));
    }
  }

  @Test
  void the_jdks_own_look_ups_go_through_dnsjava_here() {
    assertEquals(Optional.empty(), Names.checkResolver());
    // The JDK remembers what it did not find: whoever asks again must not be told otherwise.
    assertEquals(Optional.empty(), Names.checkResolver());
  }
}
