package heddle.config;

import heddle.config.ListenerConfig.Mode;
import heddle.config.RouteConfig.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What no single setting can be blamed for. Used by one thread, for one file. */
final class CrossChecks {
  private static final String REQUIRE = "session.auth.require";
  private static final String LOOKUP = "session.auth.lookup";
  private final Sheet sheet;
  private final HeddleConfig config;
  private final TrustChecks trust;

  CrossChecks(Sheet sheet, HeddleConfig config) {
    this.sheet = sheet;
    this.config = config;
    this.trust = new TrustChecks(sheet);
  }

  void run() {
    listeners();
    trust.pair("tls", "certificate", config.tls().certificate(), "key", config.tls().key());
    clientCertificates();
    config.route().forEach(this::route);
    config.token().forEach(this::token);
    config.remote().forEach(new RemoteChecks(sheet)::check);
    lookups();
    mechanisms();
    withheld();
    if (config.queue().retry().isEmpty() && sheet.clean("queue.retry")) {
      Place place = sheet.placeOf("queue.retry");
      sheet.problem(place, "queue.retry", "the list is empty", "Name one wait at least");
    }
    namedListeners();
    guests();
    new MetricsChecks(sheet).check(config);
    alert();
  }

  /** A server's working directory is anybody's guess, and so is its PATH. */
  private void alert() {
    String key = "alert.exec";
    if (sheet.clean(key)
        && !config.alert().exec().isEmpty()
        && !config.alert().exec().getFirst().startsWith("/")) {
      String program = Words.quoted(config.alert().exec().getFirst());
      sheet.problem(
          sheet.placeOf(key), key, program + " is not a whole path", "Write \"/usr/local/bin/…\"");
    }
  }

  private void listeners() {
    Map<Bind, String> taken = new LinkedHashMap<>();
    config
        .listener()
        .forEach(
            (name, listener) -> {
              String key = Words.dotted("listener", name) + ".bind";
              if (listener.bind().isEmpty() && sheet.clean(key)) {
                sheet.problem(sheet.placeOf(key), key, "it listens nowhere", "");
              }
              for (Bind bind : listener.bind()) {
                for (var other : taken.entrySet()) {
                  if (sheet.clean(key) && bind.collides(other.getKey())) {
                    sheet.missing(
                        sheet.placeOf(key),
                        key,
                        "\"%s\" is taken by \"%s\" of listener %s"
                            .formatted(bind, other.getKey(), Words.part(other.getValue())),
                        "");
                    break;
                  }
                }
                taken.put(bind, name);
              }
            });
  }

  private void clientCertificates() {
    TlsConfig tls = config.tls();
    String lists = "tls.client-crl";
    if (!tls.clientCrl().isEmpty() && tls.clientCa().isEmpty() && sheet.clean("tls.client-ca")) {
      sheet.note(sheet.placeOf(lists), lists, "it means nothing without \"client-ca\"");
    }
    String anchors = "tls.client-ca";
    boolean never = tls.clientCertificate() == TlsConfig.ClientCertificate.NEVER;
    if (never && !tls.clientCa().isEmpty()) {
      String why = "nobody is judged by it: client-certificate is \"never\"";
      sheet.note(sheet.placeOf(anchors), anchors, why);
    }
  }

  private static Set<String> keysOf(Kind kind) {
    return switch (kind) {
      case HOLD, MX -> Set.of("to");
      case MAILDIR -> Set.of("to", "path");
      case SMARTHOST ->
          Set.of(
              "to",
              "address",
              "port",
              "tls",
              "username",
              "password",
              "ca",
              "pin",
              "allow-invalid-certs",
              "certificate",
              "key",
              "connections");
    };
  }

  private void route(String name, RouteConfig route) {
    String table = Words.dotted("route", name);
    if (!sheet.clean(table)) {
      return; // what it is to be is not known
    }
    for (Setting setting : Setting.of(RouteConfig.class)) {
      String key = table + "." + setting.key();
      boolean here = setting.condition() || keysOf(route.to()).contains(setting.key());
      if (sheet.isSet(key) && !here) {
        String reason = "it does not go with to = " + Words.quoted(route.to().word());
        sheet.missing(sheet.placeOf(key), key, reason, "");
      }
    }
    if (route.to() == Kind.MAILDIR && route.path().isEmpty()) {
      needs(table, "to", "path");
    }
    if (route.to() == Kind.SMARTHOST && route.address().isEmpty()) {
      needs(table, "to", "address");
    }
    if (route.username().isPresent() != route.password().isPresent()) {
      boolean user = route.username().isPresent();
      needs(table, user ? "username" : "password", user ? "password" : "username");
    }
    boolean clear = route.tlsOrDefault() == Mode.NONE && route.username().isPresent();
    if (clear && route.address().filter(a -> !a.isLoopback()).isPresent()) {
      String key = table + ".tls";
      sheet.problem(
          sheet.placeOf(key),
          key,
          "the password would cross the network in clear",
          "Write \"starttls\" or \"implicit\"");
    }
    certificates(table, route);
    whoTakesIt(name, table, route);
  }

  private void certificates(String table, RouteConfig route) {
    trust.pair(table, "certificate", route.certificate(), "key", route.key());
    List<String> trusted =
        trust.whom(
            table,
            new TrustChecks.Trusts(
                route.pin(), route.ca(), route.allowInvalidCerts().orElse(false)));
    if (route.to() == Kind.SMARTHOST && route.tlsOrDefault() == Mode.NONE) {
      trusted.addAll(route.certificate().isPresent() ? List.of("certificate") : List.of());
      for (String without : trusted) {
        String key = table + "." + without;
        sheet.problem(sheet.placeOf(key), key, "it means nothing with tls = \"none\"", "");
      }
    }
  }

  private void whoTakesIt(String name, String table, RouteConfig route) {
    boolean standard = name.equals("default");
    if (standard && route.when().isPresent()) {
      String key = table + ".if";
      String how = "Give the route another name";
      sheet.problem(sheet.placeOf(key), key, "\"default\" is for all the others", how);
    }
    if (!standard && route.when().isEmpty() && sheet.isSet(table)) {
      String how = "Write if = \"recipient-domain\" and in = [\"…\"], or call it default";
      sheet.missing(sheet.placeOf(table), table, "no message would take it", how);
    }
  }

  private void needs(String table, String here, String there) {
    String key = table + "." + here;
    sheet.missing(sheet.placeOf(key), key, "it needs " + Words.quoted(there) + " beside it", "");
  }

  private void token(String name, TokenConfig token) {
    String table = Words.dotted("token", name);
    if (!sheet.clean(table)) {
      return;
    }
    Place place = sheet.placeOf(table);
    if (token.jwks().isEmpty() && token.introspection().isEmpty()) {
      sheet.missing(place, table, "it needs \"jwks\" or \"introspection\"", "");
    }
    if (token.jwks().isPresent() && token.introspection().isPresent()) {
      String key = table + ".introspection";
      sheet.problem(sheet.placeOf(key), key, "it stands in place of \"jwks\", not beside it", "");
    }
    trust.pair(table, "client-id", token.clientId(), "client-secret", token.clientSecret());
    if (token.jwks().isPresent() && token.clientId().isPresent()) {
      String key = table + ".client-id";
      sheet.problem(sheet.placeOf(key), key, "it is for \"introspection\"", "");
    }
    if (token.algorithms().isEmpty()) {
      String key = table + ".algorithms";
      sheet.problem(sheet.placeOf(key), key, "the list is empty", "");
    }
  }

  private static <T> List<T> outcomes(Ruled<T> ruled) {
    List<T> all = new ArrayList<>();
    ruled.rules().forEach(r -> all.add(r.then()));
    all.add(ruled.otherwise());
    return all;
  }

  private void lookups() {
    Set<String> asked = new TreeSet<>();
    for (List<Source> chain : outcomes(config.session().auth().lookup())) {
      for (Source source : chain) {
        if (source instanceof Source.Remote(var name)) {
          asked.add(name);
        }
      }
    }
    for (String name : asked) {
      RemoteConfig remote = config.remote().get(name);
      Place place = sheet.placeOf(LOOKUP);
      if (remote == null) {
        String guess = Words.didYouMean(name, config.remote().keySet());
        String how = "Write [" + Words.dotted("remote", name) + "]";
        String reason = "there is no table [" + Words.dotted("remote", name) + "]";
        sheet.missing(place, LOOKUP, reason, guess.isEmpty() ? how : guess);
      } else if (!remote.lookup()) {
        String key = Words.dotted("remote", name) + ".lookup";
        sheet.problem(sheet.placeOf(key), key, "false, but " + LOOKUP + " names it", "");
      }
    }
  }

  /** A mechanism that is neither ours nor a hook's would be offered by nobody. */
  private void mechanisms() {
    String key = "session.auth.mechanisms";
    boolean hooked =
        outcomes(config.session().auth().hook()).stream().anyMatch(Optional::isPresent);
    Set<String> foreign = new TreeSet<>();
    for (List<MechanismName> listed : outcomes(config.session().auth().mechanisms())) {
      listed.forEach(m -> foreign.add(m.name()));
    }
    foreign.removeAll(MechanismName.BUILT_IN);
    // Dovecot speaks what it speaks; it is asked when it is there.
    if (!hooked && !relayed() && sheet.clean(key)) {
      for (String name : foreign) {
        String guess = Words.didYouMean(name, MechanismName.BUILT_IN);
        sheet.problem(
            sheet.placeOf(key),
            key,
            Words.quoted(name) + " is not built in, and no hook is asked",
            guess.isEmpty() ? "Name the hook that speaks it in session.auth.hook" : guess);
      }
    }
  }

  /** What only our own accounts can prove is withheld where another is asked beside them. */
  private void withheld() {
    Set<String> others = new TreeSet<>();
    for (List<Source> chain : outcomes(config.session().auth().lookup())) {
      for (Source source : chain) {
        boolean relays =
            chain.size() == 1 && source instanceof Source.Remote(var name) && speaksForItself(name);
        if (!(source instanceof Source.Local) && !relays) {
          others.add(source.toString());
        }
      }
    }
    Set<String> secret = new TreeSet<>();
    for (List<MechanismName> listed : outcomes(config.session().auth().mechanisms())) {
      listed.stream()
          .map(MechanismName::name)
          .filter(n -> n.startsWith("SCRAM-") || n.equals("CRAM-MD5") || n.equals("EXTERNAL"))
          .forEach(secret::add);
    }
    boolean hooked =
        outcomes(config.session().auth().hook()).stream().anyMatch(Optional::isPresent);
    if (!hooked && !others.isEmpty() && !secret.isEmpty()) {
      String key = "session.auth.mechanisms";
      sheet.note(
          sheet.placeOf(key),
          key,
          "%s: not offered where %s is asked, which can prove passwords only"
              .formatted(String.join(", ", secret), String.join(" or ", others)));
    }
  }

  private boolean speaksForItself(String name) {
    RemoteConfig remote = config.remote().get(name);
    return remote != null && remote.protocol() == RemoteConfig.Protocol.DOVECOT;
  }

  private boolean relayed() {
    return outcomes(config.session().auth().lookup()).stream()
        .flatMap(List::stream)
        .anyMatch(source -> source instanceof Source.Remote(var name) && speaksForItself(name));
  }

  private void namedListeners() {
    for (var named : sheet.namedListeners) {
      boolean known = config.listener().keySet().stream().anyMatch(named.name()::equalsIgnoreCase);
      if (!known) {
        String name = Words.quoted(named.name());
        sheet.note(named.place(), named.key(), "there is no listener " + name);
      }
    }
  }

  /** Whoever may send without a login reaches our own addresses: worth a word. */
  private void guests() {
    config
        .listener()
        .forEach(
            (name, listener) -> {
              boolean open = listener.bind().stream().anyMatch(b -> !b.local());
              if (open && mayBeFalse(config.session().auth().require(), name)) {
                sheet.note(
                    sheet.placeOf(REQUIRE),
                    REQUIRE,
                    "false at listener %s: strangers may write to your domains"
                        .formatted(Words.part(name)));
              }
            });
  }

  /** Of the conditions only those on the listener can be told before somebody connects. */
  private static boolean mayBeFalse(Ruled<Boolean> require, String listener) {
    for (var rule : require.rules()) {
      boolean told = rule.when().key().equals("listener");
      boolean holds = rule.when().holds(k -> told ? Optional.of(listener) : Optional.empty());
      if ((!told || holds) && !rule.then()) {
        return true;
      }
      if (told && holds) {
        return false;
      }
    }
    return !require.otherwise();
  }
}
