package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import heddle.app.Heddle;
import heddle.app.Home;
import heddle.app.TestHome;
import heddle.event.EventBus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What config check takes and serve does not. */
class BreakIn4Test {
  private static String verdict(String config) throws Exception {
    Home home =
        TestHome.make(
            TestHome.LISTENERS
                + "[route.default]\nto = \"maildir\"\npath = \"var/mail\"\n"
                + config);
    String check = TestHome.alone(home, "config.check", Map.of()).ok() ? "ok" : "refused";
    String serve;
    try (Heddle heddle = TestHome.start(home, new EventBus(e -> {}))) {
      serve = "ok";
    } catch (Exception e) {
      serve = e.getClass().getSimpleName().equals("Refused") ? "refused" : e.toString();
    } finally {
      TestHome.delete(home.root());
    }
    return check + "/" + serve;
  }

  @Test
  void what_is_checked_is_what_is_served() throws Exception {
    String remote =
        "[session.auth]\nmechanisms = [\"PLAIN\"]\nlookup = [\"remote/x\"]\n[remote.x]\nprotocol = \"imap\"\naddress = \"127.0.0.1\"\n";
    List<String> odd = new ArrayList<>();
    for (String more :
        List.of(
            "",
            "[remote.x.cache]\nentries = -1\n",
            "[remote.x.cache]\nrefresh = \"0s\"\n",
            "[remote.x.cache.ttl]\npositive = \"0s\"\nnegative = \"36500d\"\n",
            "concurrency = 2000000000\n",
            "timeout = \"36500d\"\n",
            "[remote.x.tls]\nca = \"/nonexistent\"\n",
            "login-name = \"local-part\"\n[keep]\nlogins = \"0s\"\n",
            "[keep]\nlogins = \"36500d\"\n",
            "[limit.login]\nfailures-per-network = \"1/1ms\"\n",
            "[limit]\nexempt = [\"0.0.0.0/0\", \"::/0\"]\n")) {
      String verdict = verdict(remote + more);
      System.out.println(verdict + "   " + more.replace("\n", " "));
      if (!verdict.equals("ok/ok") && !verdict.equals("refused/refused")) {
        odd.add(verdict + " " + more);
      }
    }
    assertEquals(List.of(), odd);
  }
}
