package heddle.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;

/** What is found while one file is read. Used by one thread, for one file. */
final class Sheet {
  /** A rule that names a listener, which may not exist. */
  record NamedListener(Place place, String key, String name) {}

  private final String file;
  final List<String> lines;
  private final Set<Problem> problems = new TreeSet<>(Problem.BY_PLACE);
  private final Set<Note> notes = new LinkedHashSet<>();
  private final Map<String, Place> places = new HashMap<>();
  private final Set<Integer> broken = new HashSet<>();
  final List<NamedListener> namedListeners = new ArrayList<>();

  Sheet(String file, List<String> lines) {
    this.file = file;
    this.lines = lines;
  }

  /** A line that is not TOML: what else was made of it is not judged. */
  void breakLine(Place place, String key, String reason, String suggestion) {
    if (broken.add(place.line())) {
      problems.add(new Problem(file, place.line(), place.column(), key, reason, suggestion));
    }
  }

  /** Lines whose table is not known are not judged either. */
  void ignore(int line) {
    broken.add(line);
  }

  void problem(Place place, String key, String reason, String suggestion) {
    if (!broken.contains(place.line())) {
      problems.add(new Problem(file, place.line(), place.column(), key, reason, suggestion));
    }
  }

  /** Something that is not there; after a syntax error it may well be, so nothing is said. */
  void missing(Place place, String key, String reason, String suggestion) {
    if (broken.isEmpty()) {
      problem(place, key, reason, suggestion);
    }
  }

  void note(Place place, String key, String text) {
    notes.add(new Note(file, place.line(), place.column(), key, text));
  }

  /** Remembers where a key stands. */
  void stands(String key, Place place) {
    places.putIfAbsent(key, place);
  }

  boolean isSet(String key) {
    return places.containsKey(key);
  }

  /** Where the key stands, or the nearest table around it. */
  Place placeOf(String key) {
    String at = key;
    while (!at.isEmpty()) {
      Place place = places.get(at);
      if (place != null) {
        return place;
      }
      int dot = at.lastIndexOf('.');
      at = dot < 0 ? "" : at.substring(0, dot);
    }
    return Place.START;
  }

  /** Whether nothing is wrong at the key or below it. */
  boolean clean(String key) {
    return problems.stream()
        .noneMatch(
            p ->
                p.key().equals(key)
                    || p.key().startsWith(key + ".")
                    || p.key().startsWith(key + "["));
  }

  static Place place(@Nullable TomlPosition position) {
    return position == null ? Place.START : new Place(position.line(), position.column());
  }

  /** The parser counts the space before an item of a list to the item; people do not. */
  Place itemPlace(@Nullable TomlPosition position) {
    Place place = place(position);
    int column = place.column();
    for (int line = place.line(); line <= lines.size(); line++) {
      String text = lines.get(line - 1);
      while (column <= text.length() && Character.isWhitespace(text.charAt(column - 1))) {
        column++;
      }
      if (column <= text.length() && text.charAt(column - 1) != '#') {
        return new Place(line, column);
      }
      column = 1;
    }
    return place;
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  List<Note> notes() {
    List<Note> sorted = new ArrayList<>(notes);
    sorted.sort(
        Comparator.comparingInt(Note::line)
            .thenComparingInt(Note::column)
            .thenComparing(Note::key));
    return sorted;
  }
}
