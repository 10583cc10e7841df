package heddle.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Mailbox;
import heddle.mail.Octets;
import heddle.mail.Path;
import heddle.mail.Secret;
import heddle.peer.Digest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every variable of the seed documents under its own name, with its own kind of value. */
class SeedNamesTest {
  private static Object auth(String name) {
    return Sample.plain().toMap().get(name);
  }

  private static Object tls(String name) {
    return ((Map<?, ?>) auth("tls")).get(name);
  }

  private static AuthAttempt inClear() {
    return new AuthAttempt(
        Sample.connection(Optional.empty(), Optional.empty()),
        Sample.NEXT,
        "X-SITE",
        0,
        Optional.empty(),
        Optional.empty());
  }

  @Test
  @Tag("A2")
  void senderip() {
    assertEquals("192.168.1.11", auth("senderip"));
  }

  @Test
  @Tag("A3")
  void senderport() {
    assertEquals(41666L, auth("senderport"));
  }

  @Test
  @Tag("A4")
  void serverip() {
    assertEquals("10.0.0.1", auth("serverip"));
  }

  @Test
  @Tag("A5")
  void serverport() {
    assertEquals(25L, auth("serverport"));
  }

  @Test
  @Tag("A6")
  void serverid() {
    assertEquals("inbound", auth("serverid"));
  }

  @Test
  @Tag("A7")
  void senderhelo() {
    assertEquals("mail.example.com", auth("senderhelo"));
  }

  @Test
  @Tag("A8")
  void tlsstarted() {
    assertEquals(true, auth("tlsstarted"));
    assertEquals(false, inClear().toMap().get("tlsstarted"));
  }

  @Test
  @Tag("A9")
  void context_is_the_connections_own_and_can_be_written() {
    AuthAttempt attempt = Sample.plain();
    attempt.attributes().put("seen", 1);
    assertSame(attempt.connection().attributes(), attempt.toMap().get("context"));
    assertEquals(1, attempt.connection().attributes().get("seen"));
  }

  @Test
  @Tag("A10")
  void messageid() {
    assertEquals(Sample.NEXT.value(), auth("messageid"));
  }

  @Test
  @Tag("A11")
  void saslusername() {
    assertEquals("mailuser", auth("saslusername"));
    assertNull(inClear().toMap().get("saslusername"));
  }

  @Test
  @Tag("A12")
  void saslpassword_is_there_and_is_not_printed() {
    assertTrue(((Secret) auth("saslpassword")).matches("secret"));
    assertFalse(Sample.plain().toMap().toString().contains("secret"));
    assertFalse(Sample.plain().toString().contains("mailuser"));
  }

  @Test
  @Tag("A13")
  void saslmechanism() {
    assertEquals("PLAIN", auth("saslmechanism"));
  }

  @Test
  @Tag("A14")
  void saslstate() {
    assertEquals(0L, auth("saslstate"));
    assertEquals(3L, Sample.custom(3, Optional.empty()).toMap().get("saslstate"));
  }

  @Test
  @Tag("A15")
  void saslresponse_is_absent_or_empty_or_data() {
    assertNull(Sample.custom(0, Optional.empty()).toMap().get("saslresponse"));
    assertEquals("", Sample.custom(0, Optional.of(Octets.EMPTY)).toMap().get("saslresponse"));
    assertEquals(
        "a\0é", Sample.custom(0, Optional.of(Octets.ofUtf8("a\0é"))).toMap().get("saslresponse"));
    assertEquals("ÿ", Sample.custom(0, Optional.of(Octets.of((byte) 0xff))).text());
  }

  @Test
  @Tag("A24")
  void started() {
    assertEquals(true, tls("started"));
    assertEquals(Map.of("started", false), inClear().getTls(Optional.empty()));
    assertTrue(Sample.plain().tls().orElseThrow().startTls());
  }

  @Test
  @Tag("A25")
  void protocol() {
    assertEquals("TLSv1.2", tls("protocol"));
  }

  @Test
  @Tag("A26")
  void ciphers() {
    assertEquals("ECDHE-RSA-AES256-SHA384", tls("ciphers"));
  }

  @Test
  @Tag("A27")
  void keysize() {
    assertEquals(256L, tls("keysize"));
  }

  @Test
  @Tag("A28")
  void peer_cert() {
    Map<?, ?> certificate = (Map<?, ?>) tls("peer_cert");
    assertEquals(Map.of("O", "Example", "CN", "anna"), certificate.get("subject"));
    assertNull(certificate.get("fingerprint"));
    var without =
        new AuthAttempt(
            Sample.connection(Optional.of(Sample.tls(Optional.empty())), Optional.empty()),
            Sample.NEXT,
            "PLAIN",
            0,
            Optional.empty(),
            Optional.empty());
    assertNull(without.getTls(Optional.empty()).get("peer_cert"));
    assertEquals(0L, without.getTls(Optional.empty()).get("peer_cert_error"));
  }

  @Test
  @Tag("A23")
  void fingerprint_of_each_digest() {
    for (Digest digest : Digest.values()) {
      Map<?, ?> certificate =
          (Map<?, ?>) Sample.plain().getTls(Optional.of(digest)).get("peer_cert");
      assertEquals(Sample.certificate().fingerprint(digest).hex(), certificate.get("fingerprint"));
    }
  }

  @Test
  @Tag("A29")
  void peer_cert_error() {
    assertEquals(18L, tls("peer_cert_error"));
  }

  // ---- $arguments, $connection, $transaction of the proxy

  private static ProxyCommand command() {
    Map<String, Optional<String>> params = new LinkedHashMap<>();
    params.put("SIZE", Optional.of("2048"));
    params.put("SMTPUTF8", Optional.empty());
    return new ProxyCommand(
        Octets.ofUtf8("XCLIENT ADDR=1.1.1.1"),
        Sample.connection(
            Optional.of(Sample.tls(Optional.of(Sample.certificate()))), Optional.of(Sample.who())),
        new Transaction(
            Sample.NEXT,
            Optional.of(new Path.Somebody(Mailbox.of("Test@example.org"))),
            params,
            List.of(
                new Transaction.Recipient(
                    Mailbox.of("Test@example.com"),
                    Map.of("NOTIFY", Optional.of("NEVER")),
                    "smarthost"))));
  }

  private static Object connection(String name) {
    return ((Map<?, ?>) command().toMap().get("connection")).get(name);
  }

  private static Object transaction(String name) {
    return ((Map<?, ?>) command().toMap().get("transaction")).get(name);
  }

  @Test
  @Tag("C2")
  void command_line() {
    assertEquals(Map.of("command", "XCLIENT ADDR=1.1.1.1"), command().toMap().get("arguments"));
    assertEquals("XCLIENT", command().verb());
    assertFalse(command().toString().contains("ADDR"));
  }

  @Test
  @Tag("C3")
  void id() {
    assertEquals(Sample.ID.value(), connection("id"));
  }

  @Test
  @Tag("C4")
  void remoteip_and_remoteport() {
    assertEquals("192.168.1.11", connection("remoteip"));
    assertEquals(41666L, connection("remoteport"));
  }

  @Test
  @Tag("C5")
  void remoteptr() {
    assertEquals("mail.example.org", connection("remoteptr"));
  }

  @Test
  @Tag("C6")
  void remoteuid() {
    assertEquals(106L, connection("remoteuid"));
  }

  @Test
  @Tag("C7")
  void localip_localport_and_serverid() {
    assertEquals("10.0.0.1", connection("localip"));
    assertEquals(25L, connection("localport"));
    assertEquals("inbound", connection("serverid"));
  }

  @Test
  @Tag("C8")
  void helo() {
    assertEquals(Map.of("verb", "EHLO", "host", "mail.example.com"), connection("helo"));
  }

  @Test
  @Tag("C9")
  @Tag("C10")
  void tls_of_the_connection() {
    Map<?, ?> tls = (Map<?, ?>) connection("tls");
    assertEquals("TLSv1.2", tls.get("protocol"));
    assertEquals("ECDHE-RSA-AES256-SHA384", tls.get("cipher"));
    assertEquals(256L, tls.get("keysize"));
    assertEquals("example.com", tls.get("sni"));
  }

  @Test
  @Tag("C11")
  @Tag("C12")
  void peercert() {
    Map<?, ?> peer = (Map<?, ?>) ((Map<?, ?>) connection("tls")).get("peercert");
    assertEquals(Sample.certificate().x509(), peer.get("x509"));
    assertEquals(18L, peer.get("error"));
  }

  @Test
  @Tag("C13")
  void auth_of_the_connection() {
    assertEquals(Map.of("mechanism", "PLAIN", "username", "mailuser"), connection("auth"));
  }

  @Test
  @Tag("C14")
  void transaction_id() {
    assertEquals(Sample.NEXT.value(), transaction("id"));
  }

  @Test
  @Tag("C15")
  @Tag("C16")
  void sender_in_lower_case_and_its_address_as_written() {
    assertEquals("test@example.org", transaction("sender"));
    assertEquals(
        Map.of("localpart", "Test", "domain", "example.org"), transaction("senderaddress"));
  }

  @Test
  @Tag("C17")
  void senderparams() {
    assertEquals(Map.of("SIZE", "2048", "SMTPUTF8", ""), transaction("senderparams"));
  }

  @Test
  @Tag("C18")
  @Tag("C19")
  @Tag("C20")
  void recipients() {
    assertEquals(
        List.of(
            Map.of(
                "recipient",
                "test@example.com",
                "address",
                Map.of("localpart", "Test", "domain", "example.com"),
                "params",
                Map.of("NOTIFY", "NEVER"),
                "transportid",
                "smarthost")),
        transaction("recipients"));
  }

  @Test
  @Tag("C21")
  void context_of_the_proxy_is_that_of_the_connection() {
    ProxyCommand command = command();
    assertSame(command.connection().attributes(), command.toMap().get("context"));
  }
}
