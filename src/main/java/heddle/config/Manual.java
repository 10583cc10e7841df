package heddle.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The manual of the configuration, made of what the records say of themselves: the annotated
 * example, the reference, and the word on one key.
 */
public final class Manual {
  /** A key or table, with {@code NAME} where the site chooses a name. */
  private record Entry(String key, Setting setting) {}

  private static final String NAME = "NAME";
  private static final int WIDTH = 98;
  private static final List<Entry> ENTRIES = entries(HeddleConfig.class, "");
  private static final List<String> WELCOME =
      List.of(
          "The settings of Heddle. Every setting stands here at its default, behind a #; an empty"
              + " file is a working server. Take away the # where you want something else. Lines that"
              + " begin with \"#   \" are examples and no defaults.",
          "Check a change with \"heddle config check\"; \"heddle config explain KEY\" tells about a"
              + " key. This version reads the file when it starts: every change needs a restart, also"
              + " where a key says that it will apply sooner. Certificates are looked at again by"
              + " themselves.");
  private static final List<String> FORMS =
      List.of(
          "Durations: \"500ms\", \"5s\", \"1m\", \"1h30m\", \"1d\".",
          "Sizes: kB, MB, GB are powers of ten, KiB, MiB, GiB of two; a bare number is octets.",
          "Rates: \"20/10m\" is twenty in ten minutes.",
          "Networks: \"192.0.2.0/24\", \"2001:db8::/32\", or one address.",
          "Secrets never stand in the file, only where they are found: { file = \"…\" }, { env ="
              + " \"…\" } or { credential = \"…\" } (systemd).",
          "Rules: below [session] a list of rules may stand in place of any value; the first that"
              + " holds decides, and the last is the else: [ { if = \"listener\", eq = \"lan\", then"
              + " = … }, { else = … } ].",
          "Rules ask for listener, remote-ip, local-ip, local-port, tls, helo, authenticated-as,"
              + " mechanism and certificate.NAME, by eq, ne, in, not-in, starts-with, ends-with,"
              + " matches, lt, le, gt, ge. Of what is not known only ne and not-in hold. Letter case"
              + " does not count; remote-ip and local-ip are compared with networks.",
          "Of a client's certificate rules ask for certificate.verify-code (0 where a client-ca"
              + " vouches for it: ask for that before you believe any name in it), serial, subject"
              + " and issuer, one attribute of these (subject.cn), the first email or dns among its"
              + " other names, and md5, sha1, sha256, sha512 of the whole or, as spki.sha256, of its"
              + " key, in lower-case hexadecimal digits without colons.");

  private Manual() {}

  /** How values are written, a paragraph each. */
  static List<String> forms() {
    return FORMS;
  }

  private static List<Entry> entries(Class<?> type, String path) {
    List<Entry> all = new ArrayList<>();
    for (Setting setting : Setting.of(type)) {
      String key = path.isEmpty() ? setting.key() : path + "." + setting.key();
      all.add(new Entry(key, setting));
      setting.section().ifPresent(s -> all.addAll(entries(s, key)));
      setting.entries().ifPresent(s -> all.addAll(entries(s, key + "." + NAME)));
    }
    return List.copyOf(all);
  }

  /** Every key and table, in order, with {@code NAME} where the site chooses a name. */
  public static List<String> keys() {
    return ENTRIES.stream().map(Entry::key).toList();
  }

  static String tableOf(String key) {
    return key.substring(0, Math.max(0, key.lastIndexOf('.')));
  }

  /**
   * What is to be known of a key or table, several lines; {@code listener.lan.bind} is understood
   * as well as {@code listener.NAME.bind}. Empty where there is no such key.
   */
  public static Optional<String> explain(String key) {
    return ENTRIES.stream().filter(e -> same(key, e.key)).findFirst().map(e -> tell(key, e));
  }

  private static boolean same(String asked, String known) {
    String name = "(\"[^\"]*\"|[A-Za-z0-9_-]+)";
    String pattern = known.replace(".", "\\.").replace(NAME, name);
    return asked.matches(pattern) || asked.matches(pattern + "\\." + name) && isNamed(known);
  }

  /** {@code listener.lan} is told of as {@code listener} is. */
  private static boolean isNamed(String known) {
    return ENTRIES.stream().anyMatch(e -> e.key.startsWith(known + "." + NAME));
  }

  private static String tell(String asked, Entry entry) {
    Setting setting = entry.setting;
    var text = new StringBuilder(asked).append('\n');
    wrap(setting.doc().value(), "  ", text);
    notYet(setting).forEach(why -> wrap(why, "  ", text));
    if (setting.plain()) {
      text.append("  Value:    ").append(values(setting)).append('\n');
      text.append("  Default:  ").append(standard(setting)).append('\n');
      if (!setting.doc().example().isEmpty()) {
        text.append("  Example:  ").append(setting.doc().example()).append('\n');
      }
      text.append("  Applies:  ").append(setting.doc().applies()).append('\n');
    } else {
      List<String> below = keys().stream().filter(k -> k.startsWith(entry.key + ".")).toList();
      wrap("Keys: " + String.join(", ", below), "  ", text);
    }
    return text.toString();
  }

  /** What has no effect so far: the setting, or some of its words. */
  static List<String> notYet(Setting setting) {
    List<String> all = new ArrayList<>();
    setting.notYet().ifPresent(why -> all.add("Not yet in force: " + why + "."));
    if (setting.type() instanceof Class<?> choice && choice.isEnum()) {
      for (Object constant : choice.getEnumConstants()) {
        Scalars.notYet(constant)
            .map(why -> "Not yet in force: " + ((Worded) constant).word() + "; " + why + ".")
            .ifPresent(all::add);
      }
    }
    return all;
  }

  static String values(Setting setting) {
    return setting.words() + (setting.ruled() ? ", or a list of rules" : "");
  }

  static String standard(Setting setting) {
    return setting.doc().byDefault().isEmpty()
        ? setting.doc().required() ? "none; required" : "unset"
        : setting.doc().byDefault();
  }

  private static void wrap(String prose, String indent, StringBuilder text) {
    var line = new StringBuilder(indent.stripTrailing());
    for (String word : prose.split(" ")) {
      if (line.length() + 1 + word.length() > WIDTH) {
        text.append(line).append('\n');
        line = new StringBuilder(indent.stripTrailing());
      }
      boolean bare = line.toString().isBlank() && !indent.contains("#");
      line.append(bare ? indent : " ").append(word);
    }
    text.append(line).append('\n');
  }

  // ---- the annotated example

  /** The text of {@code etc/heddle.example.toml}. */
  public static String example() {
    var text = new StringBuilder();
    WELCOME.forEach(line -> wrap(line, "# ", text));
    text.append("#\n");
    FORMS.forEach(line -> wrap(line, "# ", text));
    keys(HeddleConfig.class, "", "#", text);
    tables(HeddleConfig.class, "", "#", text);
    return text.toString();
  }

  private static void keys(Class<?> type, String name, String mark, StringBuilder text) {
    for (Setting setting : Setting.of(type)) {
      if (setting.plain() && !setting.condition()) {
        text.append('\n');
        prose(setting, text);
        text.append(line(type, setting, name, mark)).append('\n');
      }
    }
  }

  private static void prose(Setting setting, StringBuilder text) {
    wrap(setting.doc().value(), "# ", text);
    if (setting.plain()) {
      wrap("(" + values(setting) + "; applies: " + setting.doc().applies() + ")", "# ", text);
    }
    notYet(setting).forEach(why -> wrap(why, "# ", text));
    if (!setting.doc().byDefault().isEmpty() && !setting.doc().example().isEmpty()) {
      wrap("For example: " + setting.key() + " = " + setting.doc().example(), "# ", text);
    }
  }

  private static String line(Class<?> type, Setting setting, String name, String mark) {
    String standard = Binder.defaultText(type, setting, name, Optional.empty());
    return standard.isEmpty()
        ? "#   " + setting.key() + " = " + setting.doc().example()
        : mark + setting.key() + " = " + standard;
  }

  private static void tables(Class<?> type, String path, String mark, StringBuilder text) {
    for (Setting setting : Setting.of(type)) {
      String key = Words.dotted(path, setting.key());
      if (setting.section().isPresent()) {
        text.append('\n');
        prose(setting, text);
        table(setting.section().get(), key, setting.key(), mark, text);
      } else if (setting.entries().isPresent()) {
        text.append('\n');
        prose(setting, text);
        named(setting.entries().get(), key, text);
      }
    }
  }

  private static void table(
      Class<?> type, String path, String name, String mark, StringBuilder text) {
    text.append(mark).append('[').append(path).append("]\n");
    keys(type, name, mark, text);
    tables(type, path, mark, text);
  }

  private static void named(Class<?> type, String path, StringBuilder text) {
    switch (path) {
      case "listener" -> {
        table(type, path + ".submissions", "submissions", "#", text);
        text.append("\n#[listener.submission]\n");
        for (Setting setting : Setting.of(type)) {
          text.append(line(type, setting, "submission", "#")).append('\n');
        }
      }
      case "route" -> {
        table(type, path + ".default", "default", "#", text);
        text.append('\n');
        Setting.of(type).stream().filter(Setting::condition).forEach(s -> prose(s, text));
        text.append("#   [route.partner]\n");
        text.append("#   if = \"recipient-domain\"\n#   in = [\"partner.example\"]\n");
        text.append("#   to = \"smarthost\"\n#   address = \"mail.partner.example\"\n");
      }
      case "remote" -> table(type, path + ".imap", "imap", "#   ", text);
      case "token" -> table(type, path + ".provider", "provider", "#   ", text);
      default -> table(type, path + ".\"mail.other.org\"", "", "#   ", text);
    }
  }

  // ---- the reference

  /** The text of {@code docs/configuration.md}. */
  public static String reference() {
    var text = new StringBuilder();
    text.append("# Configuration\n\n");
    text.append("One file, `etc/heddle.toml`. Every key has a default; an empty file is a working");
    text.append(" server. This page and `etc/heddle.example.toml` are made from the program.\n\n");
    FORMS.forEach(line -> text.append("- ").append(line).append('\n'));
    text.append("\n## At the top of the file\n\n");
    rows(HeddleConfig.class, text);
    sections(HeddleConfig.class, "", text);
    return text.toString();
  }

  private static void sections(Class<?> type, String path, StringBuilder text) {
    for (Setting setting : Setting.of(type)) {
      String key = path.isEmpty() ? setting.key() : path + "." + setting.key();
      String table = setting.entries().isPresent() ? key + "." + NAME : key;
      Optional<Class<?>> below = setting.section().or(setting::entries);
      if (below.isPresent()) {
        text.append("\n## [").append(table).append("]\n\n");
        text.append(setting.doc().value()).append('\n');
        notYet(setting).forEach(why -> text.append("\n*").append(why).append("*\n"));
        text.append('\n');
        rows(below.get(), text);
        sections(below.get(), table, text);
      }
    }
  }

  private static void rows(Class<?> type, StringBuilder text) {
    text.append("| key | value | default | applies | meaning |\n|---|---|---|---|---|\n");
    for (Setting setting : Setting.of(type)) {
      if (setting.plain()) {
        String standard = standard(setting);
        boolean code = !setting.doc().byDefault().isEmpty();
        var notYet = new StringBuilder();
        notYet(setting).forEach(why -> notYet.append(" *").append(why).append('*'));
        text.append(
            "| `%s` | %s | %s | %s | %s%s |\n"
                .formatted(
                    setting.key(),
                    values(setting),
                    code ? "`" + standard + "`" : standard,
                    setting.doc().applies(),
                    setting.doc().value().replace("|", "\\|"),
                    notYet));
      }
    }
  }
}
