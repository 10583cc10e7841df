package heddle.directory;

import java.util.ArrayList;
import java.util.List;

/** Comma-separated values by RFC 4180; lines may end with LF alone, too. */
final class Csv {
  /**
   * One record.
   *
   * @param number of the line on which it begins, from 1
   * @param sound false where a quote stands where none may
   */
  record Row(int number, List<String> fields, boolean sound) {
    Row {
      fields = List.copyOf(fields);
    }
  }

  private final String text;
  private int at;
  private int line = 1;
  private boolean sound;

  private Csv(String text) {
    this.text = text;
  }

  /** All records; empty lines are none. */
  static List<Row> rows(String text) {
    var csv = new Csv(text);
    List<Row> rows = new ArrayList<>();
    while (csv.at < text.length()) {
      Row row = csv.row();
      if (!row.fields().equals(List.of(""))) {
        rows.add(row);
      }
    }
    return rows;
  }

  private Row row() {
    int begin = line;
    sound = true;
    List<String> fields = new ArrayList<>();
    fields.add(field());
    while (at < text.length() && text.charAt(at) == ',') {
      at++;
      fields.add(field());
    }
    endOfLine();
    return new Row(begin, fields, sound);
  }

  private void endOfLine() {
    if (at < text.length() && text.charAt(at) == '\r') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '\n') {
      at++;
    }
    line++;
  }

  private String field() {
    return at < text.length() && text.charAt(at) == '"' ? quoted() : plain();
  }

  // RFC 4180 §2: "each field may or may not be enclosed in double quotes"; "If fields are not
  // enclosed with double quotes, then double quotes may not appear inside the fields."
  private String plain() {
    int from = at;
    while (at < text.length() && text.charAt(at) != ',' && !ends()) {
      sound &= text.charAt(at) != '"';
      at++;
    }
    return text.substring(from, at);
  }

  private boolean ends() {
    return text.charAt(at) == '\n' || text.startsWith("\r\n", at);
  }

  // RFC 4180 §2: "a double-quote appearing inside a field must be escaped by preceding it with
  // another double quote".
  private String quoted() {
    var field = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"' && at < text.length() && text.charAt(at) == '"') {
        field.append(c);
        at++;
      } else if (c == '"') {
        sound &= plain().isEmpty();
        return field.toString();
      } else {
        line += c == '\n' ? 1 : 0;
        field.append(c);
      }
    }
    sound = false;
    return field.toString();
  }
}
