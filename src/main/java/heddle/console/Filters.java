package heddle.console;

import heddle.control.Answer;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code | grep}, {@code | count}, {@code | head}: what output goes through, line by line. */
final class Filters {
  /** Hears lines, and that there are no more. */
  interface Lines {
    void line(String text);

    void end();
  }

  private Filters() {}

  /** What is wrong with them; empty where nothing is. */
  static Optional<Answer> mistake(List<List<String>> filters) {
    for (List<String> filter : filters) {
      String word = filter.isEmpty() ? "" : filter.getFirst();
      boolean sound =
          switch (word) {
            case "grep" -> filter.size() == 2 || filter.size() == 3 && filter.get(1).equals("-v");
            case "count" -> filter.size() == 1;
            case "head" -> filter.size() == 2 && filter.get(1).matches("\\d{1,9}");
            default -> false;
          };
      if (!sound) {
        return Optional.of(
            Answer.no(
                Answer.USAGE,
                Grammar.FILTERS.containsKey(word)
                    ? "what stands behind | " + word + " is not understood"
                    : "nothing goes through \"" + Printer.cell(word) + "\"",
                "there are: | grep WORD, | grep -v WORD, | count, | head N",
                ""));
      }
    }
    return Optional.empty();
  }

  /** A stream whose lines go through all of them. */
  static Through through(List<List<String>> filters, PrintStream out) {
    Lines chain =
        new Lines() {
          @Override
          public void line(String text) {
            out.println(text);
          }

          @Override
          public void end() {
            out.flush();
          }
        };
    for (List<String> filter : filters.reversed()) {
      chain = before(filter, chain);
    }
    return new Through(chain);
  }

  private static Lines before(List<String> filter, Lines next) {
    return switch (filter.getFirst()) {
      case "grep" -> grep(filter.getLast().toLowerCase(Locale.ROOT), filter.size() == 3, next);
      case "head" -> head(Integer.parseInt(filter.getLast()), next);
      default -> counting(next);
    };
  }

  private static Lines grep(String word, boolean without, Lines next) {
    return new Lines() {
      @Override
      public void line(String text) {
        if (text.toLowerCase(Locale.ROOT).contains(word) != without) {
          next.line(text);
        }
      }

      @Override
      public void end() {
        next.end();
      }
    };
  }

  private static Lines head(int most, Lines next) {
    return new Lines() {
      private int lines;

      @Override
      public void line(String text) {
        if (lines++ < most) {
          next.line(text);
        }
      }

      @Override
      public void end() {
        next.end();
      }
    };
  }

  private static Lines counting(Lines next) {
    return new Lines() {
      private int lines;

      @Override
      public void line(String text) {
        lines++;
      }

      @Override
      public void end() {
        next.line(Integer.toString(lines));
        next.end();
      }
    };
  }

  /** Cuts what is written into lines. */
  static final class Through extends OutputStream {
    private final Lines lines;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    Through(Lines lines) {
      this.lines = lines;
    }

    @Override
    public synchronized void write(int octet) {
      if (octet == '\n') {
        lines.line(begun.toString(StandardCharsets.UTF_8));
        begun.reset();
      } else {
        begun.write(octet);
      }
    }

    @Override
    public synchronized void close() {
      if (begun.size() > 0) {
        lines.line(begun.toString(StandardCharsets.UTF_8));
        begun.reset();
      }
      lines.end();
    }
  }
}
