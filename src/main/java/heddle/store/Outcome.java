package heddle.store;

/**
 * How a change of the accounts ended. Troubles of the disk are {@link StoreUnavailable} instead.
 */
public sealed interface Outcome {
  /** It is on disk, and every later snapshot has it. For a removal: as the account last was. */
  record Done(Account account) implements Outcome {}

  /** The name, or an address of it, belongs to an account already. */
  record Exists(String name) implements Outcome {}

  record NotFound(String name) implements Outcome {}

  /** What was given cannot be a name or a password; in words for people, without the secret. */
  record Refused(String why) implements Outcome {}
}
