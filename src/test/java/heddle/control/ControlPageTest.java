package heddle.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of the protocol in the tree is the one that the table of the verbs tells. */
class ControlPageTest {
  private static final String MEND =
      "the page is out of date; run: mvn test -Dtest=ControlPageTest -Dmanual.write=true";

  private static void inTree(String file, String wanted) throws Exception {
    Path path = Path.of(file);
    if (Boolean.getBoolean("manual.write")) {
      Files.writeString(path, wanted);
    }
    assertEquals(wanted, Files.exists(path) ? Files.readString(path) : "", MEND);
  }

  @Test
  void the_page_in_the_tree_is_the_one_the_table_tells() throws Exception {
    inTree("docs/control.md", ControlPage.page());
  }

  @Test
  void the_schemas_in_the_tree_are_those_of_the_table() throws Exception {
    inTree("docs/control-schemas.json", ControlPage.schemas());
  }
}
