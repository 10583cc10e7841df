package heddle.app;

import heddle.directory.Admission;
import heddle.listener.Crowd;
import heddle.store.Accounts;

/** Sees to it that nobody goes on by a login that is not good any more. */
final class Leavers {
  private Leavers() {}

  /** From now on every change of accounts, credentials and blocks ends the sessions it concerns. */
  static void watch(Accounts accounts, Admission admission, Crowd crowd) {
    // By name: whoever proved themselves elsewhere may act for an account of ours.
    accounts.onChange(
        change ->
            crowd.leave(
                who ->
                    (who.authn().equals(change.name())
                            || who.authz().equals(change.name())
                            || who.account().filter(change.name()::equals).isPresent())
                        && !admission.stands(who)));
    accounts
        .blocks()
        .onAdded(
            () -> {
              crowd.leave(who -> !admission.stands(who));
              crowd.cut(address -> accounts.blocks().ofAddress(address).isPresent());
            });
  }
}
