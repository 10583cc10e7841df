package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.Home;
import heddle.app.TestHome;
import heddle.control.Answer;
import heddle.dial.Papers;
import heddle.event.EventBus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The verbs of {@code cert}, with two names at two listeners. */
class CertificatesTest {
  private Home home;
  private heddle.app.Heddle server;

  @BeforeEach
  void a_server_with_two_names() throws Exception {
    home =
        TestHome.make(
            TestHome.LISTENERS
                + """
                [tls]
                certificate = "one.crt"
                key = "one.key"
                [tls.name."mail.example.net"]
                certificate = "two.crt"
                key = "two.key"
                """);
    write("mail.example.org", "one", 30);
    write("mail.example.net", "two", 60);
    server = TestHome.start(home, new EventBus());
  }

  @AfterEach
  void stopped() throws Exception {
    server.close();
    TestHome.delete(home.root());
  }

  private void write(String host, String file, int days) throws Exception {
    Papers.of(host, Duration.ofDays(days).plusHours(1))
        .write(etc(file + ".crt"), etc(file + ".key"));
  }

  private Path etc(String file) {
    return home.etc().resolve(file);
  }

  private List<Map<String, Object>> rows(String verb) {
    Answer answer = TestHome.ask(server, verb);
    assertTrue(answer.ok(), answer.toString());
    return answer.rows();
  }

  private static List<Object> all(List<Map<String, Object>> rows, String field) {
    return rows.stream().map(row -> row.get(field)).toList();
  }

  @Test
  void they_are_listed_with_what_is_asked_about_most() {
    List<Map<String, Object>> rows = rows("cert.list");
    assertEquals(List.of("mail.example.org", "mail.example.net"), all(rows, "name"));
    assertEquals(List.of(30L, 60L), all(rows, "days"));
    assertEquals(List.of("mail.example.net"), rows.getLast().get("names"));
    assertEquals("CN=authority", rows.getFirst().get("issuer"));
    assertEquals(2, ((List<?>) rows.getFirst().get("served")).size());
  }

  @Test
  void one_is_shown_by_its_name_and_another_is_not_there() {
    Answer shown = TestHome.ask(server, "cert.show", Map.of("name", "MAIL.example.net"));
    assertEquals(etc("two.crt").toString(), shown.rows().getFirst().get("file"));
    Answer not = TestHome.ask(server, "cert.show", Map.of("name", "www.example.net"));
    assertEquals(Answer.NOT_FOUND, not.exit());
    assertTrue(not.why().contains("mail.example.org, mail.example.net"), not.toString());
  }

  @Test
  void each_name_is_tried_at_each_listener_with_tls() {
    List<Map<String, Object>> rows = rows("cert.test");
    assertEquals(4, rows.size());
    assertEquals(List.of("ok", "ok", "ok", "ok"), all(rows, "result"));
    assertEquals(List.of(30L, 60L, 30L, 60L), all(rows, "days"));
    assertEquals(rows("cert.list").getFirst().get("sha256"), rows.getFirst().get("sha256"));
  }

  @Test
  void a_new_certificate_is_served_from_the_reload_on() throws Exception {
    Object before = rows("cert.list").getFirst().get("sha256");
    assertEquals(List.of(false, false), all(rows("cert.reload"), "changed"));
    write("mail.example.org", "one", 90);
    rows("cert.reload");
    List<Map<String, Object>> served = rows("cert.test");
    assertFalse(before.equals(served.getFirst().get("sha256")));
    assertEquals(90L, served.getFirst().get("days"));
    assertEquals(List.of(false, false), all(rows("cert.reload"), "changed"));
  }

  @Test
  void a_broken_pair_is_told_each_time_and_the_old_one_stays() throws Exception {
    Object before = rows("cert.list").getFirst().get("sha256");
    Files.copy(etc("two.crt"), etc("one.crt"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    for (int i = 0; i < 2; i++) {
      Answer refused = TestHome.ask(server, "cert.reload");
      assertEquals(Answer.FAILED, refused.exit(), refused.toString());
      assertTrue(refused.why().contains("stays in force"), refused.toString());
      assertFalse(refused.remedy().isEmpty());
    }
    assertEquals(before, rows("cert.test").getFirst().get("sha256"));
  }

  @Test
  void without_a_server_the_files_are_told_and_nothing_is_served() throws Exception {
    server.close();
    assertEquals(2, TestHome.alone(home, "cert.list", Map.of()).rows().size());
    assertEquals(Answer.UNREACHABLE, TestHome.alone(home, "cert.test", Map.of()).exit());
    Home empty = TestHome.make("");
    assertEquals(0, TestHome.alone(empty, "cert.list", Map.of()).rows().size());
    assertFalse(Files.exists(empty.tls()), "looking makes nothing");
    TestHome.delete(empty.root());
  }
}
