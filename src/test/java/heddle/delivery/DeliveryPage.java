package heddle.delivery;

import heddle.delivery.Trial.Noted;
import heddle.delivery.Trial.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Writes the table of {@code docs/delivery.md}; what changes from run to run stands for itself. */
final class DeliveryPage {
  private static final String DATE = "[A-Z][a-z]{2}, \\d+ [A-Z][a-z]{2} \\d{4} [\\d:]{8} \\+0000";
  private final String opening;

  DeliveryPage(String opening) {
    this.opening = opening;
  }

  String of(
      Map<String, List<Misbehaviour>> all,
      Function<Misbehaviour, List<Noted>> noted,
      Function<Misbehaviour, Optional<String>> down,
      Function<Misbehaviour, List<Told>> told,
      List<String> delay) {
    var page = new StringBuilder(opening);
    all.forEach(
        (heading, rows) -> {
          page.append("\n### ").append(heading).append("\n\n");
          page.append("| the next hop | what happens | what the sender is told |\n|---|---|---|\n");
          for (Misbehaviour row : rows) {
            page.append("| ")
                .append(cell(row.title))
                .append(" | ")
                .append(happens(row, noted.apply(row), down.apply(row)))
                .append(" | ")
                .append(told(told.apply(row)))
                .append(" |\n");
          }
        });
    page.append("\n## What a notice of delay says\n\nThe first example, four hours later:\n\n");
    delay.forEach(
        paragraph ->
            page.append("> ").append(cell(paragraph).replaceAll(DATE, "…")).append("\n>\n"));
    page.setLength(page.length() - 2);
    return page.toString();
  }

  private static String happens(Misbehaviour row, List<Noted> noted, Optional<String> down) {
    var words = new ArrayList<String>();
    for (int i = 0; i < noted.size(); i++) {
      String who = row.recipients.get(i).mailbox().localPart();
      words.add((noted.size() > 1 ? "**" + who + "** " : "") + fate(noted.get(i)));
    }
    if (down.isPresent()) {
      words.add("The route is down.");
    }
    if (row.twice) {
      words.add("It may arrive twice.");
    }
    if (row.calls > 1) {
      words.add("It takes " + row.calls + " connections.");
    }
    if (!row.note.isEmpty()) {
      words.add(cell(row.note));
    }
    return String.join("<br>", words);
  }

  private static String fate(Noted noted) {
    return switch (noted.fate()) {
      case DELIVERED -> "delivered";
      case WAITS -> "waits: " + code(noted.reply());
      case BOUNCED -> "goes back at once: " + code(noted.reply());
    };
  }

  private static String told(List<Told> told) {
    if (told.isEmpty()) {
      return "nothing";
    }
    return String.join(
        "<br>",
        told.stream()
            .map(
                t -> t.action() + " " + t.status() + ", " + code(t.code()) + "<br>" + cell(t.why()))
            .toList());
  }

  private static String code(String text) {
    return "`" + cell(text).replace("`", "'") + "`";
  }

  private static String cell(String text) {
    return text.replaceAll("localhost", "smtp.provider.example")
        .replaceAll("\\b(127\\.0\\.0\\.1|0:0:0:0:0:0:0:1|::1)(?= port)", "192.0.2.25")
        .replaceAll("port \\d+", "port 587")
        .replaceAll("\\b[0-9a-f]{64}\\b", "5f1c…")
        .replace("<", "&lt;")
        .replace("|", "\\|");
  }
}
