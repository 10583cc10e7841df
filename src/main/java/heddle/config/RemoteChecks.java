package heddle.config;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which keys of a directory go with its protocol, and which it needs. */
final class RemoteChecks {
  private final Sheet sheet;
  private final TrustChecks trust;

  RemoteChecks(Sheet sheet) {
    this.sheet = sheet;
    this.trust = new TrustChecks(sheet);
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

  void check(String name, RemoteConfig remote) {
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
    trust.pair(table, "user", remote.user(), "password", remote.password());
    trust.pair(
        table + ".tls", "certificate", remote.tls().certificate(), "key", remote.tls().key());
    var trusted =
        new TrustChecks.Trusts(
            remote.tls().pin(), remote.tls().ca(), remote.tls().allowInvalidCerts());
    trust.whom(table + ".tls", trusted);
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
}
