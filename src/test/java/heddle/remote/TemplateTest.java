package heddle.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts with a name in them: which, and where it may stand. */
class TemplateTest {
  @ParameterizedTest
  @CsvSource({
    "{user}, anna@example.org, [anna@example.org]",
    "x{local-part}y, anna@example.org, x[anna]y",
    "{domain}, anna@example.org, [example.org]",
    "{domain}{local-part}, anna, [][anna]",
    "{local-part}/{domain}, a@b@c, [a@b]/[c]",
    "{user}{user}, {domain}, [{domain}][{domain}]",
    "{User} {name} {} {, anna, {User} {name} {} {",
    "{{user}}, anna, {[anna]}"
  })
  void a_placeholder_is_replaced_once_and_escaped(String template, String name, String text) {
    assertEquals(text, Template.of(template).fill(name, value -> "[" + value + "]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      value = {
        "uid={local-part},dc=example | ",
        "uid={user} | ",
        "{user} | user-dn is no DN",
        "uid=x,dc={domain} | user-dn is the same for everybody: it needs {user} or {local-part}",
        "uid=anna | user-dn is the same for everybody: it needs {user} or {local-part}",
        "{user}=x,dc=example | user-dn has {user} outside of a value",
        "uid=x,{local-part}=x | user-dn has {local-part} outside of a value",
        "uid={user},dc | user-dn is no DN"
      })
  void a_dn_has_the_name_in_its_values(String userDn, String complaint) {
    assertEquals(
        Optional.ofNullable(complaint), LdapAsker.complaint(new LdapSettings.Way.Direct(userDn)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      value = {
        "dc=example | (mail={user}) | ",
        "dc=example | (&(objectClass=person)(|(mail={user})(uid=x{local-part}*))) | ",
        "dc=example | mail={user} | ",
        "example | (mail={user}) | base is no DN",
        "dc=example | (mail={user} | filter is no filter",
        "dc=example | (mail=*) | filter is the same for everybody:"
            + " it needs {user} or {local-part}",
        "dc=example | ({user}=x) | filter has {user} outside of a value",
        "dc=example | (&(mail=x)({local-part}=y)) | filter has {local-part} outside of a value"
      })
  void a_filter_has_the_name_in_its_values(String base, String filter, String complaint) {
    assertEquals(
        Optional.ofNullable(complaint),
        LdapAsker.complaint(new LdapSettings.Way.Searched(base, filter, Optional.empty())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      value = {
        "SELECT h FROM u WHERE a = {user} | SELECT h FROM u WHERE a = ?",
        "SELECT h FROM u WHERE a={local-part}||'@'||{domain} | SELECT h FROM u WHERE a=?||'@'||?",
        "SELECT 'it''s' WHERE a = {user} | SELECT 'it''s' WHERE a = ?",
        "SELECT E'\\'' WHERE a = {user} | SELECT E'\\'' WHERE a = ?",
        "SELECT '\\' WHERE a = {user} | SELECT '\\' WHERE a = ?",
        "SELECT \"a\"\"b\" WHERE a = {user} | SELECT \"a\"\"b\" WHERE a = ?",
        "SELECT $x$it's$x$ WHERE a = {user} | SELECT $x$it's$x$ WHERE a = ?",
        "SELECT a$b$c WHERE a = {user} | SELECT a$b$c WHERE a = ?",
        "SELECT '{x}?' WHERE j ? 'k' AND a = {user} | SELECT '{x}?' WHERE j ?? 'k' AND a = ?",
        "SELECT /* it's /* {x} */ ? */ h WHERE a = {user}"
            + " | SELECT /* it's /* {x} */ ? */ h WHERE a = ?",
        "SELECT h WHERE a = {user} -- it's | SELECT h WHERE a = ? -- it's"
      })
  void a_query_has_parameters_for_the_name(String query, String sql) {
    assertEquals(Optional.empty(), SqlAsker.complaint(query));
    assertEquals(sql, SqlQuery.of(query).sql());
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      value = {
        "SELECT h WHERE a = '{user}' | query has {user} in quotes, where it is only text",
        "SELECT h WHERE a = 'x''{user}' | query has {user} in quotes, where it is only text",
        "SELECT h WHERE a = E'\\'{user}' | query has {user} in quotes, where it is only text",
        "SELECT \"{local-part}\" | query has {local-part} in quotes, where it is only text",
        "SELECT $${user}$$ | query has {user} in quotes, where it is only text",
        "SELECT $a$ $$ {user} $a$ | query has {user} in quotes, where it is only text",
        "SELECT h -- {user} | query has {user} in a comment, where it is only text",
        "SELECT h /* /* */ {user} */ | query has {user} in a comment, where it is only text",
        "SELECT h | query is the same for everybody: it needs {user} or {local-part}",
        "SELECT h WHERE d = {domain} | query is the same for everybody:"
            + " it needs {user} or {local-part}",
        "SELECT h WHERE a = {user} AND b = {name} | query has a placeholder other than {user},"
            + " {local-part} and {domain}",
        "SELECT h WHERE a = {user} AND b = 'x | query ends in quotes",
        "SELECT h WHERE a = {user} /* x | query ends in a comment"
      })
  void a_query_with_the_name_in_its_text_is_refused(String query, String complaint) {
    assertEquals(Optional.of(complaint), SqlAsker.complaint(query));
  }

  @Test
  void a_password_goes_in_clear_to_this_machine_only() {
    assertTrue(Clear.mayGo(InetAddress.ofLiteral("127.0.0.1"), false));
    assertTrue(Clear.mayGo(InetAddress.ofLiteral("127.9.9.9"), false));
    assertTrue(Clear.mayGo(InetAddress.ofLiteral("::1"), false));
    assertFalse(Clear.mayGo(InetAddress.ofLiteral("192.0.2.1"), false));
    assertFalse(Clear.mayGo(InetAddress.ofLiteral("10.0.0.1"), false));
    assertFalse(Clear.mayGo(InetAddress.ofLiteral("fe80::1"), false));
    assertFalse(Clear.mayGo(InetAddress.ofLiteral("0.0.0.0"), false));
    assertTrue(Clear.mayGo(InetAddress.ofLiteral("192.0.2.1"), true));
  }
}
