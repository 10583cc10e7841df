package heddle.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Id;
import heddle.mail.Secret;
import heddle.peer.Presence;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import heddle.sasl.Attempt;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Refusals;
import heddle.sasl.Verifier;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The server's own way in is open for one login, from this machine, while somebody looks. */
class OneTimeLoginTest {
  private static final Presence TLS =
      new Presence(
          Optional.of(
              new TlsInfo("TLSv1.3", "TLS_AES_128_GCM_SHA256", Optional.empty(), false, false)),
          Optional.empty());
  private static final Presence CLEAR = new Presence(Optional.empty(), Optional.empty());

  private final OneTimeLogin login = new OneTimeLogin(new SecureRandom());
  private final Verifier verifier =
      login.before(
          new Verifier() {
            @Override
            public Set<Class<? extends Claim>> proves() {
              return Set.of(Claim.Password.class);
            }

            @Override
            public Decision check(Claim claim, Attempt attempt) {
              return new Decision.Reject(Refusals.UNKNOWN);
            }
          });

  private static Attempt attempt(String client, String server, Presence presence) {
    var id = new Id("0123456789AB");
    return new Attempt(
        id,
        id,
        "submission",
        new RemoteAddress(InetAddress.ofLiteral(client), 40_000),
        new RemoteAddress(InetAddress.ofLiteral(server), 587),
        Optional.empty(),
        presence,
        Set.of(),
        "PLAIN",
        0,
        Optional.empty());
  }

  private boolean in(OneTimeLogin.Ticket ticket, Attempt attempt) throws Exception {
    try (Secret password = ticket.password()) {
      return in(ticket.name(), ticket.name(), password, attempt);
    }
  }

  private boolean in(String authz, String authn, Secret password, Attempt attempt)
      throws Exception {
    Decision decision = verifier.check(new Claim.Password(authz, authn, password), attempt);
    if (decision instanceof Decision.Accept(var who, var _)) {
      assertEquals(OneTimeLogin.CREDENTIAL, who.credential());
      assertTrue(who.account().isEmpty() && !who.authz().contains("@"), who.toString());
      return true;
    }
    assertInstanceOf(Decision.Reject.class, decision);
    return false;
  }

  private static Attempt here() {
    return attempt("127.0.0.1", "127.0.0.1", TLS);
  }

  @Test
  void it_counts_once() throws Exception {
    try (var ticket = login.issue()) {
      assertTrue(in(ticket, here()));
      assertFalse(in(ticket, here()));
    }
  }

  @Test
  void it_counts_only_until_the_look_is_over() throws Exception {
    var ticket = login.issue();
    ticket.close();
    assertFalse(in(ticket, here()));
  }

  @Test
  void another_look_ends_the_one_before_and_is_not_ended_by_it() throws Exception {
    try (var first = login.issue();
        var second = login.issue()) {
      assertFalse(in(first, here()));
      first.close();
      assertTrue(in(second, here()));
    }
  }

  @Test
  void nobody_from_elsewhere_comes_in_by_it_and_nobody_in_clear() throws Exception {
    try (var ticket = login.issue()) {
      assertFalse(in(ticket, attempt("192.0.2.1", "192.0.2.7", TLS)));
      assertFalse(in(ticket, attempt("127.0.0.1", "127.0.0.1", CLEAR)));
      assertTrue(in(ticket, attempt("192.0.2.7", "192.0.2.7", TLS)), "this machine to itself");
    }
  }

  @Test
  void a_guess_is_for_the_directories_and_so_is_another_name() throws Exception {
    try (var ticket = login.issue();
        Secret right = ticket.password();
        Secret wrong = Secret.ofUtf8("guess")) {
      assertFalse(in(ticket.name(), ticket.name(), wrong, here()));
      assertFalse(in("anna@example.org", ticket.name(), right, here()));
      assertFalse(in("doctor", "doctor", right, here()));
      assertTrue(in(ticket, here()), "a guess has not used it up");
    }
  }

  @Test
  void no_two_are_alike_and_none_prints_its_secret() {
    try (var one = login.issue();
        var other = login.issue();
        Secret password = one.password()) {
      assertFalse(one.name().equals(other.name()));
      assertFalse(password.matches("") || one.toString().contains(one.name()));
      assertTrue(password.size() >= 20);
    }
  }
}
