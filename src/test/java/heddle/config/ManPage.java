package heddle.config;

import heddle.console.Roff;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The manual page of the configuration, made of what its records say of themselves. */
public final class ManPage {
  private static final String NAME = "NAME";

  private ManPage() {}

  /** {@code heddle.toml(5)}. */
  public static String settings() {
    Roff page = new Roff("heddle.toml", 5, "The configuration of Heddle.");
    page.section("DESCRIPTION");
    page.prose(
        "One file in TOML, etc/heddle.toml below the home. Every key has a default; an empty file is"
            + " a working server. heddle config check names every mistake in it, heddle config"
            + " explain KEY tells about one key.");
    Manual.forms().forEach(page::paragraph);
    page.section("SETTINGS").part("At the top of the file");
    keys(page, HeddleConfig.class);
    tables(page, HeddleConfig.class, "");
    page.section("SEE ALSO").prose("heddle(1), heddle-config(1)");
    return page.toString();
  }

  private static void tables(Roff page, Class<?> type, String path) {
    for (Setting setting : Setting.of(type)) {
      Optional<Class<?>> below = setting.section().or(setting::entries);
      if (below.isPresent()) {
        String key = Words.dotted(path, setting.key());
        String table = setting.entries().isPresent() ? key + "." + NAME : key;
        page.part("[" + table + "]").prose(setting.doc().value());
        keys(page, below.get());
        tables(page, below.get(), table);
      }
    }
  }

  private static void keys(Roff page, Class<?> type) {
    for (Setting setting : Setting.of(type)) {
      if (setting.plain()) {
        List<String> says = new ArrayList<>();
        says.add(setting.doc().value());
        Manual.notYet(setting).forEach(says::add);
        says.add("Value: " + Manual.values(setting) + ".");
        says.add(
            "Default: " + Manual.standard(setting) + ". Applies: " + setting.doc().applies() + ".");
        page.term(setting.key(), "", says);
      }
    }
  }
}
