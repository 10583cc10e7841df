package heddle.remote;

import static heddle.remote.Questions.ask;
import static heddle.remote.Questions.told;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.unboundid.ldap.protocol.BindResponseProtocolOp;
import com.unboundid.ldap.protocol.ExtendedResponseProtocolOp;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.protocol.ProtocolOp;
import com.unboundid.ldap.protocol.SearchResultDoneProtocolOp;
import com.unboundid.ldap.protocol.SearchResultEntryProtocolOp;
import heddle.dial.Papers;
import heddle.dial.Peer;
import heddle.dial.Security;
import heddle.dial.Target;
import heddle.dial.Trust;
import heddle.dns.Names;
import heddle.mail.Secret;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Directory servers and databases that do not do as they should: each ends in time. */
class FaultyServersTest {
  private static final LdapSettings.Way DIRECT = new LdapSettings.Way.Direct("uid={user},dc=x");
  private static final LdapSettings.Way SEARCHED =
      new LdapSettings.Way.Searched("dc=x", "(uid={user})", Optional.empty());

  /** What is asked. */
  enum Kind {
    LDAP_DIRECT,
    LDAP_SEARCHED,
    SQL;

    Asker asker(Target target) {
      return switch (this) {
        case LDAP_DIRECT -> ldap(target, DIRECT);
        case LDAP_SEARCHED -> ldap(target, SEARCHED);
        case SQL -> sql(target);
      };
    }
  }

  private static LdapAsker ldap(Target target, LdapSettings.Way way) {
    return new LdapAsker(new LdapSettings(target, false, way, 2), Names.system());
  }

  private static SqlAsker sql(Target target) {
    return new SqlAsker(
        new SqlSettings(
            target,
            false,
            "mail",
            new ServiceLogin("heddle", () -> Secret.ofUtf8("service secret")),
            "SELECT {user}",
            Duration.ofSeconds(5),
            2),
        Names.system());
  }

  private static Target at(int port, Security security) {
    return Target.of("localhost", port, security, new Trust.Public());
  }

  /** Within a second and some. */
  private static String toldBy(Kind kind, Security security, Peer.Script script) throws Exception {
    try (Peer peer = Peer.playing(script);
        Asker asker = kind.asker(at(peer.port(), security))) {
      long before = System.nanoTime();
      String told = told(ask(asker, "anna", "correct horse", Duration.ofMillis(900)));
      assertTrue(System.nanoTime() - before < 3_000_000_000L, told);
      return told;
    }
  }

  @ParameterizedTest
  @EnumSource
  void nobody_there_is_no_answer(Kind kind) throws Exception {
    int port;
    try (var ear = new ServerSocket(0)) {
      port = ear.getLocalPort();
    }
    try (Asker asker = kind.asker(at(port, Security.NONE))) {
      String told = told(ask(asker, "anna", "x"));
      assertTrue(told.startsWith("unavailable: no connection to "), told);
    }
    var nowhere = Target.of("nowhere.invalid", 1, Security.NONE, new Trust.Public());
    try (Asker asker = kind.asker(nowhere)) {
      String told = told(ask(asker, "anna", "x", Duration.ofSeconds(2)));
      assertTrue(
          told.startsWith("unavailable: there is no host")
              || told.startsWith("unavailable: looking up"),
          told);
    }
  }

  @ParameterizedTest
  @EnumSource
  void silence_ends_by_the_deadline(Kind kind) throws Exception {
    for (Security security : Security.values()) {
      String told = toldBy(kind, security, wire -> Thread.sleep(5000));
      assertTrue(told.startsWith("unavailable: no answer in time at "), told);
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_octet_at_a_time_ends_by_the_deadline(Kind kind) throws Exception {
    // The words of a refusal, which do not end.
    String begun =
        switch (kind) {
          case LDAP_DIRECT -> "0\202\017\377\002\001\001a\202\017\370\012\001\061\004\202\017\000";
          case LDAP_SEARCHED ->
              "0\202\017\377\002\001\001e\202\017\370\012\001\061\004\202\017\000";
          case SQL -> "E\000\000\020\000S";
        };
    String told =
        toldBy(
            kind,
            Security.NONE,
            wire -> {
              wire.raw(begun);
              while (true) {
                wire.raw("x");
                Thread.sleep(50);
              }
            });
    assertTrue(told.startsWith("unavailable: no answer in time at "), told);
  }

  @ParameterizedTest
  @EnumSource
  void a_peer_that_hangs_up_is_no_answer(Kind kind) throws Exception {
    for (Security security : Security.values()) {
      String told = toldBy(kind, security, wire -> wire.hangUp());
      assertTrue(told.startsWith("unavailable: "), told);
      assertFalse(told.contains("in time"), told);
    }
  }

  @ParameterizedTest
  @EnumSource
  void half_an_answer_and_garbage_are_none(Kind kind) throws Exception {
    for (String said :
        List.of(
            "0\014\002\001\001a\007\012",
            "0\204\377\377\377\377",
            "220 mail.example ESMTP\r\n",
            "HTTP/1.1 200 OK\r\n\r\n",
            "R\0\0\0\014\0\0",
            "R\177\377\377\377\0\0\0\0",
            "E\0\0\0\005\0",
            "E\177\377\377\377\0\0\0\0",
            "\0\0\0\0\0\0\0\0",
            "\377\377\377\377\377\377\377\377")) {
      for (Security security : Security.values()) {
        String told =
            toldBy(
                kind,
                security,
                wire -> {
                  wire.octets(8);
                  wire.raw(said);
                  wire.hangUp();
                });
        assertTrue(told.startsWith("unavailable: "), said + " " + told);
        assertFalse(told.contains("correct horse"), told);
      }
    }
  }

  private static void reply(Peer.Wire wire, int id, ProtocolOp operation) throws IOException {
    byte[] octets = new LDAPMessage(id, operation).encode().encode();
    wire.raw(new String(octets, StandardCharsets.ISO_8859_1));
  }

  private static BindResponseProtocolOp bound() {
    return new BindResponseProtocolOp(0, null, null, null, null);
  }

  /** Reads one message of BER; its id. */
  private static int message(Peer.Wire wire) throws IOException {
    byte[] head = wire.octets(2);
    if (head.length < 2) {
      throw new IOException("gone");
    }
    int length = head[1] & 0xff;
    if (length > 127) {
      int more = length & 127;
      length = 0;
      for (byte each : wire.octets(more)) {
        length = length << 8 | each & 0xff;
      }
    }
    byte[] body = wire.octets(length);
    return body[2];
  }

  @Test
  void an_answer_to_another_question_is_none() throws Exception {
    String told =
        toldBy(
            Kind.LDAP_DIRECT,
            Security.NONE,
            wire -> {
              message(wire);
              reply(wire, 77, bound());
              wire.stayStill();
            });
    assertTrue(told.startsWith("unavailable: "), told);
  }

  @Test
  void an_answer_of_another_kind_is_none() throws Exception {
    String told =
        toldBy(
            Kind.LDAP_DIRECT,
            Security.NONE,
            wire -> {
              reply(wire, message(wire), new SearchResultDoneProtocolOp(0, null, null, null));
              wire.stayStill();
            });
    assertEquals("unavailable: what came cannot be read: ClassCastException", told);
  }

  /** Every line answers one search; the second question on it is the end of the line. */
  @Test
  void a_kept_line_that_dies_under_the_question_is_replaced_once() throws Exception {
    var questions = new CopyOnWriteArrayList<Integer>();
    try (Peer peer =
            Peer.playing(
                wire -> {
                  int id = message(wire);
                  questions.add(id);
                  reply(wire, id, new SearchResultDoneProtocolOp(0, null, null, null));
                  questions.add(message(wire));
                  wire.hangUp();
                });
        LdapAsker asker = ldap(at(peer.port(), Security.NONE), SEARCHED)) {
      assertEquals("no UNKNOWN", told(ask(asker, "anna", "x")));
      assertEquals("no UNKNOWN", told(ask(asker, "anna", "x")));
      assertEquals(List.of(1, 2, 1), questions);
    }
  }

  @Test
  void a_flood_of_entries_ends_by_the_deadline() throws Exception {
    String told =
        toldBy(
            Kind.LDAP_SEARCHED,
            Security.NONE,
            wire -> {
              int id = message(wire);
              var entry = new SearchResultEntryProtocolOp("uid=x,dc=x", List.of());
              String octets =
                  new String(
                          new LDAPMessage(id, entry).encode().encode(), StandardCharsets.ISO_8859_1)
                      .repeat(1000);
              while (true) {
                wire.raw(octets);
              }
            });
    assertEquals("unavailable: no answer in time at the search", told);
  }

  @Test
  void an_entry_without_a_name_is_not_bound() throws Exception {
    String told =
        toldBy(
            Kind.LDAP_SEARCHED,
            Security.NONE,
            wire -> {
              int id = message(wire);
              reply(wire, id, new SearchResultEntryProtocolOp("", List.of()));
              reply(wire, id, new SearchResultDoneProtocolOp(0, null, null, null));
              wire.stayStill();
            });
    assertEquals("unavailable: an entry without a name", told);
  }

  @Test
  void where_starttls_is_granted_and_fails_nothing_goes_on_in_clear() throws Exception {
    Papers papers = Papers.of("localhost", Duration.ofDays(1));
    var heard = new CopyOnWriteArrayList<Integer>();
    for (Peer.Script script :
        List.<Peer.Script>of(
            // words in clear behind the grant
            wire -> reply(wire, 2, bound()),
            // the handshake with a certificate that nobody trusts
            wire -> wire.secure(papers.context()),
            wire -> wire.hangUp())) {
      String told =
          toldBy(
              Kind.LDAP_DIRECT,
              Security.STARTTLS,
              wire -> {
                int id = message(wire);
                reply(wire, id, new ExtendedResponseProtocolOp(0, null, null, null, null, null));
                script.play(wire);
                heard.add(message(wire));
              });
      assertTrue(told.startsWith("unavailable: "), told);
    }
    // At most the beginning of a handshake, which is no message of LDAP (0x30).
    assertTrue(heard.stream().noneMatch(id -> id == 2), heard.toString());
  }

  @Test
  void words_in_clear_behind_the_grant_are_no_answer_of_a_secured_server() throws Exception {
    Papers papers = Papers.of("localhost", Duration.ofDays(1));
    Trust site = new Trust.Site(List.of(papers.authority()));
    try (Peer peer =
            Peer.playing(
                wire -> {
                  int id = message(wire);
                  byte[] granted =
                      new LDAPMessage(
                              id, new ExtendedResponseProtocolOp(0, null, null, null, null, null))
                          .encode()
                          .encode();
                  byte[] injected = new LDAPMessage(id + 1, bound()).encode().encode();
                  wire.raw(
                      new String(granted, StandardCharsets.ISO_8859_1)
                          + new String(injected, StandardCharsets.ISO_8859_1));
                  wire.secure(papers.context());
                  reply(
                      wire, message(wire), new BindResponseProtocolOp(49, null, null, null, null));
                });
        LdapAsker asker =
            ldap(Target.of("localhost", peer.port(), Security.STARTTLS, site), DIRECT)) {
      assertEquals("no WRONG", told(ask(asker, "anna", "correct horse")));
    }
  }

  @Test
  void a_database_may_have_tls_from_the_first_octet() throws Exception {
    Papers papers = Papers.of("localhost", Duration.ofDays(1));
    Trust site = new Trust.Site(List.of(papers.authority()));
    try (Peer peer =
            Peer.playing(
                wire -> {
                  wire.secure(papers.context());
                  byte[] begun = wire.octets(8);
                  // PostgreSQL's protocol 3.0, and not the request for TLS
                  assertArrayEquals(new byte[] {0, 3, 0, 0}, Arrays.copyOfRange(begun, 4, 8));
                  wire.hangUp();
                });
        Asker asker =
            Kind.SQL.asker(Target.of("localhost", peer.port(), Security.IMPLICIT, site))) {
      String told = told(ask(asker, "anna", "x"));
      assertTrue(told.startsWith("unavailable: "), told);
      peer.played();
    }
  }

  @Test
  void another_machine_gets_no_password_in_clear() throws Exception {
    List<Inet4Address> outside = new ArrayList<>();
    for (var each : NetworkInterface.networkInterfaces().toList()) {
      each.inetAddresses()
          .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress())
          .forEach(a -> outside.add((Inet4Address) a));
    }
    for (Inet4Address address : outside) {
      for (Kind kind : Kind.values()) {
        for (Security security : List.of(Security.NONE, Security.STARTTLS)) {
          var heard = new CompletableFuture<byte[]>();
          try (var ear = new ServerSocket(0, 5, address)) {
            Thread.ofVirtual().start(() -> refuse(ear, kind, heard));
            var target =
                Target.of(
                    address.getHostAddress(), ear.getLocalPort(), security, new Trust.Public());
            try (Asker asker = kind.asker(target)) {
              String told = told(ask(asker, "anna", "correct horse"));
              assertTrue(told.startsWith("unavailable: "), kind + " " + security + " " + told);
            }
            String all = new String(heard.get(5, TimeUnit.SECONDS), StandardCharsets.ISO_8859_1);
            assertFalse(all.contains("correct horse") || all.contains("heddle"), all);
          }
        }
      }
    }
  }

  /** Takes one connection, refuses TLS, and tells all that came. */
  private static void refuse(ServerSocket ear, Kind kind, CompletableFuture<byte[]> heard) {
    try (var socket = ear.accept()) {
      var in = socket.getInputStream();
      byte[] first = in.readNBytes(kind == Kind.SQL ? 8 : 2);
      if (first.length > 0) {
        byte[] no =
            kind == Kind.SQL
                ? new byte[] {'N'}
                : new LDAPMessage(
                        1, new ExtendedResponseProtocolOp(2, null, null, null, null, null))
                    .encode()
                    .encode();
        socket.getOutputStream().write(no);
      }
      heard.complete(in.readAllBytes());
    } catch (IOException trouble) {
      heard.complete(new byte[0]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_asker_that_is_told_to_stop_stops(Kind kind) throws Exception {
    try (Peer peer = Peer.playing(wire -> wire.stayStill());
        Asker asker = kind.asker(at(peer.port(), Security.NONE))) {
      var end = new CompletableFuture<Verdict>();
      Thread asking =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      end.complete(ask(asker, "anna", "x", Duration.ofSeconds(20)));
                    } catch (Throwable stopped) {
                      end.completeExceptionally(stopped);
                    }
                  });
      Thread.sleep(500);
      asking.interrupt();
      var stopped = assertThrows(ExecutionException.class, () -> end.get(5, TimeUnit.SECONDS));
      assertEquals(InterruptedException.class, stopped.getCause().getClass());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LDAP_SEARCHED", "SQL"})
  void a_secret_that_cannot_be_read_is_our_own_trouble(Kind kind) throws Exception {
    SecretSource gone =
        () -> {
          throw new IOException("/a/path/that/nobody/should/read");
        };
    var service = new ServiceLogin("heddle", gone);
    try (Peer peer = Peer.playing(wire -> wire.stayStill());
        Asker asker =
            kind == Kind.SQL
                ? new SqlAsker(
                    new SqlSettings(
                        at(peer.port(), Security.NONE),
                        false,
                        "mail",
                        service,
                        "SELECT {user}",
                        Duration.ofSeconds(5),
                        2),
                    Names.system())
                : ldap(
                    at(peer.port(), Security.NONE),
                    new LdapSettings.Way.Searched("dc=x", "(uid={user})", Optional.of(service)))) {
      assertEquals(
          "unavailable: the password of our own user cannot be read",
          told(ask(asker, "anna", "x")));
    }
  }
}
