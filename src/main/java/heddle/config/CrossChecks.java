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

  CrossChecks(Sheet sheet, HeddleConfig config) {
    this.sheet = sheet;
    this.config = config;
  }

  void run() {
    listeners();
    pair("tls", "certificate", config.tls().certificate(), "key", config.tls().key());
    clientCertificates();
    config.route().forEach(this::route);
    config.token().forEach(this::token);
    config.remote().forEach(this::remote);
    lookups();
    mechanisms();
    if (config.queue().retry().isEmpty() && sheet.clean("queue.retry")) {
      Place place = sheet.placeOf("queue.retry");
      sheet.problem(place, "queue.retry", "the list is empty", "Name one wait at least");
    }
    namedListeners();
    guests();
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

  /** Two keys of which neither is of use alone. */
  private void pair(
      String table, String one, Optional<?> oneThere, String other, Optional<?> otherThere) {
    boolean clean = sheet.clean(table + "." + one) && sheet.clean(table + "." + other);
    if (oneThere.isPresent() != otherThere.isPresent() && clean) {
      String at = table + "." + (oneThere.isPresent() ? one : other);
      String missing = oneThere.isPresent() ? other : one;
      sheet.missing(sheet.placeOf(at), at, "it needs " + Words.quoted(missing) + " beside it", "");
    }
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
    pair(table, "certificate", route.certificate(), "key", route.key());
    List<String> trust =
        trusts(table, new Trusts(route.pin(), route.ca(), route.allowInvalidCerts().orElse(false)));
    if (route.to() == Kind.SMARTHOST && route.tlsOrDefault() == Mode.NONE) {
      trust.addAll(route.certificate().isPresent() ? List.of("certificate") : List.of());
      for (String without : trust) {
        String key = table + "." + without;
        sheet.problem(sheet.placeOf(key), key, "it means nothing with tls = \"none\"", "");
      }
    }
  }

  /** Whose certificates are good. */
  private record Trusts(Optional<List<String>> pin, Optional<List<String>> ca, boolean anybody) {}

  /** The keys that say whose certificates are good, of which there may be one. */
  private List<String> trusts(String table, Trusts trusts) {
    for (String key : List.of("pin", "ca")) {
      var list = key.equals("pin") ? trusts.pin() : trusts.ca();
      if (list.filter(List::isEmpty).isPresent()) {
        String at = table + "." + key;
        sheet.problem(sheet.placeOf(at), at, "the list is empty: nobody would be trusted", "");
      }
    }
    List<String> trust = new ArrayList<>();
    trusts.pin().ifPresent(_ -> trust.add("pin"));
    trusts.ca().ifPresent(_ -> trust.add("ca"));
    if (trusts.anybody()) {
      trust.add("allow-invalid-certs");
    }
    for (String second : trust.stream().skip(1).toList()) {
      String key = table + "." + second;
      String reason = "it stands in place of " + Words.quoted(trust.getFirst()) + ", not beside it";
      sheet.problem(sheet.placeOf(key), key, reason, "");
    }
    for (String pin : trusts.pin().orElse(List.of())) {
      if (!pin.replaceAll("[: ]", "").matches("[0-9A-Fa-f]{64}")) {
        String key = table + ".pin";
        sheet.problem(
            sheet.placeOf(key),
            key,
            Words.quoted(pin) + " is no SHA-256 fingerprint",
            "It has 64 hexadecimal digits: openssl x509 -noout -fingerprint -sha256");
      }
    }
    return trust;
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

  /** The keys that belong to some protocols and not to others. */
  private static Set<String> ownKeysOf(RemoteConfig.Protocol protocol) {
    return switch (protocol) {
      case IMAP, SMTP -> Set.of("address", "port");
      case LDAP -> Set.of("address", "port", "user", "password", "user-dn", "base", "filter");
      case HTTP -> Set.of("url", "bearer");
      case DOVECOT -> Set.of("address", "port", "socket", "service");
      case SQL -> Set.of("address", "port", "user", "password", "database", "query");
    };
  }

  private static final Set<String> OWN_KEYS =
      Set.of(
          "address",
          "port",
          "user",
          "password",
          "user-dn",
          "base",
          "filter",
          "url",
          "bearer",
          "socket",
          "service",
          "database",
          "query");

  private void remote(String name, RemoteConfig remote) {
    String table = Words.dotted("remote", name);
    if (!sheet.clean(table)) {
      return;
    }
    Set<String> own = ownKeysOf(remote.protocol());
    for (String key : new TreeSet<>(OWN_KEYS)) {
      String at = table + "." + key;
      if (sheet.isSet(at) && !own.contains(key)) {
        String reason = "it does not go with protocol = " + Words.quoted(remote.protocol().word());
        sheet.missing(sheet.placeOf(at), at, reason, "");
      }
    }
    pair(table, "user", remote.user(), "password", remote.password());
    pair(table + ".tls", "certificate", remote.tls().certificate(), "key", remote.tls().key());
    Trusts trusts =
        new Trusts(remote.tls().pin(), remote.tls().ca(), remote.tls().allowInvalidCerts());
    trusts(table + ".tls", trusts);
    switch (remote.protocol()) {
      case IMAP, SMTP -> {}
      case LDAP -> either(table, remote, "user-dn", remote.userDn(), "base", remote.base());
      case HTTP -> demanded(table, remote, "url", remote.url());
      case DOVECOT -> either(table, remote, "socket", remote.socket(), "port", remote.port());
      case SQL -> {
        demanded(table, remote, "database", remote.database());
        demanded(table, remote, "query", remote.query());
        demanded(table, remote, "user", remote.user());
      }
    }
  }

  private void demanded(String table, RemoteConfig remote, String key, Optional<?> value) {
    if (value.isEmpty() && sheet.clean(table + "." + key)) {
      String reason =
          "protocol = %s needs %s beside it"
              .formatted(Words.quoted(remote.protocol().word()), Words.quoted(key));
      sheet.missing(sheet.placeOf(table), table, reason, "");
    }
  }

  /** One of the two, and not both. */
  private void either(
      String table,
      RemoteConfig remote,
      String one,
      Optional<?> oneThere,
      String other,
      Optional<?> otherThere) {
    if (oneThere.isPresent() && otherThere.isPresent()) {
      String at = table + "." + other;
      sheet.problem(
          sheet.placeOf(at), at, Words.quoted(one) + " stands in its place; write one", "");
    } else if (oneThere.isEmpty() && otherThere.isEmpty()) {
      String reason =
          "protocol = %s needs %s or %s beside it"
              .formatted(
                  Words.quoted(remote.protocol().word()), Words.quoted(one), Words.quoted(other));
      sheet.missing(sheet.placeOf(table), table, reason, "");
    }
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
    pair(table, "client-id", token.clientId(), "client-secret", token.clientSecret());
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

  private boolean relayed() {
    return outcomes(config.session().auth().lookup()).stream()
        .flatMap(List::stream)
        .anyMatch(
            source ->
                source instanceof Source.Remote(var name)
                    && config.remote().get(name) != null
                    && config.remote().get(name).protocol() == RemoteConfig.Protocol.DOVECOT);
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
