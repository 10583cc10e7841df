package heddle.app;

import heddle.config.HeddleConfig;
import heddle.config.MechanismName;
import heddle.config.Ruled;
import heddle.directory.Passwords;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What is kept of a new password beside the usual: what the mechanisms listed need. */
final class Extras {
  private Extras() {}

  static Set<Passwords.Extra> of(HeddleConfig config) {
    Ruled<List<MechanismName>> ruled = config.session().auth().mechanisms();
    List<MechanismName> all = new ArrayList<>(ruled.otherwise());
    ruled.rules().forEach(rule -> all.addAll(rule.then()));
    Set<Passwords.Extra> extras = EnumSet.noneOf(Passwords.Extra.class);
    for (MechanismName mechanism : all) {
      switch (mechanism.name()) {
        case "CRAM-MD5" -> extras.add(Passwords.Extra.CRAM_MD5);
        case "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS" -> extras.add(Passwords.Extra.SCRAM_SHA_1);
        default -> {}
      }
    }
    return extras;
  }

  /** By the home's configuration; where that is refused, nothing beside the usual. */
  static Set<Passwords.Extra> of(Home home) {
    try {
      return of(new ConfigDesk(home).load(_ -> {}));
    } catch (Refused broken) {
      return Set.of();
    }
  }
}
