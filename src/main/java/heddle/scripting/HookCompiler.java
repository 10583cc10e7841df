package heddle.scripting;

import heddle.hook.AuthHook;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** From source to classes; nothing is written. */
final class HookCompiler {
  private static final int MOST_FAULTS = 20;

  private HookCompiler() {}

  /**
   * @return classes by binary name
   * @throws HooksRefused with file, line, column and the compiler's words
   */
  static Map<String, byte[]> compile(HookFolder.Contents contents) throws HooksRefused {
    if (contents.sources().isEmpty()) {
      return Map.of();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new HooksRefused(
          "this Java has no compiler, so hooks in source cannot be used; install a JDK");
    }
    Map<URI, String> names = new HashMap<>();
    List<Text> units = new ArrayList<>();
    for (HookFolder.Source source : contents.sources()) {
      var unit = new Text(source);
      names.put(unit.toUri(), source.name());
      units.add(unit);
    }
    var found = new DiagnosticCollector<JavaFileObject>();
    try (var memory =
        new Memory(compiler.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8))) {
      List<String> options =
          List.of("-classpath", classPath(contents.jars()), "-proc:none", "-g", "-Xlint:none");
      boolean good = compiler.getTask(null, memory, found, options, null, units).call();
      if (!good) {
        throw new HooksRefused(faults(found, names));
      }
      return memory.classes();
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static List<String> faults(
      DiagnosticCollector<JavaFileObject> found, Map<URI, String> names) {
    List<String> lines = new ArrayList<>();
    for (Diagnostic<? extends JavaFileObject> each : found.getDiagnostics()) {
      if (each.getKind() == Diagnostic.Kind.ERROR && lines.size() < MOST_FAULTS) {
        JavaFileObject file = each.getSource();
        String name = file == null ? "" : names.getOrDefault(file.toUri(), "");
        String words = each.getMessage(Locale.ROOT).strip().replaceAll("\\s*\\R\\s*", "; ");
        lines.add(name + ":" + each.getLineNumber() + ":" + each.getColumnNumber() + "  " + words);
      }
    }
    return lines;
  }

  private static String classPath(List<Path> jars) {
    List<String> parts = new ArrayList<>();
    parts.add(System.getProperty("java.class.path", ""));
    var source = AuthHook.class.getProtectionDomain().getCodeSource();
    if (source != null) {
      parts.add(Path.of(URI.create(source.getLocation().toString())).toString());
    }
    jars.forEach(jar -> parts.add(jar.toString()));
    return String.join(File.pathSeparator, parts);
  }

  /** A source that has been read. */
  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(HookFolder.Source source) {
      super(source.file().toUri(), Kind.SOURCE);
      this.text = source.text();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps what the compiler makes. */
  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> made = new TreeMap<>();

    Memory(JavaFileManager files) {
      super(files);
    }

    Map<String, byte[]> classes() {
      Map<String, byte[]> classes = new TreeMap<>();
      made.forEach((name, octets) -> classes.put(name, octets.toByteArray()));
      return classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      URI uri = URI.create("memory:///" + name.replace('.', '/') + kind.extension);
      return new SimpleJavaFileObject(uri, kind) {
        @Override
        public OutputStream openOutputStream() {
          var octets = new ByteArrayOutputStream();
          made.put(name, octets);
          return octets;
        }
      };
    }
  }
}
