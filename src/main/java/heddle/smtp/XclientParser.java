package heddle.smtp;

import heddle.mail.Octets;
import heddle.mail.Reply;
import heddle.peer.Network;
import java.io.ByteArrayOutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Reads what Postfix's XCLIENT_README describes: attributes with values in xtext. */
final class XclientParser {
  private static final Pattern XTEXT = Pattern.compile("(?:[!-*,-<>-~]|\\+[0-9A-Fa-f]{2})*+");
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(?:\\.[A-Za-z0-9_-]{1,63})*");
  private static final int MAX_HELLO = 255;

  /** What may be told. LOGIN is no part of it. */
  private enum Attribute {
    NAME,
    ADDR,
    PORT,
    PROTO,
    HELO,
    DESTADDR,
    DESTPORT
  }

  private XclientParser() {}

  static Command read(String argument) {
    Map<Attribute, Optional<String>> told = new EnumMap<>(Attribute.class);
    for (String word : argument.split(" +")) {
      int equals = word.indexOf('=');
      String key = (equals < 0 ? word : word.substring(0, equals)).toUpperCase(Locale.ROOT);
      if (key.equals("LOGIN")) {
        return no(Replies.XCLIENT_LOGIN);
      }
      Optional<Attribute> attribute = attribute(key);
      Optional<String> value = equals < 0 ? Optional.empty() : decoded(word.substring(equals + 1));
      if (attribute.isEmpty()
          || value.isEmpty()
          || told.put(attribute.get(), known(value.get())) != null) {
        return no(Replies.XCLIENT_SYNTAX);
      }
    }
    return good(told) ? command(told) : no(Replies.XCLIENT_SYNTAX);
  }

  private static Command no(Reply reply) {
    return new Command.Malformed("XCLIENT", reply);
  }

  private static Optional<Attribute> attribute(String key) {
    for (Attribute each : Attribute.values()) {
      if (each.name().equals(key)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** The proxy may say that it does not know, for good or at present. */
  private static Optional<String> known(String value) {
    return Optional.of(value)
        .filter(v -> !v.equalsIgnoreCase("[UNAVAILABLE]") && !v.equalsIgnoreCase("[TEMPUNAVAIL]"));
  }

  private static Optional<String> decoded(String xtext) {
    if (xtext.isEmpty() || !XTEXT.matcher(xtext).matches()) {
      return Optional.empty();
    }
    var octets = new ByteArrayOutputStream();
    for (int i = 0; i < xtext.length(); i++) {
      if (xtext.charAt(i) == '+') {
        octets.write(Integer.parseInt(xtext, i + 1, i + 3, 16));
        i += 2;
      } else {
        octets.write(xtext.charAt(i));
      }
    }
    return Octets.of(octets.toByteArray())
        .utf8()
        .filter(text -> text.chars().noneMatch(Character::isISOControl));
  }

  private static boolean good(Map<Attribute, Optional<String>> told) {
    return told.entrySet().stream()
        .allMatch(e -> e.getValue().isEmpty() || good(e.getKey(), e.getValue().get()));
  }

  private static boolean good(Attribute attribute, String value) {
    return switch (attribute) {
      case NAME -> NAME.matcher(value).matches();
      case ADDR, DESTADDR -> address(value).isPresent();
      case PORT, DESTPORT -> port(value).isPresent();
      case PROTO -> value.equalsIgnoreCase("SMTP") || value.equalsIgnoreCase("ESMTP");
      case HELO -> value.getBytes(StandardCharsets.UTF_8).length <= MAX_HELLO;
    };
  }

  private static Command command(Map<Attribute, Optional<String>> told) {
    return new Command.Xclient(
        value(told, Attribute.ADDR).flatMap(XclientParser::address),
        value(told, Attribute.PORT).map(XclientParser::port).orElse(OptionalInt.empty()),
        told.containsKey(Attribute.NAME),
        value(told, Attribute.NAME).map(name -> name.toLowerCase(Locale.ROOT)),
        value(told, Attribute.HELO),
        value(told, Attribute.PROTO).map("ESMTP"::equalsIgnoreCase).orElse(true),
        value(told, Attribute.DESTADDR).flatMap(XclientParser::address),
        value(told, Attribute.DESTPORT).map(XclientParser::port).orElse(OptionalInt.empty()));
  }

  private static Optional<String> value(
      Map<Attribute, Optional<String>> told, Attribute attribute) {
    return told.getOrDefault(attribute, Optional.empty());
  }

  /** In digits; IPv6 may have {@code IPV6:} before it, as RFC 5321 §4.1.3 writes it. */
  private static Optional<InetAddress> address(String text) {
    boolean six = text.regionMatches(true, 0, "IPV6:", 0, 5);
    return Optional.of(six ? text.substring(5) : text)
        // A leading zero means octal to some: what is ambiguous is no address.
        .filter(digits -> !digits.matches(".*/.*|(?:.*[.])?0[0-9]+(?:[.].*)?"))
        .flatMap(Network::parse)
        .map(Network::address)
        .filter(address -> !six || address instanceof Inet6Address);
  }

  private static OptionalInt port(String text) {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(Integer.parseInt(text));
  }
}
