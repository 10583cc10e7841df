package heddle.delivery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Id;
import heddle.mail.Mailbox;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaildirDeliveryTest {
  private static final Id ID = new Id("ABCDEFGH0123");
  private static final heddle.mail.Path SENDER =
      new heddle.mail.Path.Somebody(Mailbox.of("anna@example.org"));

  @TempDir Path root;

  private Path deliver(String to, byte[] text) throws IOException {
    return new MaildirDelivery(root)
        .deliver(ID, Instant.EPOCH, SENDER, Mailbox.of(to), new ByteArrayInputStream(text));
  }

  @Test
  void the_octets_arrive_as_they_came_behind_a_return_path() throws IOException {
    byte[] text = "Subject: x\r\n\r\n.\r\n\u00ff\r\n".getBytes(StandardCharsets.ISO_8859_1);
    Path file = deliver("Bob@Example.org", text);
    byte[] there = Files.readAllBytes(file);
    String head = "Return-Path: <anna@example.org>\r\nDelivered-To: Bob@Example.org\r\n";
    assertArrayEquals(text, Arrays.copyOfRange(there, head.length(), there.length));
    assertEquals(head, new String(there, 0, head.length(), StandardCharsets.UTF_8));
    assertEquals(root.resolve("bob@example.org/new"), file.getParent());
    assertEquals("rw-------", posix(file));
    assertEquals("rwx------", posix(file.getParent()));
  }

  private static String posix(Path file) throws IOException {
    return java.nio.file.attribute.PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file));
  }

  @Test
  void an_attempt_made_twice_leaves_one_message() throws IOException {
    assertEquals(
        deliver("bob@example.org", new byte[10]), deliver("bob@example.org", new byte[10]));
    try (var files = Files.list(root.resolve("bob@example.org/new"))) {
      assertEquals(1, files.count());
    }
    try (var files = Files.list(root.resolve("bob@example.org/tmp"))) {
      assertEquals(0, files.count());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a@b.example, a@b.example",
    "'\"a b\"@b.example', 'a%20b'",
    "100%@b.example, 100%25@b.example",
    "ÄNNE@bücher.example, %C3%A4nne@b%C3%BCcher.example"
  })
  void no_address_leads_out_of_the_folder(String address, String part) throws IOException {
    String name = MaildirDelivery.folderName(Mailbox.of(address));
    assertTrue(name.contains(part), name);
    Path file = deliver(address, new byte[1]);
    assertTrue(file.normalize().startsWith(root), file.toString());
    assertEquals(3, root.relativize(file).getNameCount());
    assertFalse(name.startsWith("."));
  }

  @Test
  void a_message_that_was_read_is_not_delivered_again() throws IOException {
    Path file = deliver("bob@example.org", new byte[1]);
    Path cur = root.resolve("bob@example.org/cur").resolve(file.getFileName() + ":2,S");
    Files.move(file, cur);
    deliver("bob@example.org", new byte[1]);
    assertFalse(Files.exists(file));
  }

  @Test
  void a_quoted_local_part_leads_nowhere_else() throws IOException {
    String address = "\"../../etc\"@b.example";
    assertEquals("\"..%2F..%2Fetc\"@b.example", MaildirDelivery.folderName(Mailbox.of(address)));
    assertTrue(deliver(address, new byte[1]).normalize().startsWith(root));
  }

  @Test
  void an_address_too_long_for_a_file_name_has_a_name_all_the_same() throws IOException {
    String domain = ("d".repeat(60) + ".").repeat(3) + "example";
    assertTrue(Files.exists(deliver("ü".repeat(30) + "@" + domain, new byte[1])));
  }
}
