package heddle.peer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What OpenSSL calls a cipher suite, and how long its key is. */
final class CipherNames {
  private static final Pattern OLDER =
      Pattern.compile(
          "TLS_(\\w+)_WITH_(?:AES_(128|256)_(GCM|CBC|CCM|CCM_8)(?:_(SHA\\d*))?"
              + "|(CHACHA20)_POLY1305_SHA256)");
  private static final Pattern BITS = Pattern.compile("AES_(128|256)_|(CHACHA20)_");

  private CipherNames() {}

  /** From the IANA name; a suite of TLS 1.3 has one name only, and so has one unknown here. */
  static String openssl(String iana) {
    Matcher older = OLDER.matcher(iana);
    if (!older.matches()) {
      return iana;
    }
    // OpenSSL names no key exchange where it is RSA, and no CBC.
    String exchange = older.group(1).equals("RSA") ? "" : older.group(1).replace('_', '-') + "-";
    if (older.group(5) != null) {
      return exchange + "CHACHA20-POLY1305";
    }
    String mode = older.group(3).equals("CBC") ? "" : "-" + older.group(3).replace("_", "");
    String hash = older.group(4) == null ? "" : "-" + older.group(4);
    return exchange + "AES" + older.group(2) + mode + hash;
  }

  /** In bits; 0 where it is not known. */
  static int keySize(String iana) {
    Matcher bits = BITS.matcher(iana);
    if (!bits.find()) {
      return 0;
    }
    return bits.group(2) != null ? 256 : Integer.parseInt(bits.group(1));
  }
}
