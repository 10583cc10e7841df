package heddle.wire;

/** What a client does to a message of whole lines before it sends it (RFC 5321 §4.5.2). */
final class DotStuffing {
  private DotStuffing() {}

  static String stuffed(String message) {
    String doubled = message.replace("\r\n.", "\r\n..");
    return (doubled.startsWith(".") ? "." : "") + doubled + ".\r\n";
  }
}
