package heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import heddle.sasl.Mechanism;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The plan of the house, held as text. A room may import rooms on lower floors, and on its own
 * floor those that an arrow names; a library has the doors listed and no other.
 */
class HouseTest {
  private static final String PLAN =
      """
      4: app console
      3: listener session
      2: directory remote scripting limit submission spool delivery store control
      1: smtp sasl hook config tls dns dial event
      0: mail peer wire

      wire -> mail
      peer -> mail
      app -> console
      listener -> session
      directory -> store, scripting, remote
      limit -> store
      delivery -> spool
      hook -> sasl
      dial -> tls, dns, smtp
      tls -> event
      """;

  /** Library packages and the rooms that may import them. */
  private static final Map<String, Set<String>> DOORS =
      Map.ofEntries(
          Map.entry("org.bouncycastle", Set.of("tls", "directory", "submission")),
          Map.entry("org.jline", Set.of("console")),
          Map.entry("picocli", Set.of("console")),
          Map.entry("java.sql", Set.of("store", "remote")),
          Map.entry("com.unboundid", Set.of("remote")),
          Map.entry("org.postgresql", Set.of("remote")),
          Map.entry("org.xbill", Set.of("dns")),
          Map.entry("org.tomlj", Set.of("config")),
          Map.entry(
              "tools.jackson",
              Set.of("config", "control", "console", "spool", "event", "directory", "remote")),
          Map.entry("com.github.benmanes", Set.of("directory", "limit")),
          Map.entry("org.jose4j", Set.of("directory")),
          Map.entry("com.ongres", Set.of("directory")),
          Map.entry("io.prometheus", Set.of("control")),
          Map.entry("com.sun.net.httpserver", Set.of("control")),
          Map.entry("org.apache.commons.codec", Set.of("directory")));

  /** Rooms that open no socket and no file, read no clock, start no thread. */
  private static final Set<String> QUIET = Set.of("mail", "peer", "smtp", "sasl", "hook", "config");

  private static final Set<String> LOUD =
      Set.of(
          "java.net.Socket",
          "java.net.ServerSocket",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.nio.file.Files",
          "java.lang.Thread",
          "java.time.Clock");

  private final Map<String, Integer> floors = new HashMap<>();
  private final Map<String, Set<String>> arrows = new HashMap<>();

  HouseTest() {
    for (String line : PLAN.lines().filter(l -> !l.isBlank()).toList()) {
      if (line.contains("->")) {
        String[] sides = line.split("->");
        arrows.put(sides[0].strip(), Set.of(sides[1].strip().split(", ")));
      } else {
        for (String room : line.substring(2).strip().split(" ")) {
          floors.put(room, line.charAt(0) - '0');
        }
      }
    }
  }

  private static JavaClasses house() {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages("heddle");
  }

  private static String room(JavaClass type) {
    String[] parts = type.getPackageName().split("\\.");
    return parts.length > 1 && parts[0].equals("heddle") ? parts[1] : "";
  }

  private List<String> strays(JavaClasses classes) {
    var strays = new TreeSet<String>();
    for (JavaClass type : classes) {
      for (Dependency d : type.getDirectDependenciesFromSelf()) {
        String why = complaint(room(type), d.getTargetClass().getBaseComponentType());
        if (!why.isEmpty()) {
          strays.add(d.getDescription() + ": " + why);
        }
      }
    }
    return new ArrayList<>(strays);
  }

  private String complaint(String from, JavaClass target) {
    String to = room(target);
    if (!to.isEmpty() && !from.equals(to)) {
      Integer here = floors.get(from);
      Integer there = floors.get(to);
      if (here == null || there == null) {
        return "a room that is not in the plan";
      }
      boolean arrow = arrows.getOrDefault(from, Set.of()).contains(to);
      return there < here || arrow ? "" : from + " may not import " + to;
    }
    for (var door : DOORS.entrySet()) {
      if (target.getName().startsWith(door.getKey() + ".") && !door.getValue().contains(from)) {
        return door.getKey() + " has no door in " + from;
      }
    }
    if (QUIET.contains(from) && LOUD.contains(target.getName())) {
      return from + " is a quiet room";
    }
    return "";
  }

  @Test
  void every_import_follows_the_plan() {
    assertEquals(List.of(), strays(house()));
  }

  @Test
  void a_mechanism_knows_nothing_but_its_room_the_nouns_and_who_is_there() {
    var strays = new TreeSet<String>();
    var mechanisms = new TreeSet<String>();
    for (JavaClass type : house()) {
      if (type.isAssignableTo(Mechanism.class) && !type.isInterface()) {
        mechanisms.add(type.getSimpleName());
        for (Dependency d : type.getDirectDependenciesFromSelf()) {
          JavaClass target = d.getTargetClass().getBaseComponentType();
          boolean ours = Set.of("sasl", "mail", "peer").contains(room(target));
          if (!ours && !target.isPrimitive() && !target.getName().startsWith("java.")) {
            strays.add(d.getDescription());
          }
        }
      }
    }
    assertEquals(Set.of(), strays);
    assertEquals(
        Set.of("CramMd5", "External", "Login", "OAuthBearer", "Plain", "Scram", "XOAuth2"),
        mechanisms);
  }

  @Test
  void a_stray_import_is_named_with_its_line() {
    JavaClasses strays = new ClassFileImporter().importPackages("heddle.mail.stray");
    List<String> found = strays(strays);
    assertTrue(
        found.stream()
            .anyMatch(s -> s.contains("Stray.java:") && s.contains("mail may not import")),
        found.toString());
    assertTrue(found.stream().anyMatch(s -> s.contains("mail is a quiet room")), found.toString());
    assertTrue(found.stream().anyMatch(s -> s.contains("org.tomlj has no door")), found.toString());
  }

  @Test
  void every_room_has_a_sign_on_its_door() throws Exception {
    Set<String> rooms = new HashSet<>();
    try (var folders = Files.list(Path.of("src/main/java/heddle"))) {
      for (Path folder : folders.filter(Files::isDirectory).toList()) {
        rooms.add(folder.getFileName().toString());
        String sign = Files.readString(folder.resolve("package-info.java"));
        assertTrue(sign.contains("@NullMarked") && sign.contains("May import:"), folder.toString());
      }
    }
    assertTrue(floors.keySet().containsAll(rooms), "not in the plan: " + rooms);
  }

  @Test
  void no_file_of_the_session_grows_beyond_three_hundred_lines() throws Exception {
    try (var files = Files.list(Path.of("src/main/java/heddle/session"))) {
      for (Path file : files.toList()) {
        long lines = Files.readString(file).lines().count();
        assertTrue(lines <= 300, file + " has " + lines + " lines");
      }
    }
  }
}
