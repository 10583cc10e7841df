package heddle.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Octets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeptHashTest {
  /** A line is the program that made it, the letter of a password below, and the hash. */
  private static final Path TABLE = Path.of("src/test/hashes/hashes.txt");

  static final Map<String, byte[]> PASSWORDS =
      Map.of(
          "A", "correct horse ".getBytes(StandardCharsets.US_ASCII),
          "U", "Z\u00e4une & Br\u00fccken \u2603".getBytes(StandardCharsets.UTF_8),
          "E", "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1),
          "L", "x".repeat(80).getBytes(StandardCharsets.US_ASCII));

  record Row(String maker, byte[] password, String text) {
    KeptHash hash() {
      return KeptHash.parse(Octets.ofUtf8(text)).orElseThrow(() -> new AssertionError(text));
    }
  }

  static List<Row> table() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(TABLE)) {
      if (!line.startsWith("#")) {
        String[] parts = line.split(" \\| ", 3);
        rows.add(new Row(parts[0], PASSWORDS.get(parts[1]), parts[2]));
      }
    }
    return rows;
  }

  @Test
  void what_other_programs_made_is_understood_octet_for_octet() throws Exception {
    var schemes = new TreeSet<String>();
    for (Row row : table()) {
      KeptHash hash = row.hash();
      byte[] lent = row.password().clone();
      assertTrue(hash.matches(lent), row.maker() + " " + row.text());
      assertEquals(Octets.of(row.password()), Octets.of(lent), "lent, and to be left as it was");
      schemes.add(hash.getClass().getSimpleName());
      assertFalse(hash.isOurs(Argon2id.Cost.USUAL) && !(hash instanceof Argon2id), row.text());
    }
    assertEquals(KeptHash.class.getPermittedSubclasses().length, schemes.size(), schemes + "");
  }

  @Test
  void bcrypt_looks_at_72_octets_and_the_others_at_all() throws Exception {
    byte[] long80 = PASSWORDS.get("L");
    byte[] other = long80.clone();
    other[72] = 'y';
    byte[] within = long80.clone();
    within[71] = 'y';
    int seen = 0;
    for (Row row : table()) {
      if (row.password() == long80) {
        assertEquals(row.hash() instanceof Bcrypt, row.hash().matches(other), row.text());
        assertFalse(row.hash().matches(within), row.text());
        seen++;
      }
    }
    assertTrue(seen > 10, "" + seen);
  }

  @Test
  void nothing_printed_holds_a_hash_and_labels_have_any_case() throws Exception {
    for (Row row : table()) {
      String tail = row.text().substring(row.text().length() - 12);
      assertFalse(row.hash().toString().contains(tail), row.hash().toString());
      int end = row.text().indexOf('}');
      if (end > 0) {
        String lower = row.text().substring(0, end).toLowerCase() + row.text().substring(end);
        assertEquals(row.hash(), KeptHash.parse(Octets.ofUtf8(lower)).orElseThrow());
      }
    }
  }

  @Test
  void only_argon2id_of_the_usual_cost_or_more_is_ours() {
    String salt = "$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    Map<String, Boolean> rows =
        Map.of(
            "$argon2id$v=19$m=19456,t=2,p=1" + salt, true,
            "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=4" + salt, true,
            "$argon2id$v=19$m=19456,t=1,p=1" + salt, false,
            "$argon2id$v=19$m=19455,t=2,p=1" + salt, false,
            "$argon2i$v=19$m=19456,t=2,p=1" + salt, false);
    rows.forEach(
        (text, ours) ->
            assertEquals(
                ours,
                KeptHash.parse(Octets.ofUtf8(text)).orElseThrow().isOurs(Argon2id.Cost.USUAL),
                text));
  }

  // Each costs more than a login may, or is no hash at all.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ARGON2ID}$argon2id$v=19$m=1048576,t=4,p=1$TJvon2cRKlpBx2fs1bqI1A$a0GTL0li2UzYbYOILkJUgdXA2nQboLJg6B1FoMrNfp8",
        "$argon2id$v=19$m=65536,t=5,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2i$v=19$m=256,t=17,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$2b$15$Hzqny1lxweFd6i6G9MNGP.q1hK9p5PuBTvENibTn68MC2.BBlFlbq",
        "$2b$03$Hzqny1lxweFd6i6G9MNGP.q1hK9p5PuBTvENibTn68MC2.BBlFlbq",
        "$2b$04$Hzqny1lxweFd6i6G9MNGP/q1hK9p5PuBTvENibTn68MC2.BBlFlbq",
        "$2b$04$Hzqny1lxweFd6i6G9MNGP.q1hK9p5PuBTvENibTn68MC2.BBlFlb",
        "$6$rounds=700001$mQOFfCPsXUgwHodW$lQYAim.NgMnLJqfefwq8/nlvlDVyvWNcfwztvoGte8zW7DZ5BLvdNDd.BtpfQq713dSpR2F8vwypbl8qERPyH1",
        "$6$rounds=999$mQOFfCPsXUgwHodW$lQYAim.NgMnLJqfefwq8/nlvlDVyvWNcfwztvoGte8zW7DZ5BLvdNDd.BtpfQq713dSpR2F8vwypbl8qERPyH1",
        "$5$mQOFfCPsXUgwHodW$lQYAim.NgMnLJqfefwq8/nlvlDVyvWNcfwztvoGte8zW7DZ5BLvdNDd.BtpfQq713dSpR2F8vwypbl8qERPyH1",
        "$scrypt$ln=17,r=8,p=1$D6E0hpCyFgJgjBHiXOsdIw$D1X8lP/rZJH0+pTmDp9N+ZQ/PzKguZ9ztjIBu1d1dbM",
        "$scrypt$ln=10,r=8,p=5$D6E0hpCyFgJgjBHiXOsdIw$D1X8lP/rZJH0+pTmDp9N+ZQ/PzKguZ9ztjIBu1d1dbM",
        "$scrypt$ln=16,r=1,p=1$D6E0hpCyFgJgjBHiXOsdIw$D1X8lP/rZJH0+pTmDp9N+ZQ/PzKguZ9ztjIBu1d1dbM",
        "$7$zU..../....Fuani5ELw5gToKQuucMaF1$zK21MV8q4JZBHXHJZxu4BSwPIh3D7mHaRBUlzIAvLt/",
        "$7$CU....z....Fuani5ELw5gToKQuucMaF1$zK21MV8q4JZBHXHJZxu4BSwPIh3D7mHaRBUlzIAvLt/",
        "$pbkdf2-sha256$1500001$9N5bC6G01tp7zzmnFCLE2A$S0No1/N7mxTYMzz6s32mAjNXW67Os//icox7g.08j/A",
        "$pbkdf2$1500001$9N5bC6G01tp7zzmnFCLE2A$S0No1/N7mxTYMzz6s32mAjNXW67Os//icox7g.08j/A",
        "{PBKDF2}$1$qiVNU39BB56RuxDE$9999999$656702f3d42f0605c29ac84fc995d097068496b6",
        "{PBKDF2-SHA256}9999999$r6sfApu8mETg7KThJXFlag$uBWMzRXrhRJlq2uWcbNuSKP2x7dWeu4IyB7t9dSZWbI",
        "{SSHA}iZTNhdkTlkndwpTEBK6w2HdPSnI=",
        "{SSHA256.HEX}6f",
        "{SSHA.ROT13}iZTNhdkTlkndwpTEBK6w2HdPSnLsvm75",
        "{",
        "{}",
        "$",
        "$$",
        "correct horse "
      })
  void what_costs_too_much_or_is_no_hash_is_none(String text) {
    assertEquals(Optional.empty(), KeptHash.parse(Octets.ofUtf8(text)));
    assertInstanceOf(ImportedPassword.Refused.class, ImportedPassword.read(text));
  }

  @Test
  void the_dearest_that_is_taken_ends_in_seconds() {
    for (String text :
        List.of(
            "$argon2id$v=19$m=65536,t=4,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$2b$14$Hzqny1lxweFd6i6G9MNGP.q1hK9p5PuBTvENibTn68MC2.BBlFlbq",
            "$6$rounds=700000$mQOFfCPsXUgwHodW$lQYAim.NgMnLJqfefwq8/nlvlDVyvWNcfwztvoGte8zW7DZ5BLvdNDd.BtpfQq713dSpR2F8vwypbl8qERPyH1",
            "$scrypt$ln=15,r=8,p=4$D6E0hpCyFgJgjBHiXOsdIw$D1X8lP/rZJH0+pTmDp9N+ZQ/PzKguZ9ztjIBu1d1dbM",
            "$pbkdf2-sha512$1500000$nLPW2jsHwHhPSWkNQSjlfA$J4eiq7kOUF1qx6rn8QYBGEXnLKcJH2rVUBYu5.4Pab1vte.2/PyMtNTEDj/b20BF52jkIsYp5T6pN.WS1EgoDg")) {
      KeptHash hash = KeptHash.parse(Octets.ofUtf8(text)).orElseThrow();
      long began = System.nanoTime();
      assertFalse(hash.matches(PASSWORDS.get("L")));
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      assertTrue(took.toSeconds() < 20, text + " took " + took);
      assertTrue(hash.memory() <= 64 * 1024);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$1$p36a0q4z$2sGkc1Tkyb/K/2umdkZ6b/ | MD5-CRYPT",
        "{MD5-CRYPT}$1$mGwoafgG$DsZGBvca6DtrcBgx.G1s90 | MD5-CRYPT",
        "{MD5}$1$mGwoafgG$DsZGBvca6DtrcBgx.G1s90 | MD5-CRYPT",
        "{PLAIN-MD5}0123456789abcdef0123456789abcdef | PLAIN-MD5",
        "{SMD5}RzQP8DVdB20meyHYnij7KMqvkgw= | SMD5",
        "6wjVjS9bO2inI | DES-CRYPT",
        "{CRYPT}6wjVjS9bO2inI | DES-CRYPT",
        "{DES-CRYPT}dqaWpBk5EHjAk | DES-CRYPT",
        "_J9..7rNHdtC6QMQUt3E | DES-CRYPT",
        "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M= | no salt",
        "{SHA512}DNYAvPyJ3WSew6ihS5WCwE7SkfJ | no salt",
        "{CRAM-MD5}8e9e52f7f2302b4a7f0858e412f4ff3a | CRAM-MD5",
        "{SCRAM-SHA-256}4096,8cE4y7CSnWdmvNhacCTl9A==,7cmc= | SCRAM-SHA-256",
        "$y$j9T$yJrrOPZA5LHTc59U8.tqB/$bZmCvPK5IrJRQ7KA0VZyKE4v0croi5dNj6uvn9geZd4 | yescrypt",
        "$gy$j9T$W1j.FM6uvn2oO65e6Q7qL0$8Xn86RP.4oYduRWAfb5KR1.EQIy1aSOIAyX2gZfebdC | yescrypt",
        "$3$$4ecdcaf2c4f7a6991bc555b2bab4ca09 | NT",
        "$md5,rounds=46159$lHfRDUYH$$sTiGFbvO0SiJW3.E.NGKv0 | not known",
        "$2x$04$H62J.YXey87lP1SR7kQ01O/vudxh5ZGZNWUbWOS4Hx4OV29yGqQWS | known bug",
        "{OTP}xyz | {OTP} is not known",
        "secret | neither",
      })
  void what_is_not_taken_is_refused_by_name(String text, String reason) {
    var refused = assertInstanceOf(ImportedPassword.Refused.class, ImportedPassword.read(text));
    assertTrue(refused.why().contains(reason), refused.why());
    assertEquals(Optional.empty(), KeptHash.parse(Octets.ofUtf8(text)));
  }

  @Test
  void each_row_of_the_table_may_come_in_and_a_clear_password_too() throws Exception {
    for (Row row : table()) {
      assertInstanceOf(ImportedPassword.Hashed.class, ImportedPassword.read(row.text()));
    }
    for (String label : List.of("{PLAIN}", "{clear}", "{CLEARTEXT}")) {
      var clear =
          assertInstanceOf(ImportedPassword.Clear.class, ImportedPassword.read(label + "fun "));
      assertTrue(clear.password().matches("fun "));
      assertInstanceOf(ImportedPassword.Refused.class, ImportedPassword.read(label));
      assertInstanceOf(ImportedPassword.Refused.class, ImportedPassword.read(label + "a\0b"));
    }
    for (String nothing : List.of("", "*", "!", "!!", "!*", "x")) {
      assertInstanceOf(ImportedPassword.None.class, ImportedPassword.read(nothing));
    }
  }
}
