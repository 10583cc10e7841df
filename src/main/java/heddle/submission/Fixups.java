package heddle.submission;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What we add to a message in passing (RFC 6409 §8).
 *
 * @param received the whole {@code Received} field, folded, with its CRLF
 * @param date the field added where there is none
 * @param messageId the field added where there is none
 */
public record Fixups(String received, String date, String messageId) {
  // RFC 5322 §3.3, in English whatever the machine speaks.
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

  /**
   * @param protocol the {@code with} word of RFC 3848, {@code ESMTPSA}, or of RFC 6531 §4.3
   * @param from the {@code from} clause, empty where the site does not want the client told
   */
  public static Fixups of(
      String from, String hostname, String protocol, String id, Instant now, ZoneId zone) {
    String date = DATE.format(now.atZone(zone));
    return new Fixups(
        "Received: "
            + (from.isEmpty() ? "" : "from " + from + "\r\n\t")
            + "by "
            + hostname
            + " with "
            + protocol
            + " id "
            + id
            + ";\r\n\t"
            + date
            + "\r\n",
        "Date: " + date + "\r\n",
        "Message-ID: <" + id.toLowerCase(Locale.ROOT) + "@" + hostname + ">\r\n");
  }
}
