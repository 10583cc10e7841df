package heddle.smtp;

import heddle.mail.Reply;
import java.util.ArrayList;
import java.util.List;

/** The extensions we speak, as lines of the reply to EHLO. */
public final class Extension {
  /** Ours alone (RFC 5321 §2.2.2): who calls a server and hears his own mark has called himself. */
  public static final String MARK = "XLOOP";

  private Extension() {}

  /**
   * The reply to EHLO.
   *
   * @param client what it called itself
   */
  public static Reply greeting(String hostname, String client, Offer offer) {
    var lines = new ArrayList<String>();
    lines.add(hello(hostname, client));
    lines.addAll(of(offer));
    return Reply.bare(250, lines.toArray(String[]::new)); // RFC 2034: no status here
  }

  /** The reply to HELO (RFC 5321 §4.1.1.1). */
  public static Reply plainGreeting(String hostname, String client) {
    return Reply.bare(250, hello(hostname, client));
  }

  private static String hello(String hostname, String client) {
    // RFC 6531 §3.7.4.2: no UTF-8 in replies before the client asks for it.
    boolean ascii = client.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    return ascii ? hostname + " greets " + client : hostname;
  }

  /** Keywords with their values. */
  static List<String> of(Offer offer) {
    var lines = new ArrayList<String>();
    lines.add("PIPELINING"); // RFC 2920
    lines.add("SIZE " + offer.maxSize()); // RFC 1870
    lines.add("8BITMIME"); // RFC 6152
    lines.add("SMTPUTF8"); // RFC 6531
    lines.add("CHUNKING"); // RFC 3030; BINARYMIME would bring bare CR and LF into messages
    lines.add("DSN"); // RFC 3461
    lines.add("ENHANCEDSTATUSCODES"); // RFC 2034
    if (offer.startTls()) {
      lines.add("STARTTLS"); // RFC 3207
    }
    if (!offer.mechanisms().isEmpty()) {
      lines.add("AUTH " + String.join(" ", offer.mechanisms())); // RFC 4954
    }
    lines.add("LIMITS RCPTMAX=" + offer.maxRecipients()); // RFC 9422
    if (offer.xclient()) {
      lines.add("XCLIENT NAME ADDR PORT PROTO HELO DESTADDR DESTPORT");
    }
    lines.add("HELP");
    offer.mark().ifPresent(mark -> lines.add(MARK + " " + mark));
    return lines;
  }
}
