package heddle.session;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import heddle.limit.LoginPatience;
import heddle.mail.Id;
import heddle.mail.Secret;
import heddle.peer.Presence;
import heddle.peer.RemoteAddress;
import heddle.sasl.Attempt;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Refusals;
import heddle.sasl.Verifier;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A phone whose token is over asks again and again; its neighbours want to log in. */
class StaleTokenTest {
  @Test
  void one_stale_token_shuts_nobody_else_out() throws Exception {
    var patience =
        new LoginPatience(
            new LoginPatience.Settings(
                new LoginPatience.Rate(20, Duration.ofMinutes(10)),
                new LoginPatience.Rate(50, Duration.ofHours(1)),
                List.of(),
                100),
            (ip, account) -> false);
    Verifier refusing =
        new Verifier() {
          @Override
          public Set<Class<? extends Claim>> proves() {
            return Set.of(Claim.Token.class);
          }

          @Override
          public Decision check(Claim claim, Attempt attempt) {
            return new Decision.Reject(Refusals.BAD_TOKEN);
          }
        };
    for (int i = 0; i < 30; i++) {
      new Overheard(refusing, patience, java.util.Optional::of)
          .check(
              new Claim.Token(Optional.empty(), Secret.ofUtf8("the same old token")),
              attempt("203.0.113.7"));
    }
    var neighbour = new RemoteAddress(InetAddress.ofLiteral("203.0.113.8"), 4711);
    assertInstanceOf(
        LoginPatience.Entry.Go.class,
        patience.enter(
            neighbour, Optional.of("bob@example.org"), Optional.of(Secret.ofUtf8("right"))));
  }

  private static Attempt attempt(String ip) {
    var client = new RemoteAddress(InetAddress.ofLiteral(ip), 4711);
    Id id = new Id("0123456789AB");
    return new Attempt(
        id,
        id,
        "submissions",
        client,
        client,
        Optional.empty(),
        new Presence(Optional.empty(), Optional.empty()),
        Set.of(),
        "OAUTHBEARER",
        0,
        Optional.empty());
  }
}
