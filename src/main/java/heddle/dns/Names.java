package heddle.dns;

import heddle.mail.Domain;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;

/**
 * Names and addresses, never later than the deadline given. A look-up parks its virtual thread and
 * holds no carrier. Safe to share.
 */
public final class Names {
  // A client's own zone could list thousands of names and have us ask for each.
  private static final int MOST_REVERSE_NAMES = 5;
  private static final String LOCALHOST = "localhost";

  private final Lookups lookups;
  private final @Nullable HostsFileParser hosts;

  private Names(Lookups lookups, @Nullable HostsFileParser hosts) {
    this.lookups = lookups;
    this.hosts = hosts;
  }

  /** By this machine's settings: its resolvers (or {@code -Ddns.server}) and its hosts file. */
  public static Names system() {
    return new Names(Lookups.system(), new HostsFileParser());
  }

  /** By the resolvers given, with another hosts file or none. */
  public static Names of(List<InetSocketAddress> resolvers, Optional<Path> hostsFile) {
    return new Names(Lookups.of(resolvers), hostsFile.map(HostsFileParser::new).orElse(null));
  }

  /**
   * The addresses of a host, IPv6 before IPv4. An address in digits is its own answer; the hosts
   * file goes before the DNS; {@code localhost} is never asked of anyone.
   */
  public Answer<List<InetAddress>> addresses(String host, Deadline deadline) {
    Optional<InetAddress> literal = literal(host);
    if (literal.isPresent()) {
      return new Answer.Found<>(List.of(literal.get()));
    }
    Optional<Name> name = name(host);
    if (name.isEmpty()) {
      return new Answer.None<>();
    }
    List<InetAddress> near = near(name.get());
    return near.isEmpty() ? asked(name.get(), deadline) : new Answer.Found<>(near);
  }

  private Answer<List<InetAddress>> asked(Name name, Deadline deadline) {
    Lookups.Pending six = lookups.begin(name, Type.AAAA);
    Lookups.Pending four = lookups.begin(name, Type.A);
    Answer<List<InetAddress>> sixes =
        six.answer(r -> r instanceof AAAARecord a ? a.getAddress() : null, deadline);
    Answer<List<InetAddress>> fours =
        four.answer(r -> r instanceof ARecord a ? a.getAddress() : null, deadline);
    return either(sixes, fours);
  }

  /** What either found; a definite no only where both say so. */
  private static Answer<List<InetAddress>> either(
      Answer<List<InetAddress>> one, Answer<List<InetAddress>> other) {
    return switch (one) {
      case Answer.Found<List<InetAddress>>(var first) -> {
        var all = new ArrayList<>(first);
        if (other instanceof Answer.Found<List<InetAddress>>(var second)) {
          all.addAll(second);
        }
        yield new Answer.Found<>(List.copyOf(all));
      }
      case Answer.None<List<InetAddress>> no -> other;
      case Answer.Unknown<List<InetAddress>> unknown ->
          other instanceof Answer.Found<List<InetAddress>> found ? found : unknown;
    };
  }

  /**
   * The name an address has and that has this address (RFC 8601 §2.7.3: forward-confirmed). Found
   * names are lower case, without the last dot. This machine's own addresses have none.
   */
  public Answer<String> verifiedName(InetAddress address, Deadline deadline) {
    if (address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isAnyLocalAddress()) {
      return new Answer.None<>();
    }
    Answer<List<Name>> names =
        lookups
            .begin(ReverseMap.fromAddress(address), Type.PTR)
            .answer(r -> r instanceof PTRRecord p ? p.getTarget() : null, deadline);
    return switch (names) {
      case Answer.Found<List<Name>>(var found) -> confirmed(found, address, deadline);
      case Answer.None<List<Name>> no -> new Answer.None<>();
      case Answer.Unknown<List<Name>>(var why) -> new Answer.Unknown<>(why);
    };
  }

  private Answer<String> confirmed(List<Name> names, InetAddress address, Deadline deadline) {
    Answer<String> verdict = new Answer.None<>();
    for (Name name : names.subList(0, Math.min(names.size(), MOST_REVERSE_NAMES))) {
      String host = name.toString(true).toLowerCase(Locale.ROOT);
      // A stranger wrote this name: what is no domain name goes into no log and no header.
      if (Domain.parse(host).filter(d -> !d.isLiteral()).isEmpty()) {
        continue;
      }
      switch (asked(name, deadline)) {
        case Answer.Found<List<InetAddress>>(var has) when has.contains(address) -> {
          return new Answer.Found<>(host);
        }
        case Answer.Found<List<InetAddress>> others -> {}
        case Answer.None<List<InetAddress>> no -> {}
        case Answer.Unknown<List<InetAddress>>(var why) -> verdict = new Answer.Unknown<>(why);
      }
    }
    return verdict;
  }

  private List<InetAddress> near(Name name) {
    var found = new ArrayList<InetAddress>();
    if (hosts != null) {
      try {
        hosts.getAddressForHost(name, Type.AAAA).ifPresent(found::add);
        hosts.getAddressForHost(name, Type.A).ifPresent(found::add);
      } catch (IOException unreadable) {
        // Then the DNS alone knows.
      }
    }
    // RFC 6761 §6.3: "Name resolution APIs and libraries SHOULD recognize localhost names as
    // special and SHOULD always return the IP loopback address".
    String text = name.toString(true).toLowerCase(Locale.ROOT);
    if (found.isEmpty() && (text.equals(LOCALHOST) || text.endsWith("." + LOCALHOST))) {
      found.add(InetAddress.ofLiteral("127.0.0.1"));
    }
    return found;
  }

  private static Optional<InetAddress> literal(String host) {
    // Four full numbers or colons: the JDK would also read "127.1" and "0x7f".
    boolean four = host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    boolean six = host.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    if (!four && !six) {
      return Optional.empty();
    }
    try {
      return Optional.of(four ? Inet4Address.ofLiteral(host) : Inet6Address.ofLiteral(host));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  private static Optional<Name> name(String host) {
    String plain = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    // RFC 3696 §2: no top-level name is all digits; "127.1" and "0x7f000001" are no names but
    // addresses to some, and asking for them would be a guess.
    return Domain.parse(plain)
        .filter(d -> !d.isLiteral() && !d.ascii().matches("(.*\\.)?(\\d+|0x[0-9a-f]*)"))
        .flatMap(
            domain -> {
              try {
                return Optional.of(Name.fromString(domain.ascii(), Name.root));
              } catch (TextParseException tooLong) {
                return Optional.empty();
              }
            });
  }

  /**
   * Makes a test look-up that leaves this machine alone, and sees which way it went. Where the
   * JDK's own resolver answers, one silent name server stops every connection.
   *
   * @return a warning for the administrator; empty where all is well
   */
  public static Optional<String> checkResolver() {
    return ResolverCheck.run();
  }
}
