package heddle.mail;

/** The sender of an envelope: a mailbox, or nobody ({@code <>}, RFC 5321 §4.5.5). */
public sealed interface Path {
  /** Nobody: for reports that must not be answered. */
  record Nobody() implements Path {
    @Override
    public String toString() {
      return "";
    }
  }

  /** Somebody. */
  record Somebody(Mailbox mailbox) implements Path {
    @Override
    public String toString() {
      return mailbox.toString();
    }
  }

  Path NOBODY = new Nobody();

  /** Without the angle brackets; empty for nobody. */
  @Override
  String toString();
}
