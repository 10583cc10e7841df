package heddle.hook;

/**
 * What the client called itself.
 *
 * @param verb {@code EHLO} or {@code HELO}
 * @param host anything at all; not to be trusted
 */
public record Helo(String verb, String host) {}
