package heddle.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One attribute of a subject or an issuer.
 *
 * @param name short, as OpenSSL calls it ({@code CN}, {@code O}, {@code emailAddress}); else the
 *     object identifier
 * @param value the text; {@code #} and hexadecimal digits where it is none
 */
public record Attribute(String name, String value) {
  /** X.520, RFC 4519, RFC 2985 and the CA/Browser Forum, in OpenSSL's short forms. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("2.5.4.3", "CN"),
          Map.entry("2.5.4.4", "SN"),
          Map.entry("2.5.4.5", "serialNumber"),
          Map.entry("2.5.4.6", "C"),
          Map.entry("2.5.4.7", "L"),
          Map.entry("2.5.4.8", "ST"),
          Map.entry("2.5.4.9", "street"),
          Map.entry("2.5.4.10", "O"),
          Map.entry("2.5.4.11", "OU"),
          Map.entry("2.5.4.12", "title"),
          Map.entry("2.5.4.13", "description"),
          Map.entry("2.5.4.15", "businessCategory"),
          Map.entry("2.5.4.16", "postalAddress"),
          Map.entry("2.5.4.17", "postalCode"),
          Map.entry("2.5.4.18", "postOfficeBox"),
          Map.entry("2.5.4.20", "telephoneNumber"),
          Map.entry("2.5.4.41", "name"),
          Map.entry("2.5.4.42", "GN"),
          Map.entry("2.5.4.43", "initials"),
          Map.entry("2.5.4.44", "generationQualifier"),
          Map.entry("2.5.4.45", "x500UniqueIdentifier"),
          Map.entry("2.5.4.46", "dnQualifier"),
          Map.entry("2.5.4.65", "pseudonym"),
          Map.entry("2.5.4.72", "role"),
          Map.entry("2.5.4.97", "organizationIdentifier"),
          Map.entry("0.9.2342.19200300.100.1.1", "UID"),
          Map.entry("0.9.2342.19200300.100.1.3", "mail"),
          Map.entry("0.9.2342.19200300.100.1.25", "DC"),
          Map.entry("1.2.840.113549.1.9.1", "emailAddress"),
          Map.entry("1.2.840.113549.1.9.2", "unstructuredName"),
          Map.entry("1.2.840.113549.1.9.8", "unstructuredAddress"),
          Map.entry("1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL"),
          Map.entry("1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST"),
          Map.entry("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC"));

  /** In the order of the certificate; those that share one place (multi-valued) one by one. */
  static List<Attribute> all(Der.Element name) {
    List<Attribute> all = new ArrayList<>();
    Der places = name.inside();
    while (places.more()) {
      Der place = places.next().inside();
      while (place.more()) {
        Der pair = place.next().inside();
        String oid = pair.next().oid();
        all.add(new Attribute(NAMES.getOrDefault(oid, oid), pair.next().printed()));
      }
    }
    return List.copyOf(all);
  }

  /** {@code CN=anna} */
  @Override
  public String toString() {
    return name + "=" + value;
  }
}
