package heddle.app;

import heddle.config.HeddleConfig;
import heddle.config.ListenerConfig;
import heddle.config.Source;
import heddle.control.Answer;
import heddle.control.Request;
import heddle.event.Mentions;
import heddle.limit.LoginPatience;
import heddle.peer.Network;
import heddle.peer.RemoteAddress;
import heddle.session.Gate;
import heddle.session.Preview;
import heddle.session.Surroundings;
import heddle.store.Account;
import heddle.store.Accounts;
import heddle.store.Credential;
import heddle.store.History;
import heddle.store.StoreUnavailable;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The verbs {@code auth explain} and {@code auth mechanisms}: what would become of a login, in the
 * order in which it is decided, without one being tried.
 */
final class ExplainDesk {
  private static final RemoteAddress HERE = new RemoteAddress(InetAddress.getLoopbackAddress(), 0);

  private final HeddleConfig config;
  private final Accounts accounts;
  private final History history;
  private final Supplier<Surroundings> surroundings;

  ExplainDesk(
      HeddleConfig config,
      Accounts accounts,
      History history,
      Supplier<Surroundings> surroundings) {
    this.config = config;
    this.accounts = accounts;
    this.history = history;
    this.surroundings = surroundings;
  }

  /** Answers, or empty where the verb is not one of these. */
  Optional<Answer> ask(Request request) {
    return switch (request.verb()) {
      case "auth.explain" -> Optional.of(explain(request));
      case "auth.mechanisms" -> Optional.of(mechanisms(request));
      default -> Optional.empty();
    };
  }

  private Answer mechanisms(Request request) {
    Optional<String> only = request.arg("listener").filter(l -> !l.isEmpty());
    if (only.isPresent() && listener(only.get()).isEmpty()) {
      return noListener(only.get());
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String name : only.flatMap(this::listener).map(List::of).orElse(listeners())) {
      for (var offered : preview(name, HERE, false).mechanisms()) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("listener", name);
        row.put("mechanism", offered.mechanism());
        row.put("offered", word(offered.offer()));
        row.put("why", offered.why());
        rows.add(row);
      }
    }
    return Answer.rows(rows);
  }

  private static String word(Preview.Offer offer) {
    return switch (offer) {
      case YES -> "yes";
      case WITH_TLS -> "with TLS";
      case NO -> "no";
    };
  }

  private List<String> listeners() {
    return List.copyOf(config.listener().keySet());
  }

  /** By its name, or by a port at which it hears. */
  private Optional<String> listener(String typed) {
    return config.listener().entrySet().stream()
        .filter(
            e ->
                e.getKey().equals(typed)
                    || e.getValue().bind().stream()
                        .anyMatch(b -> b.toString().endsWith(":" + typed)))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private Answer noListener(String typed) {
    return Answer.no(
        Answer.NOT_FOUND,
        "there is no listener " + typed.replaceAll("\\p{Cntrl}", "?"),
        "there are: " + String.join(", ", listeners()),
        "name one of them, or its port");
  }

  /** Where the listener can have TLS, the client is taken to use it. */
  private Preview preview(String listener, RemoteAddress client, boolean clear) {
    ListenerConfig settings = config.listener().get(listener);
    boolean secured =
        settings != null
            && switch (settings.tls()) {
              case IMPLICIT -> true;
              case STARTTLS -> !clear;
              case NONE -> false;
            };
    return new Preview(surroundings.get(), listener, client, secured);
  }

  /** Rows in the order of the questions. */
  private static final class Steps {
    private final List<Map<String, Object>> rows = new ArrayList<>();

    void say(String step, String says, String verdict) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("step", step);
      row.put("says", says);
      row.put("verdict", verdict);
      rows.add(row);
    }
  }

  private Answer explain(Request request) {
    String user = request.arg("user").orElse("").strip();
    String ip = request.arg("ip").filter(i -> !i.isEmpty()).orElse("127.0.0.1");
    Optional<RemoteAddress> client =
        Network.parse(ip)
            .filter(n -> n.prefix() == n.address().getAddress().length * 8)
            .map(n -> new RemoteAddress(n.address(), 0));
    if (client.isEmpty()) {
      return Answer.no(
          Answer.USAGE,
          "nothing is explained",
          "\"" + ip.replaceAll("\\p{Cntrl}", "?") + "\" is no address in digits",
          "write one such as 192.0.2.7");
    }
    Optional<String> typed = request.arg("listener").filter(l -> !l.isEmpty());
    Optional<String> listener =
        typed.isPresent() ? listener(typed.get()) : listeners().stream().findFirst();
    if (listener.isEmpty()) {
      return noListener(typed.orElse(""));
    }
    try {
      return Answer.rows(explained(user, client.get(), listener.get()));
    } catch (StoreUnavailable trouble) {
      return EventDesk.unreadable(trouble);
    }
  }

  private List<Map<String, Object>> explained(String user, RemoteAddress client, String listener)
      throws StoreUnavailable {
    var steps = new Steps();
    Gate gate = surroundings.get().gate();
    Optional<String> name = gate.account().apply(user);
    Preview preview = preview(listener, client, false);
    block(steps, name, client);
    steps.say(
        "listener",
        listener + ", offered: " + offered(preview.mechanisms()),
        preview.mechanisms().stream().anyMatch(o -> o.offer() != Preview.Offer.NO) ? "pass" : "no");
    patience(steps, gate.patience(), client, name);
    preview
        .hook()
        .ifPresent(
            hook ->
                steps.say("hook/" + hook, "is asked first, and may decide by itself", "unknown"));
    if (preview.lookup().isEmpty() && preview.hook().isEmpty()) {
      steps.say("lookup", "nobody is asked here: lookup is false", "no");
    }
    for (Source source : preview.lookup()) {
      directory(steps, source, name);
    }
    name.flatMap(accounts.snapshot()::find)
        .ifPresent(account -> gate(steps, account, client, listener));
    network(steps, user, client);
    return steps.rows;
  }

  private void block(Steps steps, Optional<String> name, RemoteAddress client) {
    var blocks = accounts.blocks();
    blocks
        .ofAddress(client.address())
        .or(() -> name.flatMap(blocks::ofUser))
        .ifPresentOrElse(
            b -> steps.say("block", b.subject() + " is shut out: " + b.reason(), "no"),
            () -> steps.say("block", "no match", "pass"));
  }

  private static String offered(List<Preview.Offered> all) {
    List<String> names =
        all.stream()
            .filter(o -> o.offer() != Preview.Offer.NO)
            .map(o -> o.mechanism() + (o.offer() == Preview.Offer.WITH_TLS ? " (with TLS)" : ""))
            .toList();
    return names.isEmpty() ? "nothing" : String.join(" ", names);
  }

  private static void patience(
      Steps steps, LoginPatience patience, RemoteAddress client, Optional<String> name) {
    LoginPatience.Standing standing = patience.standing(client, name);
    LoginPatience.Rate network = patience.settings().network();
    LoginPatience.Rate account = patience.settings().account();
    if (standing.exempt()) {
      steps.say("patience", "limit.exempt: failures are not counted there", "pass");
      return;
    }
    String counts =
        standing.network()
            + " of "
            + network.most()
            + " failures in "
            + minutes(network)
            + " for this network, "
            + standing.account()
            + " of "
            + account.most()
            + " in "
            + minutes(account)
            + " for this account";
    steps.say(
        "patience",
        counts + (standing.proven() ? "; known here, others' failures do not count" : ""),
        standing.held() ? "wait" : "pass");
  }

  private static String minutes(LoginPatience.Rate rate) {
    long minutes = rate.window().toMinutes();
    return minutes >= 60 && minutes % 60 == 0 ? minutes / 60 + " h" : minutes + " min";
  }

  private void directory(Steps steps, Source source, Optional<String> name) {
    switch (source) {
      case Source.Local _ -> local(steps, name);
      case Source.Hook(var hook) ->
          steps.say("hook/" + hook, "is asked with the password; only it knows", "unknown");
      case Source.Remote(var remote) ->
          steps.say("remote/" + remote, "is asked with the password; only it knows", "unknown");
    }
  }

  private void local(Steps steps, Optional<String> name) {
    Optional<Account> account = name.flatMap(accounts.snapshot()::find);
    if (account.isEmpty()) {
      steps.say("local", "there is no such user", "no");
      return;
    }
    List<String> ways = new ArrayList<>();
    ways.add(account.get().barred() ? "main password barred" : "main password");
    for (var kind : List.of(Credential.Kind.APP, Credential.Kind.KEY, Credential.Kind.DEVICE)) {
      int count = account.get().of(kind).size();
      if (count > 0) {
        ways.add(
            count
                + " "
                + (kind == Credential.Kind.APP ? "app password" : kind)
                + (count > 1 ? "s" : ""));
      }
    }
    steps.say("local", account.get().name() + " is known: " + String.join(", ", ways), "pass");
  }

  private static void gate(Steps steps, Account account, RemoteAddress client, String listener) {
    if (!account.enabled()) {
      steps.say("gate", "disabled: " + account.disabledReason().orElse(""), "no");
      return;
    }
    List<String> here = new ArrayList<>();
    List<String> elsewhere = new ArrayList<>();
    for (Credential credential : account.credentials()) {
      boolean main = credential.kind() == Credential.Kind.PASSWORD;
      String label = main ? "main password" : credential.kind() + " " + credential.label();
      if (main && account.barred()) {
        elsewhere.add(label + " (barred)");
      } else if (credential.expired(Instant.now())) {
        elsewhere.add(label + " (expired)");
      } else if (!credential.terms().holdAt(client, listener)) {
        elsewhere.add(label + " (not at this network or listener)");
      } else {
        here.add(label);
      }
    }
    String refused = elsewhere.isEmpty() ? "" : "; not here: " + String.join(", ", elsewhere);
    steps.say(
        "gate",
        (here.isEmpty() ? "nothing counts here" : "counts here: " + String.join(", ", here))
            + refused,
        here.isEmpty() ? "no" : "pass");
  }

  private void network(Steps steps, String user, RemoteAddress client) throws StoreUnavailable {
    String around = Network.around(client.address()).toString();
    Network network = Network.around(client.address());
    List<History.Entry> before =
        history.ask(
            History.Question.newest(1).named(Set.of("auth-ok")).about(Mentions.word("user", user)),
            e ->
                Network.parse(Mentions.word("ip", e.field("client")).substring("ip:".length()))
                    .filter(n -> network.contains(n.address()))
                    .isPresent());
    steps.say(
        "network",
        before.isEmpty()
            ? around + " was never seen for " + user
            : "last seen in " + around + " at " + before.getFirst().at(),
        "pass");
  }
}
