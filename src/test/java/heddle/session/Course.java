package heddle.session;

import java.nio.charset.StandardCharsets;

/** What one exchange has heard so far, for those messages that need it. */
final class Course {
  /** A connection, as far as messages depend on it. */
  interface Channel {
    /** RFC 9266 and RFC 5929: by the name of the binding. */
    byte[] binding(String type);
  }

  /** Of an exchange that is thought through only. */
  static final Channel NONE = _ -> new byte[0];

  private static int count;

  private final Channel channel;
  final String nonce;

  /**
   * Of the hook: how many answers it had, the size of the last, and its calls on this connection.
   */
  int state;

  String size = "none";
  int calls;

  /** What SCRAM has said in its first message. */
  String header = "";

  String bare = "";
  String password = "";
  private byte[] prompt = new byte[0];
  private String signed = "";

  Course(Channel channel) {
    this.channel = channel;
    this.nonce = "nonce" + Integer.toString(++count, 36);
  }

  /** As it stands now. */
  Course(Course other) {
    this.channel = other.channel;
    this.nonce = other.nonce;
    this.state = other.state;
    this.size = other.size;
    this.calls = other.calls;
    this.header = other.header;
    this.bare = other.bare;
    this.password = other.password;
    this.prompt = other.prompt;
    this.signed = other.signed;
  }

  void heard(byte[] words) {
    prompt = words.clone();
  }

  String prompt() {
    return new String(prompt, StandardCharsets.UTF_8);
  }

  byte[] binding(String type) {
    return channel.binding(type);
  }

  /** What proof and signature of SCRAM are made over. */
  void sign(String message) {
    signed = message;
  }

  String signed() {
    return signed;
  }
}
