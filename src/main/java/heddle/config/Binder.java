package heddle.config;

import heddle.mail.Domain;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/**
 * Binds tables to config records. Whatever is wrong goes to the sheet with its place, the default
 * stands in, and the rest is read on. Used by one thread, for one file.
 */
final class Binder {
  private static final TomlTable NOTHING = Toml.parse("");
  private static final Map<String, Object> DEFAULTS = new ConcurrentHashMap<>();
  private final Sheet sheet;
  private final Rules rules;

  Binder(Sheet sheet) {
    this.sheet = sheet;
    this.rules = new Rules(sheet, this);
  }

  HeddleConfig config(TomlTable table) {
    return (HeddleConfig) record(HeddleConfig.class, table, "", "");
  }

  /**
   * @param path of the table; empty for the whole file
   * @param name the last part of the path
   */
  private Record record(Class<?> type, TomlTable table, String path, String name) {
    List<Setting> settings = Setting.of(type);
    refuseUnknown(settings, table, path);
    Object[] values = new Object[settings.size()];
    for (int i = 0; i < values.length; i++) {
      Setting setting = settings.get(i);
      String key = Words.dotted(path, setting.key());
      values[i] = component(type, setting, table, key, name);
    }
    try {
      Class<?>[] types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<?> canonical = type.getDeclaredConstructor(types);
      return (Record) canonical.newInstance(values);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(type.toString(), impossible);
    }
  }

  private void refuseUnknown(List<Setting> settings, TomlTable table, String path) {
    List<String> known = settings.stream().map(Setting::key).toList();
    boolean operators = settings.stream().anyMatch(Setting::condition);
    for (String key : table.keySet()) {
      if (!known.contains(key) && !(operators && Rules.isOperator(key))) {
        Place place = Sheet.place(table.inputPositionOf(List.of(key)));
        String guess = Words.didYouMean(key, known);
        sheet.problem(
            place,
            Words.dotted(path, key),
            "unknown key",
            guess.isEmpty() ? elsewhere(key, known) : guess);
      }
    }
  }

  private static String elsewhere(String key, List<String> known) {
    List<String> homes =
        Manual.keys().stream().filter(k -> k.endsWith("." + key)).map(Manual::tableOf).toList();
    return homes.size() == 1
        ? "It belongs to [" + homes.getFirst() + "]"
        : known.size() > 15 ? "" : "Known here: " + String.join(", ", known);
  }

  private Object component(
      Class<?> type, Setting setting, TomlTable table, String key, String name) {
    Object raw = table.get(List.of(setting.key()));
    Place place = Sheet.place(table.inputPositionOf(List.of(setting.key())));
    if (raw != null) {
      sheet.stands(key, place);
      if (!isOff(raw)) {
        setting.notYet().ifPresent(why -> sheet.note(place, key, "not yet in force: " + why));
      }
    }
    if (setting.section().isPresent()) {
      return record(setting.section().get(), table(raw, place, key, key), key, setting.key());
    }
    if (setting.entries().isPresent()) {
      return entries(setting, table(raw, place, key, key + ".NAME"), key);
    }
    if (setting.condition()) {
      return rules.among(table, place, key);
    }
    if (raw != null) {
      Optional<Object> read = value(setting.type(), raw, place, key, setting.doc());
      if (read.isPresent()) {
        return read.get();
      }
    } else if (setting.doc().required() && !name.isEmpty()) {
      String above = key.substring(0, key.length() - setting.key().length() - 1);
      sheet.missing(sheet.placeOf(above), above, "it needs " + Words.quoted(setting.key()), "");
    }
    return fallback(type, setting, table, name);
  }

  /** Whoever turns off what is off already need not be told. */
  private static boolean isOff(Object raw) {
    return raw.equals(false) || raw instanceof TomlArray items && items.isEmpty();
  }

  private TomlTable table(@Nullable Object raw, Place place, String key, String header) {
    if (raw instanceof TomlTable table) {
      return table;
    }
    if (raw != null) {
      String reason = Scalars.kind(raw) + " stands where a table belongs";
      sheet.problem(place, key, reason, "Write [" + header + "]");
    }
    return NOTHING;
  }

  private Map<String, Record> entries(Setting setting, TomlTable table, String path) {
    Class<?> type = setting.entries().orElseThrow();
    Map<String, Record> all = new LinkedHashMap<>();
    for (String name : table.keySet()) {
      String key = Words.dotted(path, name);
      Place place = Sheet.place(table.inputPositionOf(List.of(name)));
      sheet.stands(key, place);
      boolean host = type == TlsConfig.Named.class;
      if (host ? !isName(name) : !name.matches("[A-Za-z0-9._-]{1,64}")) {
        sheet.problem(
            place,
            key,
            host ? "not the name of a host" : "not a name for a table",
            host ? "" : "Use 1 to 64 letters, digits, \".\", \"-\" and \"_\"");
      }
      Object raw = table.get(List.of(name));
      if (!(raw instanceof TomlTable entry)) {
        List<String> known = Setting.of(type).stream().map(Setting::key).toList();
        String how =
            known.contains(name)
                ? "Write it below [" + path + ".NAME], with a name of your choice"
                : "Write [" + key + "]";
        String kind = raw == null ? "nothing" : Scalars.kind(raw);
        sheet.problem(place, key, kind + " stands where a table belongs", how);
        continue;
      }
      all.put(name, record(type, entry, key, name));
    }
    for (String name : unasked(type, table)) {
      all.computeIfAbsent(name, n -> record(type, NOTHING, Words.dotted(path, n), n));
    }
    return Collections.unmodifiableMap(all);
  }

  private static boolean isName(String name) {
    return Domain.parse(name.startsWith("*.") ? name.substring(2) : name)
        .filter(d -> !d.isLiteral())
        .isPresent();
  }

  /** The tables that are there without being written. */
  private static List<String> unasked(Class<?> type, TomlTable table) {
    if (type == RouteConfig.class) {
      return List.of("default");
    }
    return type == ListenerConfig.class && table.isEmpty()
        ? List.of("submissions", "submission")
        : List.of();
  }

  private Object fallback(Class<?> type, Setting setting, TomlTable table, String name) {
    String text = defaultText(type, setting, name, Optional.ofNullable(table.get(List.of("tls"))));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Object raw = DEFAULTS.computeIfAbsent(text, Binder::parsed);
    return value(setting.type(), raw, Place.START, setting.key(), setting.doc()).orElseThrow();
  }

  /**
   * The default; two of a listener depend on its name and its kind of TLS.
   *
   * @param tls what the listener's table says of TLS
   */
  static String defaultText(Class<?> type, Setting setting, String name, Optional<Object> tls) {
    if (type == ListenerConfig.class) {
      boolean implicit =
          tls.map(word -> word.equals("implicit")).orElse(name.equals("submissions"));
      if (implicit && setting.key().equals("tls")) {
        return "\"implicit\"";
      }
      if (implicit && setting.key().equals("bind")) {
        return "[\"[::]:465\"]";
      }
    }
    return setting.doc().byDefault();
  }

  private static Object parsed(String text) {
    return Optional.ofNullable(Toml.parse("v = " + text).get("v")).orElseThrow();
  }

  /** The value; empty where it was refused and the sheet knows why. */
  Optional<Object> value(Type type, Object raw, Place place, String key, Doc doc) {
    if (type instanceof ParameterizedType generic) {
      Type inner = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == Ruled.class) {
        return rules.read(inner, raw, place, key, doc);
      }
      if (generic.getRawType() == Optional.class) {
        return inner == HookName.class && raw.equals(false)
            ? Optional.of(Optional.empty())
            : value(inner, raw, place, key, doc).map(Optional::of);
      }
      return list(inner, raw, place, key, doc);
    }
    return switch (Scalars.read((Class<?>) type, raw)) {
      case Reading.Bad<?>(var reason, var how) -> {
        sheet.problem(place, key, reason, how);
        yield Optional.empty();
      }
      case Reading.Good<?>(var value) -> bounded(value, place, key, doc);
    };
  }

  private Optional<Object> bounded(Object value, Place place, String key, Doc doc) {
    if (value instanceof Integer number && (number < doc.min() || number > doc.max())) {
      String range =
          doc.max() == Integer.MAX_VALUE
              ? "less than " + doc.min()
              : "not between " + doc.min() + " and " + doc.max();
      sheet.problem(place, key, number + " is " + range, "");
      return Optional.empty();
    }
    if (value instanceof Duration time && time.toMillis() < doc.min()) {
      String least = Words.quoted(Durations.text(Duration.ofMillis(doc.min())));
      sheet.problem(place, key, "the time is shorter than " + least, "");
      return Optional.empty();
    }
    if (value instanceof Size size && size.octets() < doc.min()) {
      sheet.problem(place, key, "the size is less than " + doc.min() + " octets", "");
      return Optional.empty();
    }
    Scalars.notYet(value).ifPresent(why -> sheet.note(place, key, "not yet in force: " + why));
    return Optional.of(value);
  }

  private Optional<Object> list(Type item, Object raw, Place place, String key, Doc doc) {
    if (item == Source.class && raw.equals(false)) {
      return Optional.of(List.of());
    }
    if (item == Source.class && !(raw instanceof TomlArray)) {
      return value(item, raw, place, key, doc).map(List::of);
    }
    if (!(raw instanceof TomlArray array)) {
      sheet.problem(
          place, key, Scalars.kind(raw) + " stands where a list belongs", "Write [ …, … ]");
      return Optional.empty();
    }
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      Place at = sheet.itemPlace(array.inputPositionOf(i));
      String itemKey = key + "[" + (i + 1) + "]";
      value(item, array.get(i), at, itemKey, doc).ifPresent(items::add);
    }
    return Optional.of(List.copyOf(items));
  }
}
