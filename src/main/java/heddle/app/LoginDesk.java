package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.event.Mentions;
import heddle.peer.Network;
import heddle.peer.RemoteAddress;
import heddle.store.History;
import heddle.store.StoreUnavailable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The verb {@code login list}: who logged in, or tried to. */
final class LoginDesk {
  private static final int MOST = 2_000;
  private static final Set<String> FAILED =
      Set.of("auth-failed", "auth-deferred", "auth-in-clear", "login-ended");
  private static final Set<String> ALL =
      Set.of("auth-ok", "auth-failed", "auth-deferred", "auth-in-clear", "login-ended");
  private final History history;

  LoginDesk(History history) {
    this.history = history;
  }

  /** Answers, or empty where the verb is another. */
  Optional<Answer> ask(Request request) {
    return request.verb().equals("login.list") ? Optional.of(list(request)) : Optional.empty();
  }

  private Answer list(Request request) {
    String who = request.arg("who").orElse("").strip();
    String last = request.arg("last").orElse("50");
    if (!last.matches("[1-9]\\d{0,8}")) {
      return bad(
          "\"" + printable(last) + "\" is no number of logins", "write a whole number from 1 on");
    }
    Optional<Network> network = Network.parse(who);
    if (network.isPresent() && !single(network.get())) {
      return bad(
          "a whole network is not looked up", "give one address, or ask for all: heddle login");
    }
    var newest = History.Question.newest(Math.min(MOST, Integer.parseInt(last)));
    var named = newest.named(request.flag("failed") ? FAILED : ALL);
    History.Question question =
        network.isPresent()
            ? named.about(Mentions.word("ip", new RemoteAddress(network.get().address(), 0).ip()))
            : who.isEmpty() ? named : named.about(Mentions.word("user", who));
    try {
      List<Map<String, Object>> rows = new ArrayList<>();
      history.ask(question).forEach(entry -> rows.add(row(entry)));
      return Answer.rows(rows);
    } catch (StoreUnavailable trouble) {
      return Answer.no(
          Answer.FAILED,
          "the history cannot be read now",
          String.valueOf(trouble.getMessage()),
          "try again, and look at the disk if it stays so");
    }
  }

  private static boolean single(Network network) {
    return network.prefix() == network.address().getAddress().length * 8;
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static Answer bad(String why, String remedy) {
    return Answer.no(Answer.USAGE, "nothing is shown", why, remedy);
  }

  private static Map<String, Object> row(History.Entry entry) {
    Map<String, String> fields = entry.fields();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("at", entry.at().toString());
    row.put("user", fields.getOrDefault("user", ""));
    row.put("from", fields.getOrDefault("client", ""));
    row.put("how", fields.getOrDefault("mech", ""));
    row.put("by", fields.getOrDefault("credential", ""));
    row.put(
        "result",
        switch (entry.name()) {
          case "auth-ok" -> "ok";
          case "login-ended" -> "ended";
          case "auth-in-clear" -> "in clear, not looked at";
          default -> fields.getOrDefault("why", entry.name());
        });
    row.put("step", fields.getOrDefault("step", ""));
    row.put("session", entry.id().map(Object::toString).orElse(""));
    return row;
  }
}
