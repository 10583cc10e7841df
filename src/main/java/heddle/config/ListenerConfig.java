package heddle.config;

import heddle.peer.Network;
import java.util.List;

/** One listener. */
public record ListenerConfig(
    @Doc(
            value =
                "Addresses and ports, or a socket in the file system (\"unix:run/submission.sock\")."
                    + " Default: port 465 of every address where tls is \"implicit\", else port 587.",
            byDefault = "[\"[::]:587\"]",
            applies = Applies.RESTART)
        List<Bind> bind,
    @Doc(
            value =
                "Whether TLS is there from the first octet, is asked for with STARTTLS, or is never"
                    + " there. Default: \"implicit\" for the listener named submissions, else"
                    + " \"starttls\".",
            byDefault = "\"starttls\"",
            applies = Applies.RESTART)
        Mode tls,
    @Doc(
            value =
                "From these networks a PROXY header is required; from any other it is refused like"
                    + " every command nobody knows.",
            byDefault = "[]",
            example = "[\"192.0.2.10\"]")
        List<Network> proxyProtocolFrom,
    @Doc(
            value =
                "From these networks XCLIENT is taken, LOGIN= excepted: nobody logs in by assertion.",
            byDefault = "[]",
            example = "[\"192.0.2.10\"]")
        List<Network> xclientFrom,
    @Doc(
            value =
                "Inside these networks device credentials, and only these, may log in without TLS.",
            byDefault = "[]",
            example = "[\"192.0.2.128/25\"]")
        List<Network> plainAuthFrom) {
  /** How TLS comes about. */
  public enum Mode implements Worded {
    IMPLICIT,
    STARTTLS,
    NONE
  }
}
