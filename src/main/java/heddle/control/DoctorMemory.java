package heddle.control;

import heddle.control.Finding.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code doctor --changed} has shown and what each outlet was alerted of, in memory and in a
 * small file. Where the file cannot be written the memory holds: no full disk silences an alert.
 * Safe to share.
 */
public final class DoctorMemory {
  private static final int VERSION = 1;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What an outlet knows of a check. */
  record Told(State state, Instant at) {}

  private final Path file;
  private final Map<String, State> shown = new TreeMap<>();
  private final Map<String, Map<String, Told>> told = new TreeMap<>();

  private DoctorMemory(Path file) {
    this.file = file;
  }

  /** Of the file; what cannot be read is forgotten, and everything is news. */
  public static DoctorMemory open(Path file) {
    var memory = new DoctorMemory(file);
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (root.path("v").asInt(0) == VERSION) {
        memory.read(root);
      }
    } catch (IOException
        | JacksonException
        | IllegalArgumentException
        | java.time.DateTimeException none) {
      memory.shown.clear();
      memory.told.clear();
    }
    return memory;
  }

  private void read(JsonNode root) {
    root.path("shown")
        .properties()
        .forEach(e -> state(e.getValue().asString("")).ifPresent(s -> shown.put(e.getKey(), s)));
    root.path("told")
        .properties()
        .forEach(
            outlet ->
                outlet
                    .getValue()
                    .properties()
                    .forEach(e -> readTold(outlet.getKey(), e.getKey(), e.getValue())));
  }

  private void readTold(String outlet, String check, JsonNode node) {
    Instant at = Instant.parse(node.path("at").asString(""));
    state(node.path("state").asString("")).ifPresent(s -> of(outlet).put(check, new Told(s, at)));
  }

  private static Optional<State> state(String word) {
    for (State state : State.values()) {
      if (state.word().equals(word)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }

  private Map<String, Told> of(String outlet) {
    return told.computeIfAbsent(outlet, _ -> new TreeMap<>());
  }

  /** Those that are other than when they were shown last; now they are shown. */
  public synchronized List<Finding> news(List<Finding> findings) {
    List<Finding> news = new ArrayList<>();
    for (Finding finding : findings) {
      State before = shown.getOrDefault(finding.check(), State.OK);
      if (before.trouble() != finding.state().trouble()
          || finding.state().trouble() && before != finding.state()) {
        news.add(finding);
      }
    }
    shown(findings);
    return news;
  }

  /** All of them have been seen. */
  synchronized void shown(List<Finding> findings) {
    shown.clear();
    findings.forEach(f -> shown.put(f.check(), f.state()));
  }

  /** What the outlet was told last of a check. */
  synchronized Optional<Told> told(String outlet, String check) {
    return Optional.ofNullable(of(outlet).get(check));
  }

  synchronized void tell(String outlet, String check, State state, Instant at) {
    of(outlet).put(check, new Told(state, at));
  }

  /** What is not looked at any more is nothing to be told of. */
  synchronized void keepOnly(String outlet, Set<String> checks) {
    of(outlet).keySet().retainAll(checks);
  }

  /**
   * Replaces the file in one step.
   *
   * @throws IOException where it cannot be written; nothing is forgotten
   */
  public synchronized void save() throws IOException {
    byte[] text = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json());
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel out =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer left = ByteBuffer.wrap(text);
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private ObjectNode json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("v", VERSION);
    ObjectNode seen = root.putObject("shown");
    shown.forEach((check, state) -> seen.put(check, state.word()));
    ObjectNode outlets = root.putObject("told");
    told.forEach(
        (outlet, checks) -> {
          ObjectNode node = outlets.putObject(outlet);
          checks.forEach(
              (check, t) ->
                  node.putObject(check)
                      .put("state", t.state().word())
                      .put("at", t.at().toString()));
        });
    return root;
  }
}
