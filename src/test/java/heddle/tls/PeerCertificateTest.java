package heddle.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.peer.AlternativeName;
import heddle.peer.Attribute;
import heddle.peer.CertificateFacts;
import heddle.peer.Digest;
import heddle.peer.Fingerprint;
import heddle.peer.PeerCertificate;
import heddle.peer.VerifyCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a certificate tells, beside what OpenSSL says of the same file. */
class PeerCertificateTest {
  @TempDir static Path folder;

  private static PeerCertificate peer(X509Certificate certificate) {
    return new PeerCertificate(List.of(certificate), List.of());
  }

  private static String openssl(String arguments) throws Exception {
    return Tools.openssl(folder, arguments).text().strip();
  }

  @ParameterizedTest
  @EnumSource
  @Tag("A23")
  void A23_fingerprints_are_those_of_openssl(Digest digest) throws Exception {
    for (String kind : List.of("EC", "RSA2048", "Ed25519")) {
      Paper paper = Paper.of("CN=anna").key(kind).selfSigned();
      PeerCertificate peer = peer(paper.certificate());
      Path file = Paper.write(folder.resolve("print.pem"), List.of(paper.certificate()));
      String colons =
          openssl("x509 -noout -fingerprint -" + digest + " -in " + file).replaceAll(".*=", "");
      Fingerprint print = peer.fingerprint(digest);
      assertEquals(colons, print.colons());
      assertEquals(colons.replace(":", "").toLowerCase(Locale.ROOT), print.hex());

      Files.writeString(folder.resolve("key.pem"), openssl("x509 -noout -pubkey -in " + file));
      openssl("pkey -pubin -in key.pem -pubout -outform DER -out key.der");
      String key = openssl("dgst -r -" + digest + " key.der").replaceAll(" .*", "");
      assertEquals(key, peer.spkiFingerprint(digest).hex());
    }
  }

  @Test
  @Tag("A23")
  void A23_both_forms_are_read_in_any_letter_case_and_compared() throws Exception {
    PeerCertificate peer = peer(Paper.of("CN=anna").selfSigned().certificate());
    PeerCertificate other = peer(Paper.of("CN=anna").selfSigned().certificate());
    for (Digest digest : Digest.values()) {
      Fingerprint print = peer.fingerprint(digest);
      for (String text :
          List.of(
              print.hex(),
              print.colons(),
              print.hex().toUpperCase(Locale.ROOT),
              print.colons().toLowerCase(Locale.ROOT),
              " " + print.hex() + "\n")) {
        assertEquals(Optional.of(print), Fingerprint.parse(text));
        assertTrue(print.matches(text));
        assertFalse(other.fingerprint(digest).matches(text));
      }
      assertEquals(digest + ":" + print.hex(), print.toString());
      assertEquals(Optional.of(digest), Digest.named(digest.word().toUpperCase(Locale.ROOT)));
    }
    assertFalse(peer.fingerprint(Digest.SHA256).matches(peer.fingerprint(Digest.SHA512)));
    assertEquals(Optional.empty(), Digest.named("sha384"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "abc",
        "zz",
        "00:11",
        "0:0",
        "00112233445566778899aabbccddeeff00",
        "0011:2233:4455:6677:8899:aabb:ccdd:eeff",
        "00112233445566778899aabbccddee:ff",
        ":00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"
      })
  void A23_what_is_no_fingerprint_is_none(String text) {
    assertEquals(Optional.empty(), Fingerprint.parse(text));
    assertEquals(Optional.empty(), Fingerprint.parse(text.repeat(100_000)));
  }

  private static X500Name odd() {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.C, "SE")
        .addRDN(BCStyle.DC, "example")
        .addRDN(BCStyle.DC, "org")
        .addMultiValuedRDN(
            new AttributeTypeAndValue[] {
              new AttributeTypeAndValue(BCStyle.CN, new DERUTF8String("Änne")),
              new AttributeTypeAndValue(BCStyle.UID, new DERUTF8String("anna"))
            })
        .addRDN(BCStyle.CN, new DERBMPString("Zweite"))
        .addRDN(BCStyle.E, "anna@example.org")
        .addRDN(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.7"), new DERUTF8String("own"))
        .build();
  }

  @Test
  @Tag("C11")
  void C11_the_subject_is_told_in_its_order_with_openssls_names() throws Exception {
    Paper paper = Paper.of(odd()).selfSigned();
    PeerCertificate peer = peer(paper.certificate());
    assertEquals(
        List.of(
            new Attribute("C", "SE"),
            new Attribute("DC", "example"),
            new Attribute("DC", "org"),
            new Attribute("CN", "Änne"),
            new Attribute("UID", "anna"),
            new Attribute("CN", "Zweite"),
            new Attribute("emailAddress", "anna@example.org"),
            new Attribute("1.3.6.1.4.1.99999.7", "own")),
        peer.subject());
    assertEquals(peer.subject(), peer.issuer());
    Path file = Paper.write(folder.resolve("odd.pem"), List.of(paper.certificate()));
    var theirs = new ArrayList<String>();
    openssl("x509 -noout -subject -nameopt multiline,utf8,-esc_msb,sname,-align -in " + file)
        .lines()
        .skip(1)
        .flatMap(line -> Stream.of(line.split(" \\+ "))) // those that share one place
        .forEach(line -> theirs.add(line.strip().replaceFirst(" ?= ?", "=")));
    var ours = new ArrayList<String>();
    peer.subject().forEach(a -> ours.add(latin(a.toString())));
    assertEquals(theirs, ours);
  }

  /** OpenSSL's UTF-8, as our runner reads it. */
  private static String latin(String text) {
    return new String(
        text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  @Test
  @Tag("A28")
  void A28_the_map_is_Halons() throws Exception {
    Paper root = Paper.authority("C=SE,O=Root").selfSigned();
    Paper paper =
        Paper.of(odd())
            .alternatives(
                new GeneralName(GeneralName.rfc822Name, "anna@example.org"),
                new GeneralName(GeneralName.dNSName, "a.example.org"),
                new GeneralName(GeneralName.dNSName, "b.example.org"))
            .by(root);
    PeerCertificate peer = peer(paper.certificate());
    var subject = new LinkedHashMap<String, Object>();
    subject.put("C", "SE");
    subject.put("DC", List.of("example", "org"));
    subject.put("CN", List.of("Änne", "Zweite"));
    subject.put("UID", "anna");
    subject.put("emailAddress", "anna@example.org");
    subject.put("1.3.6.1.4.1.99999.7", "own");
    var expected = new LinkedHashMap<String, Object>();
    expected.put("subject", subject);
    expected.put("issuer", Map.of("C", "SE", "O", "Root"));
    expected.put("subject_alt_name", Map.of("DNS", List.of("a.example.org", "b.example.org")));
    expected.put("version", 2L);
    expected.put("serial_number", peer.serialHex());
    expected.put("not_valid_before", paper.certificate().getNotBefore().getTime() / 1000);
    expected.put("not_valid_after", paper.certificate().getNotAfter().getTime() / 1000);
    assertEquals(expected, peer.halonMap(Optional.empty()));
    assertEquals(
        List.copyOf(expected.keySet()), List.copyOf(peer.halonMap(Optional.empty()).keySet()));
    assertEquals(subject.toString(), peer.halonMap(Optional.empty()).get("subject").toString());
    for (Digest digest : Digest.values()) {
      expected.put("fingerprint", peer.fingerprint(digest).hex());
      assertEquals(expected, peer.halonMap(Optional.of(digest)));
      expected.remove("fingerprint");
    }
    PeerCertificate old = peer(Paper.of("CN=old").versionOne().selfSigned().certificate());
    assertEquals(0L, old.halonMap(Optional.empty()).get("version"));
    assertEquals(Map.of(), old.halonMap(Optional.empty()).get("subject_alt_name"));
  }

  private static GeneralName other(String oid, String value) {
    var parts = new ASN1EncodableVector();
    parts.add(new ASN1ObjectIdentifier(oid));
    parts.add(new DERTaggedObject(true, 0, new DERUTF8String(value)));
    return new GeneralName(GeneralName.otherName, new DERSequence(parts));
  }

  @Test
  @Tag("C11")
  void C11_alternative_names_of_every_type() throws Exception {
    Paper paper =
        Paper.of("CN=anna")
            .alternatives(
                new GeneralName(GeneralName.dNSName, "a.example.org"),
                new GeneralName(GeneralName.rfc822Name, "anna@example.org"),
                new GeneralName(GeneralName.uniformResourceIdentifier, "https://example.org/anna"),
                new GeneralName(GeneralName.iPAddress, "192.0.2.1"),
                new GeneralName(GeneralName.iPAddress, "2001:db8::1"),
                new GeneralName(new X500Name("C=SE,CN=Anna")),
                other("1.3.6.1.4.1.311.20.2.3", "anna@corp.example"),
                other("1.3.6.1.5.5.7.8.9", "änna@example.org"),
                other("1.3.6.1.4.1.99999.8", "something"),
                new GeneralName(GeneralName.registeredID, "1.2.3.4"),
                new GeneralName(GeneralName.rfc822Name, "evil@example.org\0.example.com"))
            .selfSigned();
    PeerCertificate peer = peer(paper.certificate());
    assertEquals(
        List.of(
            new AlternativeName(AlternativeName.Kind.DNS, "a.example.org"),
            new AlternativeName(AlternativeName.Kind.EMAIL, "anna@example.org"),
            new AlternativeName(AlternativeName.Kind.URI, "https://example.org/anna"),
            new AlternativeName(AlternativeName.Kind.IP, "192.0.2.1"),
            new AlternativeName(AlternativeName.Kind.IP, "2001:db8:0:0:0:0:0:1"),
            new AlternativeName(AlternativeName.Kind.DIRECTORY, "/C=SE/CN=Anna"),
            new AlternativeName(AlternativeName.Kind.UPN, "anna@corp.example"),
            new AlternativeName(AlternativeName.Kind.SMTP_UTF8, "änna@example.org"),
            new AlternativeName(AlternativeName.Kind.OTHER, "1.3.6.1.4.1.99999.8:something"),
            new AlternativeName(AlternativeName.Kind.REGISTERED_ID, "1.2.3.4"),
            new AlternativeName(AlternativeName.Kind.EMAIL, "evil@example.org\0.example.com")),
        peer.alternativeNames());
    assertEquals(List.of("anna@example.org", "änna@example.org"), peer.emails());
    assertEquals(
        List.of("192.0.2.1", "2001:db8:0:0:0:0:0:1"),
        peer.alternativeNames(AlternativeName.Kind.IP));
    assertEquals(List.of(), peer(Paper.of("CN=x").selfSigned().certificate()).alternativeNames());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10", "4095", "255", "128", "1", "340282366920938463463374607431768211455"})
  @Tag("A28")
  void A28_the_serial_number_is_openssls_in_lower_case(String serial) throws Exception {
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout s.key -out s.crt"
            + " -subj /CN=s -set_serial "
            + serial);
    PeerCertificate peer = peer(ClientKeys.authorities(folder.resolve("s.crt")).getFirst());
    assertEquals(
        openssl("x509 -noout -serial -in s.crt").replace("serial=", "").toLowerCase(Locale.ROOT),
        peer.serialHex());
  }

  @Test
  void rules_ask_for_its_parts_by_name() throws Exception {
    Paper root = Paper.authority("C=SE,O=Root").selfSigned();
    Paper paper =
        Paper.of("O=Example,CN=anna")
            .alternatives(
                new GeneralName(GeneralName.dNSName, "evil\0.example.org"),
                new GeneralName(GeneralName.rfc822Name, "anna@example.org"),
                new GeneralName(GeneralName.rfc822Name, "bob@example.org"))
            .by(root);
    PeerCertificate peer = peer(paper.certificate());
    Map<String, String> facts = new LinkedHashMap<>();
    for (String name : CertificateFacts.NAMES) {
      assertTrue(CertificateFacts.isOne(name), name);
      facts.put(name, CertificateFacts.of(peer, name).orElse("none"));
    }
    var expected = new LinkedHashMap<String, String>();
    expected.put("verify-code", "0");
    expected.put("serial", peer.serialHex());
    expected.put("subject", "CN=anna,O=Example");
    expected.put("issuer", "O=Root,C=SE");
    expected.put("subject.cn", "anna");
    expected.put("email", "anna@example.org");
    expected.put("dns", "none");
    expected.put("sha256", peer.fingerprint(Digest.SHA256).hex());
    expected.put("spki.sha256", peer.spkiFingerprint(Digest.SHA256).hex());
    assertEquals(expected, facts);
    assertEquals(Optional.of("SE"), CertificateFacts.of(peer, "issuer.c"));
    assertEquals(Optional.empty(), CertificateFacts.of(peer, "subject.ou"));
    for (String wrong : List.of("cn", "sha3", "spki.cn", "subject.", "verify", "email.x")) {
      assertFalse(CertificateFacts.isOne(wrong), wrong);
    }
  }

  @Test
  void it_prints_no_more_than_a_name_and_a_fingerprint() throws Exception {
    Paper paper = Paper.of("CN=an\\\nna,E=secret@example.org").selfSigned();
    var peer =
        new PeerCertificate(
            List.of(paper.certificate()),
            List.of(VerifyCode.NO_LOCAL_ISSUER, VerifyCode.NOTHING_VERIFIED));
    assertEquals(
        "PeerCertificate[CN=an?na, sha256:" + peer.fingerprint(Digest.SHA256).hex() + "]",
        peer.toString());
    assertEquals("unable to verify the first certificate", peer.verifyText());
    assertEquals("ok", peer(paper.certificate()).verifyText());
    assertEquals(paper.certificate(), peer.x509());
    assertEquals(Fingerprint.of(Digest.SHA1, peer.der().toArray()), peer.fingerprint(Digest.SHA1));
    assertEquals(paper.certificate().getNotBefore().toInstant(), peer.notBefore());
    assertEquals(paper.certificate().getNotAfter().toInstant(), peer.notAfter());
  }
}
