package heddle.event;

import heddle.mail.Id;
import heddle.peer.Digest;
import heddle.peer.RemoteAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An event as a name and an ordered list of fields: the one table behind every log format.
 *
 * <p>The order is a promise to readers such as fail2ban: {@code client} comes behind every field
 * that a client or a remote could have written.
 */
public record Facts(Severity severity, Optional<Id> id, String name, Map<String, String> fields) {
  private static final int NAMED = 5;

  /** How loudly it is said; the numbers are syslog's. */
  public enum Severity {
    ERROR(3),
    WARNING(4),
    NOTICE(5),
    INFO(6),
    /** For those who ask; no log prints it. */
    DEBUG(7);

    private final int syslog;

    Severity(int syslog) {
      this.syslog = syslog;
    }

    public int syslog() {
      return syslog;
    }
  }

  /** The table. */
  public static Facts of(Event event) {
    return switch (event) {
      case Event.Started e ->
          server(Severity.NOTICE, "started")
              .with("version", e.version())
              .with("listeners", String.join(",", e.listeners()))
              .with("took", e.took())
              .done();
      case Event.Stopping e ->
          server(Severity.NOTICE, "stopping")
              .with("why", e.why())
              .with("sessions", e.sessions())
              .done();
      case Event.Stopped e ->
          server(Severity.NOTICE, "stopped").with("took", e.took()).with("cut", e.cut()).done();
      case Event.Warning e ->
          server(Severity.WARNING, "warning")
              .with("what", e.what())
              .with("why", e.why())
              .with("do", e.remedy())
              .done();
      case Event.CertificatesLoaded e ->
          server(Severity.NOTICE, "certificate")
              .with("name", e.name())
              .with("sha256", e.fingerprint())
              .with("expires", e.expires())
              .done();
      case Event.Connected e ->
          about(Severity.INFO, e.connection(), "connect")
              .with("listener", e.listener())
              .with("via", e.via().map(RemoteAddress::toString))
              .with("unix-user", e.user())
              .client(e.client());
      case Event.ToldOf e ->
          about(Severity.INFO, e.connection(), "xclient")
              .with("via", e.proxy().toString())
              .client(e.client());
      case Event.ConnectionRefused e ->
          server(Severity.WARNING, "refused-connection")
              .with("listener", e.listener())
              .with("why", e.why())
              .client(e.client());
      case Event.TlsStarted e ->
          about(Severity.INFO, e.connection(), "tls")
              .with("tls", e.tls().protocol())
              .with("listener", e.listener())
              .with("cipher", e.tls().cipher())
              .with("resumed", e.tls().resumed() ? "yes" : "no")
              .with("sni", e.tls().sni())
              .with("certificate", e.tls().peer().map(p -> p.fingerprint(Digest.SHA256).toString()))
              .with("verify", e.tls().peer().map(p -> Integer.toString(p.verifyCode())))
              .client(e.client());
      case Event.TlsFailed e ->
          about(Severity.NOTICE, e.connection(), "tls-failed")
              .with("why", e.why())
              .client(e.client());
      case Event.StartTlsInjection e ->
          about(Severity.WARNING, e.connection(), "starttls-injection")
              .with("listener", e.listener())
              .client(e.client());
      case Event.Disconnected e ->
          about(Severity.INFO, e.connection(), "disconnect")
              .with("why", e.why())
              .with("messages", e.messages())
              .with("took", e.took())
              .with("user", e.user())
              .client(e.client());
      case Event.LoginAccepted e ->
          about(Severity.INFO, e.connection(), "auth-ok")
              .with("mech", e.mechanism())
              .with("binding", e.binding())
              .with("credential", e.credential())
              .with("step", e.step())
              .with("listener", e.listener())
              .with("took", e.took())
              .with("user", e.user())
              .with("authz", e.authz().equals(e.user()) ? Optional.empty() : Optional.of(e.authz()))
              .client(e.client());
      case Event.LoginFailed e ->
          about(Severity.NOTICE, e.connection(), "auth-failed")
              .with("why", e.reason())
              .with("mech", e.mechanism())
              .with("step", e.step())
              .with("listener", e.listener())
              .with("took", e.took())
              .with("user", e.user())
              .client(e.client());
      case Event.LoginDeferred e ->
          about(Severity.WARNING, e.connection(), "auth-deferred")
              .with("why", e.reason())
              .with("mech", e.mechanism())
              .with("step", e.step())
              .with("listener", e.listener())
              .with("took", e.took())
              .with("user", e.user())
              .client(e.client());
      case Event.LoginInClear e ->
          about(Severity.WARNING, e.connection(), "auth-in-clear")
              .with("mech", e.mechanism())
              .client(e.client());
      case Event.Dialogue e ->
          about(Severity.DEBUG, e.connection(), "dialogue")
              .with("listener", e.listener())
              .with("why", e.why())
              .with("lines", String.join("\n", e.lines()))
              .with("user", e.user())
              .client(e.client());
      case Event.Refused e ->
          about(Severity.NOTICE, e.transaction(), "refused")
              .with("session", e.connection().value())
              .with("command", e.command())
              .with("reply", e.reply())
              .with("user", e.user())
              .client(e.client());
      case Event.Accepted e ->
          about(Severity.INFO, e.transaction(), "accepted")
              .with("session", e.connection().value())
              .with("listener", e.listener())
              .with("kind", e.kind())
              .with("nrcpt", e.recipients().size())
              .with("size", e.size())
              .with("user", e.user())
              .with("from", e.sender())
              .with("to", named(e.recipients()))
              .with("msgid", e.messageId())
              .client(e.client());
      case Event.Delivered e ->
          about(Severity.INFO, e.transaction(), "delivered")
              .with("to", e.recipient())
              .with("relay", e.route())
              .with("delay", e.delay())
              .with("took", e.took())
              .with("status", "sent")
              .with("reply", e.reply())
              .done();
      case Event.Deferred e ->
          about(Severity.NOTICE, e.transaction(), "deferred")
              .with("to", e.recipient())
              .with("relay", e.route())
              .with("next", e.next())
              .with("status", "deferred")
              .with("reply", e.reply())
              .done();
      case Event.Failed e ->
          about(Severity.NOTICE, e.transaction(), "failed")
              .with("to", e.recipient())
              .with("relay", e.route())
              .with("status", "bounced")
              .with("report", e.report().map(Id::value))
              .with("reply", e.reply())
              .done();
      case Event.Reported e ->
          about(Severity.INFO, e.report(), "report")
              .with("about", e.about().value())
              .with("kind", e.kind())
              .with("to", e.recipient())
              .done();
      case Event.RouteDown e ->
          server(Severity.WARNING, "route-down")
              .with("route", e.route())
              .with("relay", e.relay())
              .with("why", e.why())
              .done();
      case Event.RouteUp e ->
          server(Severity.NOTICE, "route-up")
              .with("route", e.route())
              .with("relay", e.relay())
              .done();
      case Event.DirectoryDown e ->
          server(Severity.WARNING, "directory-down")
              .with("directory", e.directory())
              .with("why", e.why())
              .done();
      case Event.DirectoryUp e ->
          server(Severity.NOTICE, "directory-up").with("directory", e.directory()).done();
      case Event.LoginEnded e ->
          about(Severity.NOTICE, e.connection(), "login-ended")
              .with("credential", e.credential())
              .with("user", e.user())
              .client(e.client());
      case Event.Held e ->
          about(Severity.INFO, e.transaction(), "held").with("why", e.why()).done();
      case Event.SpoolRecovered e ->
          server(Severity.NOTICE, "spool-recovered")
              .with("messages", e.messages())
              .with("segments", e.segments())
              .with("took", e.took())
              .done();
      case Event.SpoolDamaged e ->
          server(Severity.ERROR, "spool-damaged")
              .with("file", e.file())
              .with("offset", e.offset())
              .with("octets", e.octets())
              .with("kept", e.keptAs())
              .done();
      case Event.SpoolClosed e ->
          server(Severity.ERROR, "spool-closed").with("why", e.why()).done();
      case Event.SpoolOpened _ -> server(Severity.NOTICE, "spool-opened").done();
      case Event.HooksLoaded e ->
          server(Severity.NOTICE, "hooks")
              .with("in-use", String.join(",", e.inUse()))
              .with("not-in-use", String.join(",", e.unused()))
              .done();
      case Event.HookFailed e ->
          new Builder(Severity.WARNING, e.connection(), "hook-failed")
              .with("hook", e.hook())
              .with("why", e.why())
              .done();
      case Event.HookStuck e ->
          server(Severity.ERROR, "hook-stuck")
              .with("hook", e.hook())
              .with("calls", e.calls())
              .with("stack", e.stack())
              .done();
      case Event.HookPrinted e ->
          new Builder(Severity.INFO, e.connection(), "hook-printed")
              .with("hook", e.hook())
              .with("words", e.words())
              .done();
      case Event.Administered e ->
          server(Severity.NOTICE, "admin")
              .with("actor", e.actor())
              .with("verb", e.verb())
              .with("object", e.object())
              .done();
    };
  }

  /** The first few: what became of each is told for each. */
  private static String named(List<String> recipients) {
    return String.join(",", recipients.subList(0, Math.min(NAMED, recipients.size())))
        + (recipients.size() > NAMED ? ",…" : "");
  }

  private static Builder server(Severity severity, String name) {
    return new Builder(severity, Optional.empty(), name);
  }

  private static Builder about(Severity severity, Id id, String name) {
    return new Builder(severity, Optional.of(id), name);
  }

  /** Gathers fields in the order in which they are printed. */
  private static final class Builder {
    private final Severity severity;
    private final Optional<Id> id;
    private final String name;
    private final Map<String, String> fields = new LinkedHashMap<>();

    Builder(Severity severity, Optional<Id> id, String name) {
      this.severity = severity;
      this.id = id;
      this.name = name;
    }

    Builder with(String key, String value) {
      fields.put(key, value);
      return this;
    }

    Builder with(String key, Optional<String> value) {
      value.ifPresent(v -> fields.put(key, v));
      return this;
    }

    Builder with(String key, long value) {
      return with(key, Long.toString(value));
    }

    Builder with(String key, Duration took) {
      return with(key, String.format(Locale.ROOT, "%.3f", took.toNanos() / 1e9));
    }

    /** Last of all, so that nothing untrusted follows it. */
    Facts client(RemoteAddress client) {
      return with("client", client.toString()).done();
    }

    Facts done() {
      return new Facts(severity, id, name, fields);
    }
  }
}
