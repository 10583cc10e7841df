package heddle.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the manual, in the macros of man(7). */
public final class Roff {
  private final StringBuilder text = new StringBuilder();

  /**
   * @param name of the page, {@code heddle-queue}
   */
  public Roff(String name, int section, String does) {
    text.append(".\\\" Made from the program; see ManPagesTest.\n");
    text.append(
        ".TH \"%s\" \"%d\" \"%s\" \"Heddle\" \"Heddle manual\"\n"
            .formatted(name.toUpperCase(Locale.ROOT), section, day()));
    section("NAME").line(name + " \\- " + escaped(lower(does)));
  }

  /** Of the release, as the build has it: the same pages wherever they are made. */
  private static String day() {
    try {
      Matcher stamp =
          Pattern.compile("<project\\.build\\.outputTimestamp>(\\d{4}-\\d\\d-\\d\\d)")
              .matcher(Files.readString(Path.of("pom.xml")));
      if (stamp.find()) {
        return stamp.group(1);
      }
      throw new IllegalStateException("pom.xml has no time of the build");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** As the list of all pages wants it: no capital, no full stop. */
  private static String lower(String sentence) {
    String plain = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    boolean word = plain.length() > 1 && Character.isLowerCase(plain.charAt(1));
    boolean article = plain.length() > 1 && plain.charAt(1) == ' ';
    return word || article
        ? plain.substring(0, 1).toLowerCase(Locale.ROOT) + plain.substring(1)
        : plain;
  }

  public Roff section(String heading) {
    return macro("SH", heading.toUpperCase(Locale.ROOT));
  }

  public Roff part(String heading) {
    return macro("SS", heading);
  }

  public Roff paragraph(String prose) {
    text.append(".PP\n");
    return line(escaped(prose));
  }

  /** Prose right behind a heading. */
  public Roff prose(String prose) {
    return line(escaped(prose));
  }

  /** What is typed as it stands, in bold, and what goes with it; a line for each. */
  public Roff synopsis(String command, String rest) {
    text.append(text.toString().endsWith(".SH \"SYNOPSIS\"\n") ? "" : ".br\n");
    return line("\\fB" + escaped(command) + "\\fR" + (rest.isEmpty() ? "" : " " + escaped(rest)));
  }

  /** A term in bold, and what is said of it in paragraphs. */
  public Roff term(String term, String value, List<String> says) {
    text.append(".TP\n");
    line(
        "\\fB"
            + escaped(term)
            + "\\fR"
            + (value.isEmpty() ? "" : " \\fI" + escaped(value) + "\\fR"));
    line(says.isEmpty() ? "\\&" : escaped(says.getFirst()));
    for (String more : says.subList(Math.min(1, says.size()), says.size())) {
      text.append(".br\n");
      line(escaped(more));
    }
    return this;
  }

  private Roff macro(String name, String... args) {
    text.append('.').append(name);
    for (String arg : args) {
      text.append(" \"").append(escaped(arg).replace("\"", "\\(dq")).append('"');
    }
    text.append('\n');
    return this;
  }

  /**
   * Each sentence on a line of its own, as mandoc wants it; none begins with a control character.
   */
  private Roff line(String escaped) {
    for (String sentence : escaped.strip().split("(?<=[a-z)\\]]{2}[.?!]) (?=[A-Z])")) {
      text.append(sentence.startsWith(".") || sentence.startsWith("'") ? "\\&" : "");
      text.append(sentence).append('\n');
    }
    return this;
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e")
        .replace("-", "\\-")
        .replace("~", "\\(ti")
        .replace("^", "\\(ha")
        .replace("`", "\\(ga")
        .replace("…", "...");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
