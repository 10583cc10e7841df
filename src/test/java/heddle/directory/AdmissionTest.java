package heddle.directory;

import static heddle.directory.House.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import heddle.mail.Octets;
import heddle.sasl.Authenticator;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionTest {
  @TempDir private Path home;
  private House house;

  @BeforeEach
  void a_house_where_anna_may_not_log_in_now() throws Exception {
    house = new House(home);
    house.add("anna@example.org", "fun");
    house.accounts.disable("anna@example.org", "left");
  }

  @AfterEach
  void closed() {
    house.close();
  }

  private static Decision accept(String authn, String authz) {
    return new Decision.Accept(
        new Identity(authn, authz, authn, Optional.empty(), "hook", "PLAIN", Set.of()));
  }

  private Decision admit(Decision decision) {
    return house.admission.admit(decision, House.attempt("192.0.2.1"));
  }

  @Test
  void whoever_says_yes_a_disabled_account_stays_out_in_any_spelling() {
    for (String name : List.of("anna@example.org", "ANNA@Example.ORG")) {
      assertEquals("reject disabled", verdict(admit(accept(name, name))));
      assertEquals("reject disabled", verdict(admit(accept("boss", name))));
      assertEquals("reject disabled", verdict(admit(accept(name, "boss"))));
    }
  }

  @Test
  void somebody_without_a_local_account_is_let_in() {
    assertEquals("accept", verdict(admit(accept("bob", "bob"))));
  }

  @Test
  void a_local_account_that_is_gone_is_refused() {
    var who = new Identity("bob", "bob", "bob", Optional.of("bob"), "password", "PLAIN", Set.of());
    assertEquals("reject disabled", verdict(admit(new Decision.Accept(who))));
  }

  @Test
  void the_gate_stands_behind_questions_too() throws Exception {
    Authenticator asksTwice =
        a ->
            new Decision.Reply(
                Octets.EMPTY,
                b -> new Decision.Reply(Octets.EMPTY, c -> accept("anna@example.org", "x")));
    var attempt = House.attempt("192.0.2.1");
    Decision decision = house.admission.behind(asksTwice).decide(attempt);
    for (int i = 0; i < 2; i++) {
      decision = assertInstanceOf(Decision.Reply.class, decision).then().decide(attempt);
    }
    assertEquals("reject disabled", verdict(decision));
  }
}
