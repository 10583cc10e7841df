package heddle.app;

import heddle.config.Bind;
import heddle.config.HeddleConfig;
import heddle.config.LimitConfig;
import heddle.config.ListenerConfig;
import heddle.config.Rate;
import heddle.config.RemoteConfig;
import heddle.config.Source;
import heddle.config.TlsConfig;
import heddle.config.TokenConfig;
import heddle.directory.Admission;
import heddle.directory.Chain;
import heddle.directory.Devices;
import heddle.directory.Directory;
import heddle.directory.HookVoices;
import heddle.directory.Issuer;
import heddle.directory.LocalDirectory;
import heddle.directory.LoginName;
import heddle.directory.Tokens;
import heddle.dns.Answer;
import heddle.dns.Names;
import heddle.event.Events;
import heddle.limit.DayCounts;
import heddle.limit.LoginPatience;
import heddle.listener.Listener;
import heddle.mail.Domain;
import heddle.mail.Reply;
import heddle.sasl.Verifier;
import heddle.scripting.Generation;
import heddle.session.Beginning;
import heddle.session.Gate;
import heddle.smtp.Replies;
import heddle.store.Blocks;
import heddle.tls.ClientAuthorities;
import heddle.tls.ClientCertificate;
import heddle.tls.Handshake;
import heddle.tls.ServerKeys;
import heddle.tls.TlsRefused;
import heddle.tls.TlsVersion;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** From the words of the configuration to the parts of a server. */
final class Wiring {
  private static final Duration POINTER = Duration.ofSeconds(2);
  private static final Domain LOCALHOST = Domain.of("localhost");
  private final Home home;
  private final HeddleConfig config;
  private final Events events;
  private final InstantSource clock;

  Wiring(Home home, HeddleConfig config, Events events, InstantSource clock) {
    this.home = home;
    this.config = config;
    this.events = events;
    this.clock = clock;
  }

  /** As configured, or this machine's name, where that can stand in a greeting. */
  Domain hostname() {
    return config.hostname().orElseGet(() -> Domain.parse(machine()).orElse(LOCALHOST));
  }

  /** The kernel's name for this machine; no look-up is made for it. */
  private static String machine() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException notLinux) {
      return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("localhost");
    }
  }

  ServerKeys keys() throws Refused {
    TlsConfig tls = config.tls();
    Map<String, ServerKeys.Pair> names = new LinkedHashMap<>();
    tls.name()
        .forEach(
            (name, named) ->
                pair(named.certificate(), named.key()).ifPresent(p -> names.put(name, p)));
    var settings =
        new ServerKeys.Settings(
            hostname().ascii(), home.tls(), pair(tls.certificate(), tls.key()), names);
    try {
      return ServerKeys.open(settings, events);
    } catch (TlsRefused refused) {
      throw new Refused(78, refused.what(), refused.why(), refused.remedy());
    }
  }

  private Optional<ServerKeys.Pair> pair(Optional<String> certificate, Optional<String> key) {
    return certificate.flatMap(
        c -> key.map(k -> new ServerKeys.Pair(home.inEtc(c), home.inEtc(k))));
  }

  ClientAuthorities clientAuthorities() throws Refused {
    var settings =
        new ClientAuthorities.Settings(
            config.tls().clientCa().stream().map(home::inEtc).toList(),
            config.tls().clientCrl().stream().map(home::inEtc).toList());
    try {
      return ClientAuthorities.open(settings, events);
    } catch (TlsRefused refused) {
      throw new Refused(78, refused.what(), refused.why(), refused.remedy());
    }
  }

  Handshake handshake(ServerKeys keys, ClientAuthorities authorities) {
    return new Handshake(
        keys,
        switch (config.tls().minimum()) {
          case TLS_1_2 -> TlsVersion.TLS_1_2;
          case TLS_1_3 -> TlsVersion.TLS_1_3;
        },
        switch (config.tls().clientCertificate()) {
          case NEVER -> ClientCertificate.NEVER;
          case REQUEST -> ClientCertificate.REQUEST;
          case REQUIRE -> ClientCertificate.REQUIRE;
        },
        authorities);
  }

  /** The site's hooks as voices. */
  HookVoices voices(Books books, Generation generation) {
    return new HookVoices(generation, books.accounts(), admission(books), events);
  }

  Admission admission(Books books) {
    return new Admission(
        books.accounts(), clock, name -> books.accounts().blocks().ofUser(name).isPresent());
  }

  /** Who comes in, who stays in, and who is kept waiting. */
  Gate gate(Books books) {
    LimitConfig.Login login = config.limit().login();
    var patience =
        new LoginPatience(
            new LoginPatience.Settings(
                rate(login.failuresPerNetwork()),
                rate(login.failuresPerAccount()),
                config.limit().exempt(),
                Math.max(1, config.limit().connections() / 2)),
            (ip, account) -> hasBeenAt(books, ip, account));
    Admission admission = admission(books);
    var devices = new Devices(books.accounts(), admission);
    return new Gate(
        patience,
        this::meant,
        admission::stands,
        devices::at,
        address -> books.accounts().blocks().ofAddress(address).map(Wiring::lastWord),
        new DayCounts());
  }

  /** One account has one name, however short it is written. */
  private Optional<String> meant(String given) {
    return LoginName.normal(given)
        .map(
            name ->
                name.indexOf('@') < 0 && config.domains().size() == 1
                    ? name + "@" + config.domains().getFirst().unicode()
                    : name);
  }

  private static LoginPatience.Rate rate(Rate rate) {
    return new LoginPatience.Rate(Math.max(1, rate.count()), rate.per());
  }

  private static boolean hasBeenAt(Books books, String ip, String account) {
    return books.accounts().snapshot().find(account).stream()
        .flatMap(a -> a.credentials().stream())
        .flatMap(c -> books.accounts().lastUse(c.id()).stream())
        .anyMatch(use -> use.ip().equals(ip));
  }

  private static Reply lastWord(Blocks.Block block) {
    return block.expires().isPresent() ? Replies.BLOCKED : Replies.BLOCKED_FOR_GOOD;
  }

  /** From an address to its name by the name servers. */
  static Optional<String> pointer(Names names, InetAddress address) {
    return switch (names.verifiedName(address, Deadline.in(POINTER))) {
      case Answer.Found<String>(var name) -> Optional.of(name);
      case Answer.None<String> _, Answer.Unknown<String> _ -> Optional.empty();
    };
  }

  /** From the hooks in force to the directories behind each value of {@code lookup}. */
  Function<HookVoices, Function<List<Source>, Verifier>> directories(Books books, Remotes remotes) {
    Admission admission = admission(books);
    var local =
        new LocalDirectory(
            books.accounts(),
            books.passwords(),
            admission,
            config.domains(),
            Extras.of(config),
            new SecureRandom(),
            clock);
    Optional<Tokens> tokens = Optional.of(Tokens.of(issuers(), books.accounts(), clock, events));
    return hooks ->
        lookup ->
            new Chain(
                lookup.stream().map(source -> member(source, local, hooks, remotes)).toList(),
                tokens,
                admission,
                events);
  }

  private List<Issuer> issuers() {
    List<Issuer> issuers = new ArrayList<>();
    config
        .token()
        .forEach(
            (name, token) -> {
              if (token.issuer().isPresent() && token.audience().isPresent()) {
                way(token)
                    .ifPresent(
                        way ->
                            issuers.add(
                                new Issuer(
                                    name,
                                    token.issuer().get().toString(),
                                    token.audience().get(),
                                    way,
                                    token.usernameClaim())));
              }
            });
    return issuers;
  }

  private Optional<Issuer.Way> way(TokenConfig token) {
    if (token.introspection().isPresent()) {
      var client =
          token
              .clientId()
              .flatMap(
                  id ->
                      token
                          .clientSecret()
                          .map(from -> new Issuer.Client(id, () -> new Secrets(home).open(from))));
      return Optional.of(new Issuer.Way.Asked(token.introspection().get(), client));
    }
    return token
        .jwks()
        .map(
            jwks ->
                new Issuer.Way.Signed(
                    jwks, token.algorithms().stream().map(TokenConfig.Algorithm::word).toList()));
  }

  private Chain.Member member(Source source, Directory local, HookVoices hooks, Remotes remotes) {
    return switch (source) {
      case Source.Local _ -> new Chain.Member(source.toString(), local);
      case Source.Hook(var name) -> new Chain.Member(source.toString(), hooks.directory(name));
      case Source.Remote(var name) -> {
        RemoteConfig remote = Objects.requireNonNull(config.remote().get(name));
        yield new Chain.Member(
            source.toString(),
            remotes.named(name),
            switch (remote.onFailure()) {
              case STOP -> Chain.OnFailure.STOP;
              case NEXT -> Chain.OnFailure.NEXT;
            },
            switch (remote.onUnavailable()) {
              case DEFER -> Chain.OnUnavailable.DEFER;
              case NEXT -> Chain.OnUnavailable.NEXT;
            });
      }
    };
  }

  /** Each address to listen at. */
  List<Listener.Settings> doors() {
    List<Listener.Settings> doors = new ArrayList<>();
    config
        .listener()
        .forEach(
            (name, listener) -> {
              for (Bind bind : listener.bind()) {
                doors.add(
                    new Listener.Settings(
                        name, beginning(listener), absolute(bind), listener.proxyProtocolFrom()));
              }
            });
    return doors;
  }

  private Bind absolute(Bind bind) {
    return switch (bind) {
      case Bind.Tcp tcp -> tcp;
      case Bind.Unix(var path) -> new Bind.Unix(home.resolve(path).toString());
    };
  }

  private static Beginning beginning(ListenerConfig listener) {
    return switch (listener.tls()) {
      case IMPLICIT -> Beginning.TLS;
      case STARTTLS -> Beginning.STARTTLS;
      case NONE -> Beginning.CLEAR;
    };
  }
}
