package heddle.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One thing that may be asked of a server: what it takes and what each row of its answer has.
 *
 * @param name noun and verb, {@code "queue.list"}
 * @param does one sentence
 * @param list whether it answers any number of rows, and not just one
 */
public record Verb(
    String name, Reach reach, String does, boolean list, List<Arg> args, List<Field> fields) {
  /** Who may ask it. */
  public enum Reach {
    /** Whoever may look: it is heard at {@code run/status}, too. */
    LOOKING,
    /** It changes nothing, but tells of persons or their mail: at {@code run/control} only. */
    PRIVATE,
    /** It changes something, and leaves a line in the audit: at {@code run/control} only. */
    CHANGING
  }

  /** What a value is in JSON. */
  public enum Type {
    TEXT("string"),
    /** RFC 3339, in UTC. */
    TIME("string"),
    WHOLE("integer"),
    TRUTH("boolean"),
    TEXTS("array"),
    WHOLES("array"),
    OBJECTS("array");

    private final String json;

    Type(String json) {
      this.json = json;
    }

    /** As JSON Schema names it. */
    public String json() {
      return json;
    }
  }

  /**
   * A word that goes with the request.
   *
   * @param type {@code TRUTH} where it is true or false and nothing else, else {@code TEXT}
   */
  public record Arg(String name, boolean needed, Type type, String does) {}

  /**
   * A member of a row.
   *
   * @param values the only ones that it has; none: any
   * @param always whether each row has it
   */
  public record Field(String name, Type type, boolean always, Set<String> values, String does) {}

  public Verb {
    args = List.copyOf(args);
    fields = List.copyOf(fields);
  }

  static Verb looks(String name, String does) {
    return new Verb(name, Reach.LOOKING, does, true, List.of(), List.of());
  }

  static Verb asks(String name, String does) {
    return new Verb(name, Reach.PRIVATE, does, true, List.of(), List.of());
  }

  /** With {@code dry-run}, as everything that changes something. */
  static Verb changes(String name, String does) {
    return new Verb(name, Reach.CHANGING, does, false, List.of(), List.of())
        .flag("dry-run", "true: say what would happen, and change nothing");
  }

  /** Does something once that cannot be tried out. */
  static Verb acts(String name, String does) {
    return new Verb(name, Reach.CHANGING, does, false, List.of(), List.of());
  }

  Verb one() {
    return new Verb(name, reach, does, false, args, fields);
  }

  Verb many() {
    return new Verb(name, reach, does, true, args, fields);
  }

  Verb needs(String arg, String meaning) {
    return with(new Arg(arg, true, Type.TEXT, meaning));
  }

  Verb takes(String arg, String meaning) {
    return with(new Arg(arg, false, Type.TEXT, meaning));
  }

  /** True or false, and false where it is not given. */
  Verb flag(String arg, String meaning) {
    return with(new Arg(arg, false, Type.TRUTH, meaning));
  }

  private Verb with(Arg arg) {
    List<Arg> more = new ArrayList<>(args);
    more.add(arg);
    return new Verb(name, reach, does, list, more, fields);
  }

  Verb text(String field, String meaning) {
    return with(new Field(field, Type.TEXT, true, Set.of(), meaning));
  }

  Verb time(String field, String meaning) {
    return with(new Field(field, Type.TIME, true, Set.of(), meaning));
  }

  Verb whole(String field, String meaning) {
    return with(new Field(field, Type.WHOLE, true, Set.of(), meaning));
  }

  Verb truth(String field, String meaning) {
    return with(new Field(field, Type.TRUTH, true, Set.of(), meaning));
  }

  Verb texts(String field, String meaning) {
    return with(new Field(field, Type.TEXTS, true, Set.of(), meaning));
  }

  Verb wholes(String field, String meaning) {
    return with(new Field(field, Type.WHOLES, true, Set.of(), meaning));
  }

  Verb objects(String field, String meaning) {
    return with(new Field(field, Type.OBJECTS, true, Set.of(), meaning));
  }

  Verb oneOf(String field, Set<String> values, String meaning) {
    return with(new Field(field, Type.TEXT, true, values, meaning));
  }

  /** Not every row has what was named last. */
  Verb maybe() {
    List<Field> changed = new ArrayList<>(fields);
    Field last = changed.removeLast();
    changed.add(new Field(last.name(), last.type(), false, last.values(), last.does()));
    return new Verb(name, reach, does, list, args, changed);
  }

  private Verb with(Field field) {
    List<Field> more = new ArrayList<>(fields);
    more.add(field);
    return new Verb(name, reach, does, list, args, more);
  }
}
