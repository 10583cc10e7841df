package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** The servers that other tests stand on are what they say, and come back after a stop. */
class FixturesIT {
  @Test
  void an_openldap_of_our_own_knows_its_people() throws Exception {
    try (Slapd slapd = Slapd.withTls()) {
      slapd.add("dn: uid=new,ou=people,dc=example,dc=org\nobjectClass: account\nuid: new\n");
      slapd.stop();
      slapd.start();
      try (var there = new LDAPConnection("localhost", slapd.port())) {
        there.bind(Slapd.SERVICE, Slapd.SERVICE_PASSWORD);
        assertEquals(
            1,
            there.search(Slapd.PEOPLE, SearchScope.SUB, "(mail=anna@example.org)").getEntryCount());
        assertEquals(
            2,
            there.search(Slapd.PEOPLE, SearchScope.SUB, "(mail=twin@example.org)").getEntryCount());
        assertEquals(1, there.search(Slapd.PEOPLE, SearchScope.SUB, "(uid=new)").getEntryCount());
        assertEquals(
            ResultCode.SUCCESS,
            there.bind("uid=anna," + Slapd.PEOPLE, Slapd.PASSWORD).getResultCode());
        slapd.awaitConnections(1);
      }
    }
  }

  @Test
  void a_postgresql_of_our_own_lets_its_user_in_by_password_only() throws Exception {
    try (Postgres postgres = Postgres.withoutTls()) {
      postgres.run("CREATE TABLE people (name text)");
      postgres.run("INSERT INTO people VALUES ('müller')");
      postgres.run("GRANT SELECT ON people TO heddle");
      postgres.stop();
      postgres.start();
      assertEquals("müller", postgres.run("SELECT name FROM people"));
      String url = "jdbc:postgresql://localhost:" + postgres.port() + "/" + Postgres.DATABASE;
      try (var there = DriverManager.getConnection(url, Postgres.USER, Postgres.PASSWORD);
          var rows = there.createStatement().executeQuery("SELECT name FROM people")) {
        assertTrue(rows.next());
        assertEquals("müller", rows.getString(1));
      }
      assertThrows(
          SQLException.class, () -> DriverManager.getConnection(url, Postgres.USER, "wrong"));
    }
  }
}
