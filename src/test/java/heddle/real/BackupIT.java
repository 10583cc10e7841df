package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.TestHome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backup made under load is copied over an empty home, and all is as it was. */
class BackupIT {
  private static final byte[] SMALL =
      "Subject: small\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LARGE =
      ("Subject: large\r\n\r\n" + ("y".repeat(70) + "\r\n").repeat(6000))
          .getBytes(StandardCharsets.US_ASCII);

  private ServerProcess server;
  private Path folder;
  private Path backup;
  private final List<String> ids = new ArrayList<>();

  @BeforeEach
  void a_server_with_mail_that_waits() throws Exception {
    folder = Files.createTempDirectory("backup");
    backup = folder.resolve("copy");
    server =
        ServerProcess.prepare(
            ServerProcess.CONFIG.replace("to = \"maildir\"\npath = \"var/mail\"", "to = \"hold\""),
            Map.of());
    server.serve();
    send(SMALL);
    send(LARGE);
  }

  @AfterEach
  void gone() throws Exception {
    server.close();
    TestHome.delete(folder);
  }

  private void send(byte[] text) throws Exception {
    try (Client client = new Client(server.port("submissions")).login()) {
      ids.add(client.send("bob@example.net", text).replaceAll(".* ", ""));
    }
  }

  private ServerProcess.Result create() throws Exception {
    return server.heddle("", "backup", "create", backup.toString());
  }

  private ServerProcess.Result verify() throws Exception {
    return server.heddle("", "backup", "verify", backup.toString());
  }

  private void emptyHome() throws Exception {
    for (String part : List.of("etc", "var", "run")) {
      TestHome.delete(server.home().resolve(part));
    }
  }

  private void isAsItWas() throws Exception {
    server.serve();
    try (Client client = new Client(server.port("submissions")).login()) {
      client.command("QUIT", 221);
    }
    String queue = server.heddle("", "queue", "list").out();
    for (String id : ids) {
      assertTrue(queue.contains(id), id + " of " + queue);
    }
  }

  @Test
  void a_home_that_was_lost_is_copied_back_and_goes_on() throws Exception {
    var made = create();
    assertEquals(0, made.exit(), made.toString());
    assertTrue(made.out().contains("2 waiting messages"), made.out());
    var whole = verify();
    assertEquals(0, whole.exit(), whole.toString());
    assertTrue(
        whole.out().contains("1 accounts, 2 waiting messages; configuration: good"),
        whole.toString());
    Tools.run("sh", "-c", "cd '" + backup + "' && sha256sum --quiet -c SHA256SUMS");
    try (var files = Files.walk(backup)) {
      for (Path file : files.toList()) {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        assertTrue(mode.endsWith("------"), file + " " + mode);
      }
    }
    String doctor = server.heddle("", "doctor").out();
    assertTrue(doctor.contains("backup\tok\t"), doctor);

    server.kill();
    emptyHome();
    Tools.run("cp", "-a", backup + "/etc", backup + "/var", server.home().toString());
    isAsItWas();
    assertEquals(10, server.heddle("", "doctor").exit(), "the restored home has no backup yet");
  }

  @Test
  void mail_that_comes_while_it_is_made_is_whole_or_not_in_it() throws Exception {
    var coming =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (Client client = new Client(server.port("submissions")).login()) {
                    while (!Thread.currentThread().isInterrupted()) {
                      client.send("bob@example.net", SMALL);
                    }
                  } catch (Exception stopped) {
                    // The backup is made.
                  }
                });
    try {
      assertEquals(0, create().exit());
    } finally {
      coming.interrupt();
      coming.join();
    }
    assertEquals(0, verify().exit(), verify().toString());
    server.kill();
    emptyHome();
    Tools.run("cp", "-a", backup + "/etc", backup + "/var", server.home().toString());
    isAsItWas();
  }

  @Test
  void a_stopped_server_has_a_backup_too() throws Exception {
    server.stop();
    assertEquals(0, create().exit());
    assertEquals(0, verify().exit());
    assertEquals(4, create().exit(), "what is there is not replaced");
    isAsItWas();
  }

  @Test
  void whatever_was_changed_in_it_is_found() throws Exception {
    assertEquals(0, create().exit());
    Path letter = backup.resolve("var/spool/mail/" + ids.getLast() + ".eml");
    Path database = backup.resolve("var/heddle.db");
    for (Path file : List.of(letter, database, backup.resolve("etc/heddle.toml"))) {
      byte[] before = Files.readAllBytes(file);
      byte[] bent = before.clone();
      bent[bent.length / 2] ^= 1;
      Files.write(file, bent);
      damaged("is not as it was");
      Files.delete(file);
      damaged("is missing");
      Files.write(file, before);
    }
    Files.writeString(backup.resolve("var/stray"), "x");
    damaged("does not belong to it");
    Files.delete(backup.resolve("var/stray"));
    Path sums = backup.resolve("SHA256SUMS");
    String list = Files.readString(sums);
    Files.writeString(sums, "x\n", StandardOpenOption.APPEND);
    damaged("SHA256SUMS is damaged");
    // Sums that fit a letter cut short: then the spool tells.
    byte[] text = Files.readAllBytes(letter);
    Files.write(letter, java.util.Arrays.copyOf(text, text.length - 7));
    String name = backup.relativize(letter).toString();
    String sum = Tools.run("sha256sum", letter.toString()).substring(0, 64);
    Files.writeString(sums, list.replaceAll("[0-9a-f]{64}(?=  \\Q" + name + "\\E\n)", sum));
    damaged("the spool is damaged");
    Files.delete(sums);
    damaged("no backup, or not a whole one");
  }

  private void damaged(String why) throws Exception {
    var verified = verify();
    assertEquals(1, verified.exit(), verified.toString());
    assertTrue(verified.err().contains(why), why + ": " + verified.err());
  }

  @Test
  void where_it_cannot_be_made_nothing_is_left() throws Exception {
    Files.createSymbolicLink(server.home().resolve("etc/loop"), server.home().resolve("etc"));
    var made = create();
    assertEquals(1, made.exit(), made.toString());
    assertFalse(Files.exists(backup));
    try (var left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
    assertEquals(
        3, server.heddle("", "backup", "create", folder.resolve("no/where").toString()).exit());
  }
}
