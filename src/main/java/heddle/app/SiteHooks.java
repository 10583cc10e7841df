package heddle.app;

import heddle.config.HeddleConfig;
import heddle.config.HookName;
import heddle.config.Ruled;
import heddle.config.Source;
import heddle.event.Events;
import heddle.scripting.Generation;
import heddle.scripting.Generation.Kind;
import heddle.scripting.Generation.Wanted;
import heddle.scripting.Hooks;
import heddle.scripting.HooksRefused;
import heddle.scripting.Timing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** From the words of the configuration to the site's hooks. */
final class SiteHooks {
  private final Path folder;
  private final Hooks hooks;
  private final List<Wanted> wanted;

  /** For those who look. */
  SiteHooks(Home home, HeddleConfig config, Events events) {
    this(home, config, events, Timing.NONE);
  }

  SiteHooks(Home home, HeddleConfig config, Events events, Timing timing) {
    this.folder = home.inEtc(config.hooks().directory());
    this.hooks = new Hooks(folder, home.hooks(), config.hooks().timeout(), events, timing);
    this.wanted = wanted(config);
  }

  private static List<Wanted> wanted(HeddleConfig config) {
    Set<Wanted> wanted = new LinkedHashSet<>();
    for (Optional<HookName> name : outcomes(config.session().auth().hook())) {
      name.ifPresent(n -> wanted.add(new Wanted(n.name(), Kind.AUTH, "session.auth.hook")));
    }
    for (Optional<HookName> name : outcomes(config.session().proxy())) {
      name.ifPresent(n -> wanted.add(new Wanted(n.name(), Kind.PROXY, "session.proxy")));
    }
    for (List<Source> chain : outcomes(config.session().auth().lookup())) {
      for (Source source : chain) {
        if (source instanceof Source.Hook(var name)) {
          wanted.add(new Wanted(name, Kind.PASSWORD, "session.auth.lookup"));
        }
      }
    }
    return List.copyOf(wanted);
  }

  private static <T> List<T> outcomes(Ruled<T> ruled) {
    List<T> all = new ArrayList<>();
    ruled.rules().forEach(rule -> all.add(rule.then()));
    all.add(ruled.otherwise());
    return all;
  }

  @FunctionalInterface
  private interface Making {
    Generation of(List<Wanted> wanted) throws HooksRefused;
  }

  /** For a server that starts. */
  Generation start() throws Refused {
    return made(hooks::start);
  }

  /** For a server that runs; what is refused leaves it with what it has. */
  Generation again() throws Refused {
    return made(hooks::again);
  }

  /** For those who look. */
  Generation check() throws Refused {
    return made(hooks::check);
  }

  private Generation made(Making making) throws Refused {
    try {
      return making.of(wanted);
    } catch (HooksRefused refused) {
      throw refused("the hooks in " + folder + " are refused", refused);
    }
  }

  static Refused refused(String what, HooksRefused refused) {
    return new Refused(
        ConfigDesk.REFUSED,
        what,
        String.valueOf(refused.getMessage()),
        "mend this, and try each file with: heddle hook test FILE");
  }
}
