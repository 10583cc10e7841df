package heddle.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.RDN;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A name is a value, whatever it looks like. */
class RemoteProperties {
  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "*",
            "(",
            ")",
            "\\",
            "\\2a",
            "*)(uid=*",
            "uid=anna,",
            ",",
            "+",
            "=",
            "\"",
            ";",
            "<",
            ">",
            "#",
            " ",
            "@",
            "@example.org",
            "{user}",
            "{domain}",
            "'",
            "\u007f",
            "\n",
            "ü");
    Arbitrary<String> others =
        Arbitraries.strings()
            .ofMinLength(1)
            .ofMaxLength(6)
            .filter(s -> s.indexOf(0) < 0 && s.codePoints().noneMatch(RemoteProperties::half));
    return Arbitraries.oneOf(pieces, others)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(all -> String.join("", all));
  }

  private static boolean half(int codePoint) {
    return Character.getType(codePoint) == Character.SURROGATE;
  }

  @Property
  void in_a_dn_it_is_one_value(@ForAll("names") String name) throws Exception {
    Template template = Template.of("uid={user}+ou=x{user}y,ou=people,dc=example");
    RDN[] rdns = new DN(LdapName.dn(template, name)).getRDNs();
    assertEquals(3, rdns.length);
    assertArrayEquals(new String[] {"uid", "ou"}, rdns[0].getAttributeNames());
    assertArrayEquals(new String[] {name, "x" + name + "y"}, rdns[0].getAttributeValues());
  }

  @Property
  void in_a_filter_it_is_one_value(@ForAll("names") String name) throws Exception {
    Template template = Template.of("(&(objectClass=person)(|(mail={user})(uid=x{local-part})))");
    Filter filter = LdapName.filter(template, name);
    Filter[] either = filter.getComponents()[1].getComponents();
    assertEquals(2, filter.getComponents().length);
    assertEquals(2, either.length);
    assertEquals(Filter.FILTER_TYPE_EQUALITY, either[0].getFilterType());
    assertEquals("mail", either[0].getAttributeName());
    assertArrayEquals(name.getBytes(StandardCharsets.UTF_8), either[0].getAssertionValueBytes());
    assertEquals(Filter.FILTER_TYPE_EQUALITY, either[1].getFilterType());
    assertEquals("x" + Template.Field.LOCAL_PART.of(name), either[1].getAssertionValue());
  }

  @Property
  void a_name_is_its_parts(@ForAll("names") String name) {
    String local = Template.Field.LOCAL_PART.of(name);
    String domain = Template.Field.DOMAIN.of(name);
    assertEquals(name, name.contains("@") ? local + "@" + domain : local);
    assertEquals(-1, domain.indexOf('@'));
  }
}
