package heddle.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One component of a config record, seen as a key of the file.
 *
 * @param key as the file writes it
 */
record Setting(String key, RecordComponent component, Type type, Doc doc, Optional<String> notYet) {
  private static final ClassValue<List<Setting>> ALL =
      new ClassValue<>() {
        @Override
        protected List<Setting> computeValue(Class<?> type) {
          List<Setting> all = new ArrayList<>();
          for (RecordComponent component : type.getRecordComponents()) {
            Key key = component.getAnnotation(Key.class);
            NotYet notYet = component.getAnnotation(NotYet.class);
            all.add(
                new Setting(
                    key == null ? Words.kebab(component.getName()) : key.value(),
                    component,
                    component.getGenericType(),
                    component.getAnnotation(Doc.class),
                    Optional.ofNullable(notYet).map(NotYet::value)));
          }
          return List.copyOf(all);
        }
      };

  /** The settings of a config record, in order. */
  static List<Setting> of(Class<?> record) {
    return ALL.get(record);
  }

  /** The record, where the setting is a table with keys of ours. */
  Optional<Class<?>> section() {
    return type instanceof Class<?> c && c.isRecord() && !Scalars.knows(c)
        ? Optional.of(c)
        : Optional.empty();
  }

  /** The record of each entry, where the setting is a table of tables with names of the site. */
  Optional<Class<?>> entries() {
    return type instanceof ParameterizedType p && p.getRawType() == Map.class
        ? Optional.of((Class<?>) p.getActualTypeArguments()[1])
        : Optional.empty();
  }

  boolean plain() {
    return section().isEmpty() && entries().isEmpty();
  }

  /** Whether a list of rules may stand in place of the value. */
  boolean ruled() {
    return type instanceof ParameterizedType p && p.getRawType() == Ruled.class;
  }

  /** The value of a config record. */
  Object valueIn(Object record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Whether it is a condition: a word here, and an operator among the keys beside it. */
  boolean condition() {
    return type instanceof ParameterizedType p && p.getActualTypeArguments()[0] == Condition.class;
  }

  /** What may be written, in words: {@code list of networks}. */
  String words() {
    return words(type);
  }

  private static String words(Type type) {
    if (type instanceof ParameterizedType p) {
      String inner = words(p.getActualTypeArguments()[0]);
      return p.getRawType() == List.class ? "list: " + inner : inner;
    }
    if (type == Condition.class) {
      return "condition";
    }
    return type instanceof Class<?> c ? Scalars.words(c) : "text";
  }
}
