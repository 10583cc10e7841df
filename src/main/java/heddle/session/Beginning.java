package heddle.session;

/** How a listener begins. */
public enum Beginning {
  TLS,
  STARTTLS,
  CLEAR
}
