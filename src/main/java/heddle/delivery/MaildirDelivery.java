package heddle.delivery;

import heddle.mail.Id;
import heddle.mail.Mailbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/**
 * Puts a message into {@code ROOT/ADDRESS/new/}, as the Maildir convention has it: written in
 * {@code tmp}, forced, renamed, the folder forced. The octets stay as they came, CRLF included; in
 * front stands {@code Return-Path} (RFC 5321 §4.4). Safe to share.
 */
public final class MaildirDelivery {
  private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final int LONGEST_NAME = 200;
  private final Path root;

  public MaildirDelivery(Path root) {
    this.root = root;
  }

  /**
   * Delivers to one recipient; a second call with the same id and recipient leaves one message, not
   * two.
   *
   * @return the file
   */
  public Path deliver(
      Id id, Instant accepted, heddle.mail.Path sender, Mailbox to, InputStream message)
      throws IOException {
    Path box = root.resolve(folderName(to));
    for (String folder : new String[] {"tmp", "new", "cur"}) {
      makeFolders(box.resolve(folder));
    }
    // Made of the id and the time of acceptance alone: an attempt repeated after a crash hits it.
    String name = accepted.getEpochSecond() + ".H" + id.value() + ".heddle";
    Path target = box.resolve("new").resolve(name);
    if (Files.exists(target) || wasRead(box.resolve("cur"), name)) {
      return target;
    }
    Path draft = box.resolve("tmp").resolve(name);
    write(draft, "Return-Path: <" + sender + ">\r\nDelivered-To: " + to + "\r\n", message);
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    force(box.resolve("new"));
    return target;
  }

  /** A mail program moves what it has seen to cur, and writes its flags behind the name. */
  private static boolean wasRead(Path cur, String name) throws IOException {
    try (var files = Files.newDirectoryStream(cur, name + "*")) {
      return files.iterator().hasNext();
    }
  }

  private static void write(Path draft, String head, InputStream message) throws IOException {
    Files.deleteIfExists(draft);
    try (FileChannel file =
        FileChannel.open(
            draft,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            PosixFilePermissions.asFileAttribute(FILE))) {
      OutputStream out = Channels.newOutputStream(file);
      out.write(head.getBytes(StandardCharsets.UTF_8));
      byte[] block = new byte[64 * 1024];
      for (int n = message.read(block); n >= 0; n = message.read(block)) {
        out.write(block, 0, n);
      }
      file.force(true);
    }
  }

  private static void makeFolders(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OURS));
      for (Path p = folder.getParent(); p != null && Files.isDirectory(p); p = p.getParent()) {
        force(p);
        if (p.endsWith("var") || p.getNameCount() <= folder.getNameCount() - 3) {
          break; // the folder, the mailbox and the root: those that may be new
        }
      }
    }
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * An address as one folder name: no separators, no leading dot, not too long, and ASCII only:
   * under a locale without UTF-8 the JDK has no other names.
   */
  static String folderName(Mailbox to) {
    var name = new StringBuilder();
    for (byte octet : to.normal().getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      boolean plain = c > ' ' && c < 0x7f && c != '/' && c != '%' && !(c == '.' && name.isEmpty());
      if (plain) {
        name.append(c);
      } else {
        name.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return name.length() <= LONGEST_NAME ? name.toString() : "long-" + digest(to.normal());
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
