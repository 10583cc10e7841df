package heddle.talks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A secret as it could leave us: as it is, in hex, and in base64 wherever it may stand in it. */
final class Leaks {
  private final List<String> forms = new ArrayList<>();

  Leaks(String secret) {
    byte[] octets = secret.getBytes(StandardCharsets.UTF_8);
    forms.add(secret);
    forms.add(HexFormat.of().formatHex(octets));
    forms.add(HexFormat.of().formatHex(octets).toUpperCase(Locale.ROOT));
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + octets.length];
      System.arraycopy(octets, 0, shifted, before, octets.length);
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      // The first and the last characters hold bits of what stands around it.
      String own = base64.substring(before == 0 ? 0 : before + 1, base64.length() - 1);
      forms.add(own);
      forms.add(own.replace('+', '-').replace('/', '_'));
    }
  }

  /** How it stands in a text; empty where it does not. */
  Optional<String> in(String text) {
    return forms.stream().filter(text::contains).findFirst();
  }
}
