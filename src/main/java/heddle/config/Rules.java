package heddle.config;

import heddle.mail.Domain;
import heddle.mail.Mailbox;
import heddle.peer.CertificateFacts;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/**
 * Reads a value that may be a list of rules, in the form {@code [ { if = "listener", ne = "smtp",
 * then = … }, { else = … } ]}. Used by one thread, for one file.
 */
final class Rules {
  private static final List<String> KEYS =
      List.of(
          "listener",
          "remote-ip",
          "local-ip",
          "local-port",
          "tls",
          "helo",
          "authenticated-as",
          "mechanism");
  private static final List<String> OF_A_MESSAGE =
      List.of(
          "recipient",
          "recipient-domain",
          "sender",
          "sender-domain",
          "listener",
          "authenticated-as",
          "size");
  private static final String CERTIFICATE = "certificate.";
  private static final Map<String, Operator> OPERATORS = new LinkedHashMap<>();

  static {
    for (Operator operator : Operator.values()) {
      OPERATORS.put(operator.word(), operator);
    }
  }

  private final Sheet sheet;
  private final Binder binder;

  Rules(Sheet sheet, Binder binder) {
    this.sheet = sheet;
    this.binder = binder;
  }

  /** A plain value, or a list with a table in it: then it is a list of rules. */
  Optional<Object> read(Type inner, Object raw, Place place, String key, Doc doc) {
    if (!(raw instanceof TomlArray array) || !(isList(inner) ? hasTable(array) : true)) {
      return binder.value(inner, raw, place, key, doc).map(Ruled::of);
    }
    if (!hasTable(array)) {
      sheet.problem(place, key, "a list stands where one value belongs", "");
      return Optional.empty();
    }
    List<Ruled.Rule<Object>> rules = new ArrayList<>();
    Optional<Object> otherwise = Optional.empty();
    boolean sound = true;
    boolean closed = false;
    for (int i = 0; i < array.size(); i++) {
      Place at = sheet.itemPlace(array.inputPositionOf(i));
      String ruleKey = key + "[" + (i + 1) + "]";
      if (!(array.get(i) instanceof TomlTable rule)) {
        sheet.problem(at, ruleKey, Scalars.kind(array.get(i)) + " stands among rules", "");
        sound = false;
      } else if (closed) {
        sheet.problem(at, ruleKey, "nothing comes behind the rule with \"else\"", "");
        sound = false;
      } else if (rule.contains(List.of("else"))) {
        closed = true;
        otherwise = otherwise(inner, rule, ruleKey, doc);
      } else {
        Optional<Ruled.Rule<Object>> read = rule(inner, rule, at, ruleKey, doc);
        sound &= read.isPresent();
        read.ifPresent(rules::add);
      }
    }
    if (!closed) {
      sheet.missing(place, key, "no rule has \"else\"", "End the list with { else = … }");
    }
    return sound && otherwise.isPresent()
        ? Optional.of(new Ruled<>(rules, otherwise.get()))
        : Optional.empty();
  }

  static boolean isOperator(String word) {
    return OPERATORS.containsKey(word);
  }

  /**
   * The condition of a table: {@code if} and an operator among its other keys; empty where it has
   * none, or where it was refused and the sheet knows why.
   *
   * @param key of the {@code if}
   */
  Optional<Condition> among(TomlTable table, Place place, String key) {
    String path = key.substring(0, key.length() - ".if".length());
    List<String> operators = table.keySet().stream().filter(Rules::isOperator).toList();
    operators.forEach(o -> sheet.stands(path + "." + o, at(table, o)));
    if (!table.contains(List.of("if"))) {
      if (!operators.isEmpty()) {
        String first = operators.getFirst();
        sheet.problem(
            at(table, first),
            Words.dotted(path, first),
            "an operator without \"if\"",
            "Write if = \"recipient-domain\" beside it");
      }
      return Optional.empty();
    }
    if (operators.isEmpty()) {
      sheet.missing(
          place,
          key,
          "no operator stands beside it",
          "Operators are " + String.join(", ", OPERATORS.keySet()));
    }
    for (String second : operators.stream().skip(1).toList()) {
      String reason = "a second operator beside " + Words.quoted(operators.getFirst());
      sheet.problem(at(table, second), Words.dotted(path, second), reason, "A route has one");
    }
    Optional<String> subject = subject(table, place, key, OF_A_MESSAGE);
    return operators.size() != 1
        ? Optional.empty()
        : subject.flatMap(
            s ->
                Optional.ofNullable(OPERATORS.get(operators.getFirst()))
                    .flatMap(o -> condition(table, s, o, path)));
  }

  private static boolean isList(Type type) {
    return type instanceof ParameterizedType p && p.getRawType() == List.class;
  }

  private static boolean hasTable(TomlArray array) {
    for (int i = 0; i < array.size(); i++) {
      if (array.get(i) instanceof TomlTable) {
        return true;
      }
    }
    return false;
  }

  private Optional<Object> otherwise(Type inner, TomlTable rule, String key, Doc doc) {
    for (String word : rule.keySet()) {
      if (!word.equals("else")) {
        String reason = Words.quoted(word) + " stands beside \"else\"";
        sheet.problem(at(rule, word), key, reason, "\"else\" stands alone in its rule");
      }
    }
    Object raw = rule.get(List.of("else"));
    return raw == null
        ? Optional.empty()
        : binder.value(inner, raw, at(rule, "else"), key + ".else", doc);
  }

  private static Place at(TomlTable rule, String word) {
    return Sheet.place(rule.inputPositionOf(List.of(word)));
  }

  private Optional<Ruled.Rule<Object>> rule(
      Type inner, TomlTable rule, Place place, String key, Doc doc) {
    Optional<Operator> operator = operator(rule, place, key);
    Optional<String> subject = subject(rule, place, key + ".if", KEYS);
    Object then = rule.get(List.of("then"));
    Optional<Object> value = Optional.empty();
    if (then == null) {
      sheet.missing(place, key, "the rule has no \"then\"", "");
    } else {
      value = binder.value(inner, then, at(rule, "then"), key + ".then", doc);
    }
    if (operator.isEmpty() || subject.isEmpty()) {
      return Optional.empty();
    }
    Optional<Condition> condition = condition(rule, subject.get(), operator.get(), key);
    return condition.isEmpty() || value.isEmpty()
        ? Optional.empty()
        : Optional.of(new Ruled.Rule<>(condition.get(), value.get()));
  }

  private Optional<Operator> operator(TomlTable rule, Place place, String key) {
    List<Operator> found = new ArrayList<>();
    List<String> known = new ArrayList<>(OPERATORS.keySet());
    known.addAll(List.of("if", "then", "else"));
    boolean sound = true;
    for (String word : rule.keySet()) {
      Operator operator = OPERATORS.get(word);
      if (operator != null) {
        found.add(operator);
        if (found.size() == 2) {
          String reason = "a second operator beside " + Words.quoted(found.getFirst().word());
          sheet.problem(at(rule, word), Words.dotted(key, word), reason, "A rule has one");
          sound = false;
        }
      } else if (!known.contains(word)) {
        String guess = Words.didYouMean(word, known);
        sheet.problem(
            at(rule, word),
            Words.dotted(key, word),
            "not a word of rules",
            guess.isEmpty() ? "Operators are " + String.join(", ", OPERATORS.keySet()) : guess);
        sound = false;
      }
    }
    if (found.isEmpty() && sound) {
      sheet.missing(
          place,
          key,
          "the rule has no operator",
          "Operators are " + String.join(", ", OPERATORS.keySet()));
    }
    return sound && !found.isEmpty() ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private Optional<String> subject(TomlTable rule, Place place, String key, List<String> subjects) {
    Object raw = rule.get(List.of("if"));
    if (raw == null) {
      String rules = key.substring(0, key.length() - ".if".length());
      sheet.missing(place, rules, "the rule has no \"if\"", "");
      return Optional.empty();
    }
    boolean certificates = subjects.equals(KEYS);
    if (raw instanceof String name
        && (subjects.contains(name) || certificates && isOfCertificate(name))) {
      return Optional.of(name);
    }
    List<String> known = new ArrayList<>(subjects);
    List<String> near = new ArrayList<>(subjects);
    if (certificates) {
      known.add("certificate.NAME");
      CertificateFacts.NAMES.forEach(fact -> near.add(CERTIFICATE + fact));
    }
    String guess = raw instanceof String name ? Words.didYouMean(name, near) : "";
    sheet.problem(
        at(rule, "if"),
        key,
        raw instanceof String name
            ? Words.quoted(name) + " is nothing a rule can ask for"
            : Scalars.kind(raw) + " stands where a name belongs",
        guess.isEmpty() ? "Rules ask for " + String.join(", ", known) : guess);
    return Optional.empty();
  }

  private static boolean isOfCertificate(String name) {
    return name.startsWith(CERTIFICATE)
        && CertificateFacts.isOne(name.substring(CERTIFICATE.length()));
  }

  private Optional<Condition> condition(
      TomlTable rule, String subject, Operator operator, String key) {
    Place place = at(rule, operator.word());
    String at = key + "." + operator.word();
    Object raw = Optional.ofNullable(rule.get(List.of(operator.word()))).orElseThrow();
    List<String> values = new ArrayList<>();
    if (raw instanceof TomlArray array && operator.takesList()) {
      for (int i = 0; i < array.size(); i++) {
        if (!text(array.get(i), values)) {
          sheet.problem(place, at, Scalars.kind(array.get(i)) + " cannot be compared", "");
          return Optional.empty();
        }
      }
    } else if (!text(raw, values)) {
      sheet.problem(
          place,
          at,
          Scalars.kind(raw) + " cannot be compared",
          raw instanceof TomlArray ? "A list goes with \"in\" or \"not-in\"" : "");
      return Optional.empty();
    }
    values.replaceAll(value -> normal(subject, value));
    for (String value : values) {
      Optional<Reading.Bad<Object>> bad = judge(subject, operator, value);
      if (bad.isPresent()) {
        sheet.problem(place, at, bad.get().reason(), bad.get().suggestion());
        return Optional.empty();
      }
      boolean exact = operator == Operator.EQ || operator == Operator.NE || operator.takesList();
      if (subject.equals("listener") && exact) {
        sheet.namedListeners.add(new Sheet.NamedListener(place, at, value));
      }
    }
    return Optional.of(new Condition(subject, operator, values));
  }

  /** As facts write it: a domain in A-labels, an address in its normal form, a size in octets. */
  private static String normal(String subject, String value) {
    if (subject.equals("size") && Size.read(value) instanceof Reading.Good<Size>(var size)) {
      return Long.toString(size.octets());
    }
    if (subject.equals("recipient") || subject.equals("sender")) {
      return Mailbox.parse(value).map(Mailbox::normal).orElse(value);
    }
    return isDomain(subject) ? Domain.parse(value).map(Domain::ascii).orElse(value) : value;
  }

  private static boolean isDomain(String subject) {
    return subject.equals("recipient-domain") || subject.equals("sender-domain");
  }

  private static boolean text(Object raw, List<String> into) {
    return switch (raw) {
      case String text -> into.add(text);
      case Long number -> into.add(number.toString());
      case Boolean yes -> into.add(yes.toString());
      default -> false;
    };
  }

  private static Optional<Reading.Bad<Object>> judge(
      String subject, Operator operator, String value) {
    if (operator == Operator.MATCHES) {
      return switch (Regex.read(value)) {
        case Reading.Bad<Regex>(var reason, var how) -> bad(reason, how);
        case Reading.Good<Regex> _ -> Optional.empty();
      };
    }
    if (operator.ordering()) {
      if (!subject.equals("local-port")
          && !subject.equals("size")
          && !subject.startsWith(CERTIFICATE)) {
        String reason = Words.quoted(operator.word()) + " compares numbers, which ";
        return bad(reason + Words.quoted(subject) + " is not", "");
      }
      return Condition.number(value).isPresent()
          ? Optional.empty()
          : bad(Words.quoted(value) + " is not a number", "");
    }
    boolean whole = operator != Operator.STARTS_WITH && operator != Operator.ENDS_WITH;
    if (!whole) {
      return Optional.empty();
    }
    if (Condition.isAddress(subject) && Scalars.network(value).isEmpty()) {
      return bad(
          Words.quoted(value) + " is not a network",
          "Write \"192.0.2.0/24\", \"2001:db8::/32\" or one address");
    }
    if (isDomain(subject) && Domain.parse(value).isEmpty()) {
      return bad(
          Words.quoted(value) + " is not a domain",
          value.contains("@") ? "Leave out what stands before the \"@\"" : "");
    }
    boolean number = subject.equals("local-port") || subject.equals("size");
    if (number && Condition.number(value).isEmpty()) {
      return bad(Words.quoted(value) + " is not a number", "");
    }
    return subject.equals("tls") && !value.matches("true|false")
        ? bad(Words.quoted(value) + " is neither true nor false", "")
        : Optional.empty();
  }

  private static Optional<Reading.Bad<Object>> bad(String reason, String suggestion) {
    return Optional.of(new Reading.Bad<>(reason, suggestion));
  }
}
