package heddle.delivery;

/** Where messages go next. */
public sealed interface Route {
  /** Nowhere yet: they wait until somebody releases them or sets another route. */
  record Hold(String why) implements Route {}

  /** Into a Maildir on this machine for each recipient. */
  record Maildir(MaildirDelivery delivery) implements Route {}
}
