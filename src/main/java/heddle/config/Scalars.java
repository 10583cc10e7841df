package heddle.config;

import heddle.mail.Domain;
import heddle.peer.Network;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** How one value of the file becomes one value of ours, by the type that is wanted. */
final class Scalars {
  /** What a type is called in the manual, and how it is read. */
  private record Kind(String words, Function<Object, ? extends Reading<?>> reader) {}

  private static final Map<Class<?>, Kind> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put(boolean.class, new Kind("true or false", Scalars::bool));
    KINDS.put(Boolean.class, new Kind("true or false", Scalars::bool));
    KINDS.put(int.class, new Kind("number", Scalars::number));
    KINDS.put(Integer.class, new Kind("number", Scalars::number));
    KINDS.put(String.class, new Kind("text", text(Scalars::plain)));
    KINDS.put(Domain.class, new Kind("domain", text(Scalars::domain)));
    KINDS.put(Network.class, new Kind("network", text(Scalars::cidr)));
    KINDS.put(URI.class, new Kind("address of the web", text(Scalars::web)));
    KINDS.put(Bind.class, new Kind("address and port", text(Bind::read)));
    KINDS.put(Size.class, new Kind("size", Size::read));
    KINDS.put(Duration.class, new Kind("duration", Scalars::duration));
    KINDS.put(Rate.class, new Kind("rate", text(Rate::read)));
    KINDS.put(Host.class, new Kind("host", text(Host::read)));
    KINDS.put(HookName.class, new Kind("hook", HookName::read));
    KINDS.put(MechanismName.class, new Kind("mechanism", text(MechanismName::read)));
    KINDS.put(Source.class, new Kind("who is asked", text(Source::read)));
    KINDS.put(SecretSource.class, new Kind("source of a secret", Scalars::secret));
  }

  private Scalars() {}

  static boolean knows(Class<?> type) {
    return KINDS.containsKey(type) || type.isEnum();
  }

  static String words(Class<?> type) {
    Kind kind = KINDS.get(type);
    return kind != null ? kind.words : "one of " + String.join(", ", choices(type));
  }

  static Reading<?> read(Class<?> type, Object raw) {
    if (raw instanceof TomlArray) {
      return Reading.bad("a list stands where one value belongs", "");
    }
    Kind kind = KINDS.get(type);
    return kind != null ? kind.reader.apply(raw) : text(word -> choice(type, word)).apply(raw);
  }

  /** What kind of value the file holds, in words. */
  static String kind(Object raw) {
    return switch (raw) {
      case String _ -> "text";
      case Long _ -> "a number";
      case Double _ -> "a number with a fraction";
      case Boolean _ -> "true or false";
      case TomlArray _ -> "a list";
      case TomlTable _ -> "a table";
      default -> "a date or time";
    };
  }

  private static <T> Function<Object, Reading<T>> text(Function<String, Reading<T>> reader) {
    return raw -> {
      if (!(raw instanceof String text)) {
        return Reading.bad(
            kind(raw) + " stands where text belongs", "Text stands in quotation marks");
      }
      return text.chars().anyMatch(Character::isISOControl)
          ? Reading.bad("the text holds a control character", "")
          : reader.apply(text);
    };
  }

  private static Reading<String> plain(String text) {
    return text.isBlank() ? Reading.bad("the text is empty", "") : Reading.good(text);
  }

  private static Reading<Boolean> bool(Object raw) {
    if (raw instanceof Boolean value) {
      return Reading.good(value);
    }
    String how =
        raw instanceof String text
                && List.of("true", "false").contains(text.toLowerCase(Locale.ROOT))
            ? "Write " + text.toLowerCase(Locale.ROOT) + " without quotation marks"
            : "Write true or false, without quotation marks";
    return Reading.bad(kind(raw) + " stands where true or false belongs", how);
  }

  private static Reading<Integer> number(Object raw) {
    if (raw instanceof Long value) {
      return value < Integer.MIN_VALUE || value > Integer.MAX_VALUE
          ? Reading.bad(value + " is too large", "")
          : Reading.good(value.intValue());
    }
    String how =
        raw instanceof String text && text.matches("[0-9]{1,10}")
            ? "Write " + text + " without quotation marks"
            : "Write it in digits, without quotation marks";
    return Reading.bad(kind(raw) + " stands where a whole number belongs", how);
  }

  private static Reading<Duration> duration(Object raw) {
    return raw instanceof Long number && number >= 0
        ? Reading.bad("the duration has no unit", "Did you mean \"" + number + "s\"?")
        : text(Durations::read).apply(raw);
  }

  private static Reading<Domain> domain(String text) {
    boolean address = text.matches("[0-9.]+");
    return Domain.parse(text)
        .filter(_ -> !address)
        .map(Reading::good)
        .orElseGet(
            () ->
                Reading.bad(
                    Words.quoted(text) + " is not a domain",
                    text.contains("@")
                        ? "Leave out the part before the \"@\""
                        : address ? "Write a name, such as \"mail.example.org\"" : ""));
  }

  private static Reading<Network> cidr(String text) {
    return network(text)
        .map(Reading::good)
        .orElseGet(
            () ->
                Reading.bad(
                    Words.quoted(text) + " is not a network",
                    "Write \"192.0.2.0/24\", \"2001:db8::/32\" or one address"));
  }

  /** A network; IPv4 needs its four numbers, for {@code 10/8} would be read as 0.0.0.10/8. */
  static Optional<Network> network(String text) {
    int slash = text.indexOf('/');
    String digits = slash < 0 ? text : text.substring(0, slash);
    boolean prefix = slash < 0 || text.substring(slash + 1).matches("[0-9]{1,3}");
    return prefix && address(digits).isPresent() ? Network.parse(text) : Optional.empty();
  }

  /** An address in digits; nobody is asked for a name. */
  static Optional<InetAddress> address(String digits) {
    String number = "(0|[1-9][0-9]{0,2})";
    if (!digits.matches(number + "(\\." + number + "){3}")
        && !digits.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(digits));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  private static Reading<URI> web(String text) {
    try {
      var uri = new URI(text);
      if (uri.getUserInfo() != null) {
        return Reading.bad("a web address holds no user name and no password", "");
      }
      boolean http = "http".equals(uri.getScheme()) && uri.getHost() != null;
      boolean near = http && new Host(uri.getHost().replaceAll("[\\[\\]]", "")).isLoopback();
      if ("https".equals(uri.getScheme()) && uri.getHost() != null || near) {
        return Reading.good(uri);
      }
    } catch (URISyntaxException notAnAddress) {
      // told below; the text is not shown, for it may hold a password
    }
    return Reading.bad("not the address of a web server", "Write \"https://NAME/PATH\"");
  }

  private static Reading<SecretSource> secret(Object raw) {
    String how = "Write { file = \"…\" }, { env = \"…\" } or { credential = \"…\" }";
    if (!(raw instanceof TomlTable table)) {
      return Reading.bad("a secret is never written here, only where it is found", how);
    }
    List<String> known = List.of("file", "env", "credential");
    for (String key : table.keySet()) {
      if (!known.contains(key)) {
        return Reading.bad("not a source of a secret", how); // the word may be the secret
      }
    }
    if (table.size() != 1) {
      return Reading.bad(
          table.isEmpty() ? "no source is named" : "two sources are named", "Name one. " + how);
    }
    String key = table.keySet().iterator().next();
    if (!(table.get(List.of(key)) instanceof String name) || name.isBlank()) {
      return Reading.bad("the source's name is not text", how);
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      return Reading.bad("the source's name holds a control character", how);
    }
    return Reading.good(
        switch (key) {
          case "file" -> new SecretSource.File(name);
          case "env" -> new SecretSource.Env(name);
          default -> new SecretSource.Credential(name);
        });
  }

  /** Why the word or form has no effect so far. */
  static Optional<String> notYet(Object value) {
    NotYet mark = value.getClass().getAnnotation(NotYet.class);
    if (value instanceof Enum<?> choice) {
      try {
        mark = choice.getDeclaringClass().getField(choice.name()).getAnnotation(NotYet.class);
      } catch (NoSuchFieldException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return Optional.ofNullable(mark).map(NotYet::value);
  }

  static List<String> choices(Class<?> type) {
    List<String> words = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      words.add(((Worded) constant).word());
    }
    return words;
  }

  private static Reading<Object> choice(Class<?> type, String word) {
    for (Object constant : type.getEnumConstants()) {
      if (((Worded) constant).word().equals(word)) {
        return Reading.good(constant);
      }
    }
    List<String> words = choices(type);
    String guess = Words.didYouMean(word, words);
    if (type == TokenConfig.Algorithm.class && word.matches("(?i)none|HS[0-9]+")) {
      return Reading.bad(
          Words.quoted(word) + " would let anybody sign", "Write one of " + oneOf(words));
    }
    return Reading.bad(Words.quoted(word) + " is not one of " + oneOf(words), guess);
  }

  private static String oneOf(List<String> words) {
    return String.join(", ", words);
  }
}
