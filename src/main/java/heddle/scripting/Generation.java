package heddle.scripting;

import heddle.event.Events;
import heddle.hook.AuthAttempt;
import heddle.hook.AuthHook;
import heddle.hook.Connection;
import heddle.hook.Decision;
import heddle.hook.PasswordHook;
import heddle.hook.ProxyCommand;
import heddle.hook.ProxyDecision;
import heddle.hook.ProxyHook;
import heddle.mail.Id;
import heddle.mail.Secret;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The hooks as they were compiled at one moment, with a class loader and threads of their own. A
 * connection keeps the one it began with. Safe to share.
 */
public final class Generation {
  /** What a class can be. */
  public enum Kind {
    AUTH("AuthHook", AuthHook.class),
    PASSWORD("PasswordHook", PasswordHook.class),
    PROXY("ProxyHook", ProxyHook.class);

    private final String word;
    private final Class<?> type;

    Kind(String word, Class<?> type) {
      this.word = word;
      this.type = type;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /**
   * A class that the configuration names.
   *
   * @param key where it does
   */
  public record Wanted(String name, Kind kind, String key) {}

  /** How they are called. */
  record Calling(Duration patience, Events events, Timing timing) {
    /** By somebody who only looks. */
    static Calling unheard(Duration patience) {
      return new Calling(patience, _ -> {}, Timing.NONE);
    }
  }

  /** One that is in use: its object and who calls it. */
  private record Hook(Object object, Runner runner) {}

  private final Map<String, Hook> hooks = new TreeMap<>();
  private final Map<String, List<String>> usedBy = new TreeMap<>();

  /** What each compiled class is; "helper" where it is no hook. */
  private final Map<String, String> compiled = new TreeMap<>();

  private Generation() {}

  /** Of a site without hooks. */
  public static Generation none() {
    return new Generation();
  }

  /**
   * Makes an object of each class wanted; that is a call of the hook, with its deadline.
   *
   * @throws HooksRefused for all that are not there, are something else, or cannot be made
   */
  static Generation of(
      Map<String, byte[]> classes, List<Path> jars, List<Wanted> wanted, Calling calling)
      throws HooksRefused {
    var generation = new Generation();
    var besides = new URLClassLoader(urls(jars), Generation.class.getClassLoader());
    var loader = new HookLoader(classes, besides);
    for (String name : classes.keySet()) {
      generation.compiled.put(name, kinds(loader, name));
    }
    List<String> faults = new ArrayList<>();
    for (Wanted each : wanted) {
      try {
        Class<?> type = loader.loadClass(each.name());
        ClassLoader from = type.getClassLoader();
        if (!Objects.equals(from, loader) && !Objects.equals(from, besides)) {
          faults.add(each.key() + " names " + each.name() + ", which is no class of yours");
        } else if (!each.kind().type.isAssignableFrom(type)) {
          faults.add(each.key() + " names " + each.name() + ", which is no " + each.kind());
        } else {
          generation.use(each, type, calling);
        }
      } catch (ClassNotFoundException missing) {
        faults.add(
            each.key()
                + " names "
                + each.name()
                + ", and there is no such class; there are: "
                + String.join(", ", generation.compiled.keySet()));
      } catch (LinkageError broken) {
        faults.add(each.key() + " names " + each.name() + ", which cannot be loaded: " + broken);
      } catch (HooksRefused unmade) {
        faults.add(String.valueOf(unmade.getMessage()));
      }
    }
    if (!faults.isEmpty()) {
      throw new HooksRefused(faults);
    }
    return generation;
  }

  private void use(Wanted wanted, Class<?> type, Calling calling) throws HooksRefused {
    usedBy.computeIfAbsent(wanted.name(), _ -> new ArrayList<>()).add(wanted.key());
    if (hooks.containsKey(wanted.name())) {
      return;
    }
    var runner = new Runner(wanted.name(), calling.patience(), calling.events(), calling.timing());
    Callable<@Nullable Object> make =
        () -> {
          var constructor = type.getDeclaredConstructor();
          constructor.setAccessible(true);
          return constructor.newInstance();
        };
    try {
      switch (runner.call(Optional.empty(), make)) {
        case Outcome.Said<Object>(var object) ->
            hooks.put(wanted.name(), new Hook(object.orElseThrow(), runner));
        case Outcome.Failed<Object>(var why) ->
            throw new HooksRefused(
                wanted.name() + " cannot be made by a constructor without parameters: " + why);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new HooksRefused("stopped while " + wanted.name() + " was made");
    }
  }

  private static String kinds(ClassLoader loader, String name) {
    try {
      Class<?> type = loader.loadClass(name);
      List<String> kinds = new ArrayList<>();
      for (Kind kind : Kind.values()) {
        if (kind.type.isAssignableFrom(type)) {
          kinds.add(kind.word);
        }
      }
      return kinds.isEmpty() ? "helper" : String.join(", ", kinds);
    } catch (ClassNotFoundException | LinkageError broken) {
      return "broken";
    }
  }

  private static URL[] urls(List<Path> jars) {
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      try {
        urls[i] = jars.get(i).toUri().toURL();
      } catch (MalformedURLException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return urls;
  }

  /** Asks an {@link AuthHook}. */
  public Outcome<Decision> auth(String hook, AuthAttempt attempt) throws InterruptedException {
    return call(
        hook,
        AuthHook.class,
        Optional.of(attempt.connection().id()),
        found -> () -> found.auth(attempt));
  }

  /** Asks a {@link PasswordHook}; whose password is right has groups, be they none. */
  public Outcome<Set<String>> password(
      String hook, String authz, String authc, Secret password, Connection connection)
      throws InterruptedException {
    return call(
        hook,
        PasswordHook.class,
        Optional.of(connection.id()),
        found ->
            () ->
                found.authPlain(authz, authc, password, connection, connection.attributes())
                    ? Set.copyOf(found.groups(authz, connection))
                    : null);
  }

  /** Asks a {@link ProxyHook}. */
  public Outcome<ProxyDecision> proxy(String hook, ProxyCommand command)
      throws InterruptedException {
    return call(
        hook,
        ProxyHook.class,
        Optional.of(command.connection().id()),
        found -> () -> found.command(command));
  }

  @FunctionalInterface
  private interface Asking<H, T> {
    Callable<@Nullable T> of(H hook);
  }

  private <H, T> Outcome<T> call(
      String name, Class<H> type, Optional<Id> connection, Asking<H, T> asking)
      throws InterruptedException {
    Hook hook = hooks.get(name);
    return hook == null
        ? new Outcome.Failed<>("there is no hook " + name)
        : hook.runner().call(connection, asking.of(type.cast(hook.object())));
  }

  /** The names of those in use. */
  public List<String> inUse() {
    return List.copyOf(hooks.keySet());
  }

  /** The hooks that nobody uses. */
  public List<String> unused() {
    return compiled.keySet().stream()
        .filter(name -> !hooks.containsKey(name) && !"helper".equals(compiled.get(name)))
        .toList();
  }

  /** For {@code hook list}: a row for each, and where a stuck one is. */
  public List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    hooks.forEach(
        (name, hook) -> {
          int stuck = hook.runner().stuckCalls();
          Map<String, Object> row = row(name, compiled.getOrDefault(name, "in a jar"));
          row.put("used-by", String.join(", ", usedBy.getOrDefault(name, List.of())));
          row.put("state", stuck >= Runner.STUCK ? "stuck" : "in use");
          row.put("calls", hook.runner().calls());
          row.put("failed", hook.runner().failures());
          row.put("stuck", stuck);
          row.put("stack", hook.runner().stuckStack());
          rows.add(row);
        });
    for (String name : unused()) {
      Map<String, Object> row = row(name, compiled.getOrDefault(name, ""));
      row.put("used-by", "");
      row.put("state", "not in use");
      row.put("calls", 0);
      row.put("failed", 0);
      row.put("stuck", 0);
      row.put("stack", List.of());
      rows.add(row);
    }
    return rows;
  }

  private static Map<String, Object> row(String name, String kind) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("hook", name);
    row.put("kind", kind);
    return row;
  }

  /** What each compiled class is. */
  Map<String, String> compiled() {
    return compiled;
  }

  /** Classes from memory. */
  private static final class HookLoader extends ClassLoader {
    private final Map<String, byte[]> classes;

    HookLoader(Map<String, byte[]> classes, ClassLoader parent) {
      super("hooks", parent);
      this.classes = classes;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] octets = classes.get(name);
      if (octets == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, octets, 0, octets.length);
    }
  }
}
