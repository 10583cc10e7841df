package heddle.dial;

/** How TLS comes about. What is asked for is demanded: nothing falls back to clear text. */
public enum Security {
  /** From the first octet (RFC 8314). */
  IMPLICIT,
  /** After STARTTLS (RFC 3207). */
  STARTTLS,
  NONE
}
