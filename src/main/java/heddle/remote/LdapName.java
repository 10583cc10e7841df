package heddle.remote;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import heddle.remote.Template.Field;
import heddle.remote.Template.Part;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A login name as part of a DN or of a filter. Safe to share; holds no state. */
final class LdapName {
  private LdapName() {}

  /**
   * Why these settings cannot be used.
   *
   * @return empty where they can
   */
  static Optional<String> complaint(LdapSettings.Way way) {
    return switch (way) {
      case LdapSettings.Way.Direct(String userDn) ->
          complaint("user-dn", userDn, ",+", LdapName::isDn);
      case LdapSettings.Way.Searched(String base, String filter, var service) ->
          isDn(base)
              ? complaint("filter", filter, "(", LdapName::isFilter)
              : Optional.of("base is no DN");
    };
  }

  @FunctionalInterface
  private interface Grammar {
    boolean has(String text);
  }

  private static Optional<String> complaint(
      String key, String text, String beginnings, Grammar grammar) {
    Template template = Template.of(text);
    if (!template.tellsNamesApart()) {
      return Optional.of(key + " is the same for everybody: it needs {user} or {local-part}");
    }
    if (!grammar.has(template.fill("x@x", value -> value))) {
      return Optional.of(key + " is no " + (key.equals("filter") ? "filter" : "DN"));
    }
    Field stray = outsideOfValue(template, beginnings);
    return stray == null
        ? Optional.empty()
        : Optional.of(key + " has " + stray.written() + " outside of a value");
  }

  /** A stranger may not choose which attribute is compared. */
  private static @Nullable Field outsideOfValue(Template template, String beginnings) {
    boolean inValue = false;
    for (Part part : template.parts()) {
      switch (part) {
        case Part.Text(String text) -> {
          for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            inValue = c == '=' || inValue && beginnings.indexOf(c) < 0;
          }
        }
        case Part.Slot(Field field) -> {
          if (!inValue) {
            return field;
          }
        }
      }
    }
    return null;
  }

  private static boolean isDn(String text) {
    return DN.isValidDN(text) && !text.isBlank();
  }

  private static boolean isFilter(String text) {
    try {
      Filter.create(text);
      return true;
    } catch (LDAPException no) {
      return false;
    }
  }

  /** The filter with the name in it, as values only. */
  static Filter filter(Template template, String name) throws NoAnswer {
    try {
      // RFC 4515 §3: what is no UTF-8 text of its own is written as "\" and two hex digits.
      return Filter.create(template.fill(name, Filter::encodeValue));
    } catch (LDAPException no) {
      throw new NoAnswer("no filter can be made of this name");
    }
  }

  /** The DN with the name in it. */
  static String dn(Template template, String name) {
    return template.fill(name, LdapName::escaped);
  }

  /** RFC 4514 §2.4, with more escapes than need be: a space and "#" are escaped everywhere. */
  static String escaped(String value) {
    var text = new StringBuilder(value.length() + 8);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c == 0x7f) {
        text.append(String.format("\\%02x", (int) c));
        continue;
      }
      if ("\"+,;<>\\ #=".indexOf(c) >= 0) {
        text.append('\\');
      }
      text.append(c);
    }
    return text.toString();
  }
}
