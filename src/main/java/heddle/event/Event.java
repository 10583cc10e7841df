package heddle.event;

import heddle.mail.Id;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What happened. One record for each kind of fact; {@link Facts} is the one table of their names
 * and fields. A field named after what a client or a remote said is untrusted text.
 */
public sealed interface Event {
  // ---- the server
  record Started(String version, List<String> listeners, Duration took) implements Event {}

  record Stopping(String why, int sessions) implements Event {}

  record Stopped(Duration took, int cut) implements Event {}

  /** Something an administrator should know, in words of ours. */
  record Warning(String what, String why, String remedy) implements Event {}

  record CertificatesLoaded(String name, String fingerprint, String expires) implements Event {}

  // ---- a connection
  /**
   * Somebody is there.
   *
   * @param via the proxy that told of the client
   * @param user behind a UNIX socket, by the word of the kernel
   */
  record Connected(
      Id connection,
      String listener,
      Optional<RemoteAddress> via,
      Optional<String> user,
      RemoteAddress client)
      implements Event {}

  /** A proxy has told by XCLIENT for whom it speaks. */
  record ToldOf(Id connection, RemoteAddress proxy, RemoteAddress client) implements Event {}

  record ConnectionRefused(String listener, String why, RemoteAddress client) implements Event {}

  record TlsStarted(Id connection, String listener, TlsInfo tls, RemoteAddress client)
      implements Event {}

  record TlsFailed(Id connection, String why, RemoteAddress client) implements Event {}

  record StartTlsInjection(Id connection, String listener, RemoteAddress client) implements Event {}

  record Disconnected(
      Id connection,
      String why,
      int messages,
      Duration took,
      Optional<String> user,
      RemoteAddress client)
      implements Event {}

  // ---- a login
  /**
   * Somebody is in.
   *
   * @param binding what of the TLS connection the login is bound to; empty where to nothing
   * @param step what decided: {@code local}, {@code remote/NAME}, {@code hook/NAME}, {@code gate},
   *     {@code patience}, {@code protocol}
   * @param took of our own time: the waits for the client's answers are not in it
   */
  record LoginAccepted(
      Id connection,
      String listener,
      String user,
      String authz,
      String mechanism,
      Optional<String> binding,
      String credential,
      String step,
      Duration took,
      RemoteAddress client)
      implements Event {}

  /**
   * A definite no, or a broken exchange.
   *
   * @param took as of {@link LoginAccepted}; what a failure is kept waiting is not in it
   */
  record LoginFailed(
      Id connection,
      String listener,
      Optional<String> user,
      String mechanism,
      String reason,
      String step,
      Duration took,
      RemoteAddress client)
      implements Event {}

  /**
   * A temporary trouble of ours.
   *
   * @param took as of {@link LoginAccepted}
   */
  record LoginDeferred(
      Id connection,
      String listener,
      Optional<String> user,
      String mechanism,
      String reason,
      String step,
      Duration took,
      RemoteAddress client)
      implements Event {}

  /** A credential was sent where there was no TLS: it was neither read nor kept. */
  record LoginInClear(Id connection, String mechanism, RemoteAddress client) implements Event {}

  /**
   * A conversation in which something went wrong, word for word. Kept for those who ask; no log
   * prints it.
   *
   * @param lines each begins with the milliseconds since the greeting; secrets never came into them
   */
  record Dialogue(
      Id connection,
      String listener,
      String why,
      List<String> lines,
      Optional<String> user,
      RemoteAddress client)
      implements Event {}

  // ---- a message
  record Refused(
      Id connection,
      Id transaction,
      String command,
      String reply,
      Optional<String> user,
      RemoteAddress client)
      implements Event {}

  /**
   * It is ours now.
   *
   * @param kind in what right it was sent: {@code login}, {@code device}, {@code guest}
   */
  record Accepted(
      Id transaction,
      Id connection,
      String listener,
      String kind,
      String sender,
      List<String> recipients,
      long size,
      Optional<String> messageId,
      Optional<String> user,
      RemoteAddress client)
      implements Event {}

  /**
   * It is out of our hands.
   *
   * @param delay since it was accepted
   * @param took the attempt that succeeded, with its wait for a connection
   */
  record Delivered(
      Id transaction, String recipient, String route, String reply, Duration delay, Duration took)
      implements Event {}

  record Deferred(Id transaction, String recipient, String route, String reply, String next)
      implements Event {}

  /**
   * Never, or not in time.
   *
   * @param report the report that its sender gets; empty where none is wanted or possible
   */
  record Failed(Id transaction, String recipient, String route, String reply, Optional<Id> report)
      implements Event {}

  /**
   * A report to a sender went into the queue.
   *
   * @param about the message it tells of
   * @param kind {@code failed}, {@code expired}, {@code delayed}, {@code delivered}
   */
  record Reported(Id report, Id about, String kind, String recipient) implements Event {}

  record Held(Id transaction, String why) implements Event {}

  /** The next hop of a route is not to be had; mail for it waits. */
  record RouteDown(String route, String relay, String why) implements Event {}

  record RouteUp(String route, String relay) implements Event {}

  // ---- who may log in
  /** Another server that is asked about logins does not answer. */
  record DirectoryDown(String directory, String why) implements Event {}

  record DirectoryUp(String directory) implements Event {}

  /**
   * A session is sent home: its login is not good any more.
   *
   * @param credential that it had shown
   */
  record LoginEnded(Id connection, String user, String credential, RemoteAddress client)
      implements Event {}

  // ---- the spool
  record SpoolRecovered(int messages, int segments, Duration took) implements Event {}

  record SpoolDamaged(String file, long offset, long octets, String keptAs) implements Event {}

  /** The spool takes no more until a forced probe succeeds. */
  record SpoolClosed(String why) implements Event {}

  record SpoolOpened() implements Event {}

  // ---- the site's hooks
  /** Compiled and in force. */
  record HooksLoaded(List<String> inUse, List<String> unused) implements Event {}

  /** A hook did not answer: a mistake of the site's, or something that it waits for. */
  record HookFailed(Optional<Id> connection, String hook, String why) implements Event {}

  /** So many calls of a hook do not end that it is not called any more. */
  record HookStuck(String hook, int calls, String stack) implements Event {}

  /** What a hook printed. */
  record HookPrinted(Optional<Id> connection, String hook, String words) implements Event {}

  // ---- the administrator
  record Administered(String actor, String verb, String object) implements Event {}
}
