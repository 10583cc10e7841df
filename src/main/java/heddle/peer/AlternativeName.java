package heddle.peer;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Another name of a certificate's subject (RFC 5280 §4.2.1.6).
 *
 * @param value its text; of {@link Kind#OTHER} the object identifier, a colon, and the value
 */
public record AlternativeName(Kind kind, String value) {
  /** What it names. */
  public enum Kind {
    EMAIL,
    DNS,
    URI,
    /** In digits. */
    IP,
    /** Attributes in the order of the certificate, with {@code /} before each. */
    DIRECTORY,
    /** Microsoft's user principal name, {@code anna@corp.example}. */
    UPN,
    /** A mail address beyond ASCII (RFC 9598). */
    SMTP_UTF8,
    OTHER,
    REGISTERED_ID,
    /** In hexadecimal, as all that nobody has a text for. */
    X400,
    EDI_PARTY
  }

  private static final String UPN = "1.3.6.1.4.1.311.20.2.3";
  private static final String SMTP_UTF8_MAILBOX = "1.3.6.1.5.5.7.8.9";

  /** From the value of the extension. */
  static List<AlternativeName> all(byte[] extension) {
    List<AlternativeName> all = new ArrayList<>();
    Der names = Der.of(extension).next().inside();
    while (names.more()) {
      all.add(of(names.next()));
    }
    return List.copyOf(all);
  }

  private static AlternativeName of(Der.Element name) {
    return switch (name.tag()) {
      case 0xa0 -> other(name);
      case 0x81 -> new AlternativeName(Kind.EMAIL, ascii(name));
      case 0x82 -> new AlternativeName(Kind.DNS, ascii(name));
      case 0xa4 -> new AlternativeName(Kind.DIRECTORY, directory(name));
      case 0x86 -> new AlternativeName(Kind.URI, ascii(name));
      case 0x87 -> new AlternativeName(Kind.IP, address(name.contents()));
      case 0x88 -> new AlternativeName(Kind.REGISTERED_ID, name.oid());
      default ->
          new AlternativeName(
              (name.tag() & 0x1f) == 3 ? Kind.X400 : Kind.EDI_PARTY,
              HexFormat.of().formatHex(name.contents()));
    };
  }

  private static AlternativeName other(Der.Element name) {
    Der parts = name.inside();
    String oid = parts.next().oid();
    Der.Element value = parts.next().inside().next();
    return switch (oid) {
      case UPN -> new AlternativeName(Kind.UPN, value.printed());
      case SMTP_UTF8_MAILBOX -> new AlternativeName(Kind.SMTP_UTF8, value.printed());
      default -> new AlternativeName(Kind.OTHER, oid + ":" + value.printed());
    };
  }

  private static String ascii(Der.Element name) {
    return new String(name.contents(), java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static String directory(Der.Element name) {
    return Attribute.all(name.inside().next()).stream()
        .map(a -> "/" + a)
        .collect(Collectors.joining());
  }

  private static String address(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets).getHostAddress();
    } catch (UnknownHostException noAddress) {
      return HexFormat.of().formatHex(octets);
    }
  }
}
