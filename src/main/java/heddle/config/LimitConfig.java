package heddle.config;

import heddle.peer.Network;
import java.util.List;

/** Limits. */
public record LimitConfig(
    @Doc(value = "Connections at one time.", byDefault = "20000", applies = Applies.NOW, min = 1)
        int connections,
    @Doc(
            value = "Connections at one time from one address.",
            byDefault = "100",
            applies = Applies.NOW,
            min = 1)
        int connectionsPerAddress,
    @Doc(
            value =
                "Networks about which nothing is remembered between connections: bans, penalties,"
                    + " counts, limits of accounts. What a session counts about itself holds for"
                    + " everyone.",
            byDefault = "[]",
            example = "[\"192.0.2.0/24\"]",
            applies = Applies.NOW)
        List<Network> exempt,
    @Doc("Failed logins, over all connections.") Login login,
    @Doc("What one account may send.") @NotYet("messages of accounts are not counted")
        Account account) {
  /** Failed logins. */
  public record Login(
      @Doc(
              value = "Failures of a network (/24, /64) before it is shut out for a while.",
              byDefault = "\"20/10m\"",
              applies = Applies.NOW)
          Rate failuresPerNetwork,
      @Doc(
              value = "Failures of an account before it is kept waiting.",
              byDefault = "\"50/1h\"",
              applies = Applies.NOW)
          Rate failuresPerAccount) {}

  /** What one account may send; what is more is held, not lost. */
  public record Account(
      @Doc(value = "Messages.", byDefault = "1000", applies = Applies.NOW) int messagesPerDay,
      @Doc(value = "Recipients.", byDefault = "5000", applies = Applies.NOW) int recipientsPerDay,
      @Doc(
              value = "Recipients the account never wrote to before.",
              byDefault = "200",
              applies = Applies.NOW)
          int firstTimeRecipientsPerDay) {}
}
