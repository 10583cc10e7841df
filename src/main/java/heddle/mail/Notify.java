package heddle.mail;

/** When the sender wants to be told about a recipient (RFC 3461 §4.1). */
public enum Notify {
  NEVER,
  SUCCESS,
  FAILURE,
  DELAY
}
