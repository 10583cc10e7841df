package heddle.control;

import java.util.List;

/**
 * Each figure there is: its name, its labels and what it means. The names are a promise to the
 * rules and dashboards that ask for them. Figures that this list does not have do not exist.
 */
public enum Measure {
  SESSIONS("heddle_sessions", Kind.GAUGE, "Connections under way, logged in or not.", "listener"),
  LOGINS(
      "heddle_auth_total",
      Kind.COUNTER,
      "Logins, by how they ended: ok, or why not in the words of the log.",
      "mechanism",
      "result",
      "listener"),
  LOGIN_TIME(
      "heddle_auth_seconds",
      Kind.HISTOGRAM,
      "How long logins took, successful or not, without the pauses of the client."),
  ACCEPTED(
      "heddle_messages_accepted_total",
      Kind.COUNTER,
      "Messages taken, by the right in which they were sent: login, device, guest.",
      "listener",
      "kind"),
  REJECTED(
      "heddle_messages_rejected_total",
      Kind.COUNTER,
      "Senders, recipients and messages refused (stage mail, rcpt, data), by the code of the reply.",
      "stage",
      "code"),
  QUEUE(
      "heddle_queue_messages",
      Kind.GAUGE,
      "Messages in the queue: new, deferred (tried, and waiting), held (nothing is tried).",
      "state"),
  OLDEST(
      "heddle_queue_oldest_seconds",
      Kind.GAUGE,
      "Age of the oldest message in the queue that is not held; 0 where there is none."),
  ATTEMPTS(
      "heddle_delivery_attempts_total",
      Kind.COUNTER,
      "Attempts to deliver, each recipient counted: delivered, deferred, failed.",
      "relay",
      "result"),
  DELIVERY_TIME(
      "heddle_delivery_seconds",
      Kind.HISTOGRAM,
      "How long attempts took that delivered, each recipient counted.",
      "relay"),
  TLS(
      "heddle_tls_sessions_total",
      Kind.COUNTER,
      "Handshakes that succeeded.",
      "version",
      "listener"),
  CERTIFICATE(
      "heddle_certificate_expiry_timestamp_seconds",
      Kind.GAUGE,
      "When the certificate served for a name ends, in seconds since 1970.",
      "name"),
  HOOK_TIME(
      "heddle_hook_seconds",
      Kind.HISTOGRAM,
      "How long calls of a hook took, failed ones among them.",
      "hook"),
  HOOK_FAILURES(
      "heddle_hook_failures_total",
      Kind.COUNTER,
      "Calls of a hook that came to nothing: an exception, no answer in time, a mistake.",
      "hook"),
  BLOCKED(
      "heddle_blocked_networks",
      Kind.GAUGE,
      "Networks that an administrator has shut out and that still are."),
  READY(
      "heddle_ready",
      Kind.GAUGE,
      "1 where the check is passed, else 0: listeners, spool, store, certificate; see /ready.",
      "check"),
  BUILD("heddle_build_info", Kind.INFO, "Which version runs; always 1.", "version"),
  USER_LOGINS(
      "heddle_user_logins_total", Kind.COUNTER, "Successful logins; with per-user only.", "user"),
  USER_MESSAGES(
      "heddle_user_messages_total", Kind.COUNTER, "Messages taken; with per-user only.", "user"),
  USER_RECIPIENTS(
      "heddle_user_recipients_total",
      Kind.COUNTER,
      "Recipients of messages taken; with per-user only.",
      "user");

  /** What Prometheus calls it. */
  enum Kind {
    COUNTER,
    GAUGE,
    HISTOGRAM,
    INFO
  }

  private final String title;
  private final Kind kind;
  private final String meaning;

  /** With a space between them. */
  private final String labels;

  Measure(String title, Kind kind, String meaning, String... labels) {
    this.title = title;
    this.kind = kind;
    this.meaning = meaning;
    this.labels = String.join(" ", labels);
  }

  /** As Prometheus knows it. */
  public String title() {
    return title;
  }

  Kind kind() {
    return kind;
  }

  String meaning() {
    return meaning;
  }

  List<String> labels() {
    return labels.isEmpty() ? List.of() : List.of(labels.split(" "));
  }

  /** Only where the site wants to know of each user. */
  boolean ofUsers() {
    return labels().contains("user");
  }

  String[] labelNames() {
    return labels().toArray(String[]::new);
  }
}
