package heddle.app;

import heddle.config.HeddleConfig;
import heddle.config.RemoteConfig;
import heddle.config.SecretSource;
import heddle.config.Source;
import heddle.dial.Dialer;
import heddle.dial.Security;
import heddle.dial.Target;
import heddle.dial.Trust;
import heddle.directory.Directory;
import heddle.directory.Leaving;
import heddle.directory.RemoteDirectory;
import heddle.dns.Names;
import heddle.event.Events;
import heddle.mail.Domain;
import heddle.mail.Id;
import heddle.remote.Asker;
import heddle.remote.DovecotAsker;
import heddle.remote.HttpAsker;
import heddle.remote.HttpSettings;
import heddle.remote.ImapAsker;
import heddle.remote.LdapAsker;
import heddle.remote.LdapSettings;
import heddle.remote.ServiceLogin;
import heddle.remote.SmtpAsker;
import heddle.remote.SqlAsker;
import heddle.remote.SqlSettings;
import heddle.smtp.Extension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.X509ExtendedKeyManager;

/** The other servers that are asked about logins: those that the lookup names. */
final class Remotes implements AutoCloseable {
  private final Map<String, RemoteDirectory> byName = new LinkedHashMap<>();

  private Remotes() {}

  /**
   * Makes them; none is called before it is needed, but Dovecot, which tells what it speaks.
   *
   * @param mark by which this server knows itself
   */
  static Remotes open(
      Home home,
      HeddleConfig config,
      Books books,
      Events events,
      Leaving leaving,
      Domain hostname,
      Id mark)
      throws Refused {
    var remotes = new Remotes();
    boolean whole = false;
    try {
      for (String name : named(config)) {
        RemoteConfig remote = Objects.requireNonNull(config.remote().get(name));
        var maker = new Maker(home, name, remote, hostname, mark);
        remotes.byName.put(
            name,
            new RemoteDirectory(
                settings(name, remote, config.domains()),
                maker.asker(),
                books.accounts(),
                books.passwords(),
                events,
                leaving));
      }
      whole = true;
      return remotes;
    } finally {
      if (!whole) {
        remotes.close();
      }
    }
  }

  /** What can only be seen by looking: files, queries, secrets. Nobody is asked. */
  static void check(Home home, HeddleConfig config, Domain hostname) throws Refused {
    for (String name : named(config)) {
      RemoteConfig remote = Objects.requireNonNull(config.remote().get(name));
      new Maker(home, name, remote, hostname, Id.draw(new Random())).asker().close();
      List<SecretSource> sources = new ArrayList<>();
      remote.password().ifPresent(sources::add);
      remote.bearer().ifPresent(sources::add);
      for (SecretSource source : sources) {
        try (var secret = new Secrets(home).open(source)) {
          if (secret.isEmpty()) {
            throw new IOException("it is empty");
          }
        } catch (IOException missing) {
          throw new Refused(
              ConfigDesk.REFUSED,
              "remote " + name + " cannot be asked: its secret is not to be had",
              source + ": " + missing.getMessage(),
              "put it there, readable by the server's user alone");
        }
      }
    }
  }

  /** Whether a question about a login could come back to us. */
  static boolean leadOut(HeddleConfig config) {
    return named(config).stream()
        .map(config.remote()::get)
        .anyMatch(r -> r != null && r.protocol() == RemoteConfig.Protocol.SMTP);
  }

  /** Those that any listener's lookup may ask. */
  static Set<String> named(HeddleConfig config) {
    var lookup = config.session().auth().lookup();
    List<Source> sources = new ArrayList<>(lookup.otherwise());
    lookup.rules().forEach(rule -> sources.addAll(rule.then()));
    Set<String> names = new TreeSet<>();
    for (Source source : sources) {
      if (source instanceof Source.Remote(var name)) {
        names.add(name);
      }
    }
    return names;
  }

  private static RemoteDirectory.Settings settings(
      String name, RemoteConfig remote, List<Domain> domains) {
    var cache = remote.cache();
    return new RemoteDirectory.Settings(
        "remote/" + name,
        remote.concurrency(),
        remote.timeout(),
        remote.loginName() == RemoteConfig.LoginName.LOCAL_PART,
        domains,
        new RemoteDirectory.Memory(
            cache.entries(), cache.ttl().positive(), cache.ttl().negative(), cache.refresh()));
  }

  Directory named(String name) {
    return Objects.requireNonNull(byName.get(name), name);
  }

  /** Forgets what they have said of somebody. */
  void forget(String user) {
    byName.values().forEach(remote -> remote.forget(user));
  }

  @Override
  public void close() {
    byName.values().forEach(RemoteDirectory::close);
  }

  /** From one table of the configuration to whoever asks. */
  private record Maker(Home home, String name, RemoteConfig remote, Domain hostname, Id mark) {
    Asker asker() throws Refused {
      var dialer = new Dialer(Names.system(), remote.concurrency());
      try {
        return switch (remote.protocol()) {
          case IMAP -> new ImapAsker(dialer, target(), remote.allowPlaintext());
          case SMTP ->
              new SmtpAsker(
                  dialer,
                  target(),
                  remote.allowPlaintext(),
                  hostname.ascii(),
                  hello ->
                      hello
                          .extensions()
                          .all()
                          .getOrDefault(Extension.MARK, List.of())
                          .contains(mark.value()));
          case LDAP -> new LdapAsker(ldap(), Names.system());
          case HTTP ->
              new HttpAsker(
                  new HttpSettings(
                      remote.url().orElseThrow(),
                      trust(),
                      ourKey(),
                      remote.bearer().map(this::secret),
                      remote.allowPlaintext()));
          case DOVECOT ->
              new DovecotAsker(
                  remote
                      .socket()
                      .<DovecotAsker.Endpoint>map(s -> new DovecotAsker.Unix(home.resolve(s)))
                      .orElseGet(
                          () ->
                              new DovecotAsker.Tcp(
                                  remote.address().name(), remote.portOrDefault(), Names.system())),
                  remote.service().orElse("smtp"),
                  remote.allowPlaintext());
          case SQL ->
              new SqlAsker(
                  new SqlSettings(
                      target(),
                      remote.allowPlaintext(),
                      remote.database().orElseThrow(),
                      service().orElseThrow(),
                      remote.query().orElseThrow(),
                      remote.timeout(),
                      remote.concurrency()),
                  Names.system());
        };
      } catch (IllegalArgumentException unusable) {
        throw new Refused(
            ConfigDesk.REFUSED,
            "remote " + name + " cannot be asked",
            String.valueOf(unusable.getMessage()),
            "mend its table, [remote." + name + "]");
      }
    }

    private LdapSettings ldap() throws Refused {
      LdapSettings.Way way =
          remote
              .userDn()
              .<LdapSettings.Way>map(LdapSettings.Way.Direct::new)
              .orElseGet(
                  () ->
                      new LdapSettings.Way.Searched(
                          remote.base().orElse(""),
                          remote.filter().orElse("(mail={user})"),
                          service()));
      return new LdapSettings(target(), remote.allowPlaintext(), way, remote.concurrency());
    }

    private Optional<ServiceLogin> service() {
      return remote
          .user()
          .flatMap(user -> remote.password().map(p -> new ServiceLogin(user, secret(p))));
    }

    private heddle.remote.SecretSource secret(SecretSource source) {
      return () -> new Secrets(home).open(source);
    }

    private Target target() throws Refused {
      return new Target(
          remote.address().name(),
          remote.portOrDefault(),
          remote.tls().implicit() ? Security.IMPLICIT : Security.STARTTLS,
          trust(),
          ourKey());
    }

    private TlsFiles files() {
      return new TlsFiles(home, "remote " + name);
    }

    private Trust trust() throws Refused {
      var tls = remote.tls();
      return files().trust(tls.pin(), tls.ca(), tls.allowInvalidCerts());
    }

    private Optional<X509ExtendedKeyManager> ourKey() throws Refused {
      return files().ourKey(remote.tls().certificate(), remote.tls().key());
    }
  }
}
