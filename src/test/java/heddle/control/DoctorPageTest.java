package heddle.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of the doctor names every check, what it looks at, and every remedy. */
class DoctorPageTest {
  private static final Path PAGE = Path.of("docs/doctor.md");
  private static final String BEGIN = "<!-- checks -->\n";
  private static final String END = "<!-- end of checks -->\n";

  @Test
  void the_page_says_what_the_program_says() throws Exception {
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    String wanted = page.substring(0, from) + checks() + page.substring(page.indexOf(END));
    if (Boolean.getBoolean("manual.write")) {
      Files.writeString(PAGE, wanted);
    }
    assertEquals(
        wanted,
        Files.readString(PAGE),
        "the page is out of date; run: mvn test -Dtest=DoctorPageTest -Dmanual.write=true");
  }

  private static String checks() {
    var text = new StringBuilder();
    for (Subject subject : Subject.values()) {
      text.append("\n### ").append(subject.id()).append("\n\n");
      text.append(subject.looksAt()).append("\n\n");
      text.append("| state | says | what to do |\n|---|---|---|\n");
      for (Ailment ailment : Ailment.values()) {
        if (ailment.subject() == subject) {
          text.append("| ")
              .append(ailment.state().word())
              .append(" | ")
              .append(ailment.says())
              .append(" | ")
              .append(ailment.remedy())
              .append(" |\n");
        }
      }
    }
    return text.append('\n').toString();
  }
}
