package heddle.remote;

import heddle.remote.Template.Field;
import heddle.remote.Template.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A query whose placeholders are parameters.
 *
 * @param sql with {@code ?} for each
 * @param fields what each stands for, in order
 */
record SqlQuery(String sql, List<Field> fields) {
  SqlQuery {
    fields = List.copyOf(fields);
  }

  /**
   * @throws IllegalArgumentException where {@link #complaint} has one
   */
  static SqlQuery of(String query) {
    Optional<String> complaint = complaint(query);
    if (complaint.isPresent()) {
      throw new IllegalArgumentException(complaint.get());
    }
    var scan = new SqlScan();
    List<Field> fields = new ArrayList<>();
    for (Part part : Template.of(query).parts()) {
      switch (part) {
        case Part.Text(String text) -> scan.text(text);
        case Part.Slot(Field field) -> {
          scan.parameter();
          fields.add(field);
        }
      }
    }
    return new SqlQuery(scan.sql(), fields);
  }

  /**
   * Why it cannot be asked.
   *
   * @return empty where all is well
   */
  static Optional<String> complaint(String query) {
    Template template = Template.of(query);
    if (!template.tellsNamesApart()) {
      return Optional.of("query is the same for everybody: it needs {user} or {local-part}");
    }
    var scan = new SqlScan();
    for (Part part : template.parts()) {
      switch (part) {
        case Part.Text(String text) -> scan.text(text);
        case Part.Slot(Field field) -> {
          if (!scan.where().isEmpty()) {
            return Optional.of(
                "query has " + field.written() + " " + scan.where() + ", where it is only text");
          }
          scan.parameter();
        }
      }
    }
    if (scan.strayBrace()) {
      return Optional.of("query has a placeholder other than {user}, {local-part} and {domain}");
    }
    return scan.mayEnd() ? Optional.empty() : Optional.of("query ends " + scan.where());
  }
}
