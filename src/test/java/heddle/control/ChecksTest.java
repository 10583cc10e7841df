package heddle.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.config.Bind;
import heddle.control.Finding.State;
import heddle.dial.Papers;
import heddle.dial.Peer;
import heddle.dial.Security;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChecksTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void each_ailment_is_found_where_it_is(Ailment ailment) throws Exception {
    Finding found = new Ward(folder).sick(ailment);
    assertEquals(ailment.state(), found.state(), found.toString());
    assertTrue(found.check().startsWith(ailment.subject().id()), found.toString());
    assertFalse(found.remedy().isBlank(), found.toString());
    assertEquals(ailment, meant(found), found.toString());
  }

  /** The one whose words it says. */
  private static Ailment meant(Finding found) {
    for (Ailment ailment : Ailment.values()) {
      String says = ailment.says().replaceAll("\\{[a-z]+\\}", "\0");
      String pattern = "\\Q" + says.replace("\0", "\\E.*\\Q") + "\\E";
      String remedy =
          "\\Q"
              + ailment.remedy().replaceAll("\\{[a-z]+\\}", "\0").replace("\0", "\\E.*\\Q")
              + "\\E";
      if (found.says().matches(pattern)
          && found.remedy().matches(remedy)
          && found.state() == ailment.state()
          && found.check().startsWith(ailment.subject().id())) {
        return ailment;
      }
    }
    throw new AssertionError("nobody says " + found);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SERVER", "DOCTOR"})
  void a_check_that_finds_nothing_says_what_it_saw(Subject subject) throws Exception {
    Finding found = new Ward(folder).well(subject);
    assertEquals(State.OK, found.state(), found.toString());
    assertEquals("", found.remedy());
    assertFalse(found.says().isBlank());
  }

  @Test
  void what_is_held_is_named_and_is_no_trouble() throws Exception {
    Finding found = Ward.queue(Duration.ofDays(3), true);
    assertEquals(State.OK, found.state());
    assertEquals(
        "1 wait, the oldest for 0 ms; besides 1 held by hand or route, the oldest 3 d",
        found.says());
  }

  @Test
  void a_listener_that_cannot_be_spoken_with_from_here_is_skipped_and_not_called_well()
      throws Exception {
    var where = new Bind.Tcp(InetAddress.ofLiteral("127.0.0.1"), 1);
    var shut = new Doorway("lan", where, Security.IMPLICIT, Optional.of("a PROXY header"));
    assertEquals(State.SKIPPED, Ward.only(new ListenCheck(() -> List.of(shut), "x")).state());
    for (SubmitCheck.Way way : SubmitCheck.Way.values()) {
      var submit = new SubmitCheck(() -> List.of(shut), "x", way, Ward::ticket);
      assertEquals(State.SKIPPED, Ward.only(submit).state());
    }
  }

  @Test
  void no_password_is_said_where_nothing_takes_one() throws Exception {
    var offered =
        Peer.playing(
            wire -> {
              wire.secure(Papers.of("x", Duration.ofDays(1)).context());
              wire.say("220 x");
              wire.expect("EHLO");
              wire.offer("AUTH CRAM-MD5 EXTERNAL SCRAM-SHA-256");
              wire.expect("QUIT");
            });
    try (offered) {
      var submit =
          new SubmitCheck(
              () -> List.of(Ward.door(offered)), "x", SubmitCheck.Way.PASSWORD, Ward::ticket);
      Finding found = Ward.only(submit);
      assertEquals(State.SKIPPED, found.state(), found.toString());
      offered.played();
    }
  }

  @Test
  void a_socket_in_the_file_system_is_called_too() throws Exception {
    Path path = folder.resolve("s");
    var door =
        new Doorway("local", new Bind.Unix(path.toString()), Security.NONE, Optional.empty());
    var check = new ListenCheck(() -> List.of(door), "x");
    assertEquals(State.ERR, Ward.only(check).state());
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      Thread.ofVirtual()
          .start(
              () -> {
                try (var socket = server.accept()) {
                  socket.write(ByteBuffer.wrap("220 x\r\n".getBytes(StandardCharsets.US_ASCII)));
                } catch (java.io.IOException gone) {
                  // The test is over.
                }
              });
      Finding found = Ward.only(check);
      assertEquals(State.OK, found.state(), found.toString());
    }
  }

  @Test
  void the_disk_of_this_machine_tells_its_room_and_its_inodes() throws Exception {
    DiskCheck.Room room = new FileSystemRoom(folder).room();
    assertTrue(room.total() > 0 && room.free() <= room.total(), room.toString());
    if (System.getProperty("os.name").equals("Linux")) {
      DiskCheck.Inodes inodes = room.inodes().orElseThrow();
      assertTrue(inodes.free() <= inodes.total() || inodes.total() == 0, inodes.toString());
    }
  }
}
