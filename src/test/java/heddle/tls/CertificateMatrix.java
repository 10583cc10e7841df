package heddle.tls;

import java.security.KeyPair;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * The ways in which a client's certificate can be good or bad, each with what is to be held against
 * it, by OpenSSL's numbers and in its order. The names of one case appear in no other.
 */
final class CertificateMatrix {
  /**
   * @param sent the client's own certificate first
   * @param lists empty: nothing is asked about revocation
   */
  record Case(
      String name,
      List<Integer> errors,
      List<Paper> sent,
      List<X509Certificate> anchors,
      Optional<List<X509CRL>> lists) {
    List<X509Certificate> chain() {
      return sent.stream().map(Paper::certificate).toList();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration YESTERDAY = Duration.ofDays(-1);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final List<Case> ALL = make();

  private final List<Case> cases = new ArrayList<>();

  static List<Case> all() {
    return ALL;
  }

  static Case named(String name) {
    return ALL.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<Case> make() {
    try {
      var matrix = new CertificateMatrix();
      matrix.good();
      matrix.unknown();
      matrix.untimely();
      matrix.extensions();
      matrix.notAuthorities();
      matrix.pathLengths();
      matrix.names();
      matrix.revocation();
      matrix.weakness();
      return List.copyOf(matrix.cases);
    } catch (Exception trouble) {
      throw new IllegalStateException(trouble);
    }
  }

  private void add(String name, List<Integer> errors, List<Paper> sent, Paper... anchors) {
    cases.add(new Case(name, errors, sent, certificates(anchors), Optional.empty()));
  }

  private static List<X509Certificate> certificates(Paper... papers) {
    return List.of(papers).stream().map(Paper::certificate).toList();
  }

  private static Paper root(String name) throws Exception {
    return Paper.authority("CN=root of " + name).selfSigned();
  }

  private static Paper.Maker client(String name) {
    return Paper.of("CN=" + name + ",O=Example");
  }

  private void good() throws Exception {
    Paper root = root("good");
    add("good", List.of(), List.of(client("good").by(root)), root);

    root = root("long");
    Paper middle = Paper.authority("CN=middle of long").by(root);
    Paper own = client("long").purposes(KeyPurposeId.id_kp_clientAuth).by(middle);
    add("good by an intermediate", List.of(), List.of(own, middle), root);
    add("good with the root sent", List.of(), List.of(own, middle, root), root);
    add("intermediate not sent but ours", List.of(), List.of(own), root, middle);

    own = client("pinned").selfSigned();
    add("self-signed and an anchor itself", List.of(), List.of(own), own);

    root = root("rsa");
    add("good RSA", List.of(), List.of(client("rsa").key("RSA2048").by(root)), root);
    root = root("p384");
    add("good P-384", List.of(), List.of(client("p384").key("secp384r1").by(root)), root);
    root = root("ed");
    add("good Ed25519", List.of(), List.of(client("ed").key("Ed25519").by(root)), root);

    root = Paper.of("CN=root of former times").versionOne().selfSigned();
    add("root of version 1", List.of(), List.of(client("former").by(root)), root);

    root = root("twelve");
    var sent = new ArrayList<Paper>();
    Paper above = root;
    for (int i = 0; i < 12; i++) {
      above = Paper.authority("CN=twelve " + i).by(above);
      sent.addFirst(above);
    }
    sent.addFirst(client("twelve").by(above));
    add("twelve intermediates", List.of(), sent, root);
  }

  private void unknown() throws Exception {
    add("self-signed", List.of(18), List.of(client("self").selfSigned()));
    Paper other = root("other");
    add("self-signed beside an authority", List.of(18), List.of(client("me").selfSigned()), other);

    Paper root = root("stranger");
    Paper own = client("stranger").by(root);
    add("unknown root sent", List.of(19), List.of(own, root));
    add("leaf only", List.of(20, 21), List.of(own));

    root = root("gap");
    Paper middle = Paper.authority("CN=middle of gap").by(root);
    add("intermediate missing", List.of(20, 21), List.of(client("gap").by(middle)), root);
    middle = Paper.authority("CN=middle alone").by(root("middle alone"));
    add("anchored at an intermediate", List.of(2), List.of(client("alone").by(middle)), middle);

    Paper twin = Paper.authority("CN=twins").selfSigned();
    Paper wrong = Paper.authority("CN=twins").selfSigned();
    add("issuer of the same name", List.of(20, 21), List.of(client("twin").by(twin)), wrong);
    Paper blind = client("blind").withoutIdentifiers().by(twin);
    add("issuer of the same name, no identifiers", List.of(7), List.of(blind), wrong);

    Paper real = Paper.authority("CN=mimicked").withoutIdentifiers().selfSigned();
    Paper mimic = Paper.authority("CN=mimicked").withoutIdentifiers().selfSigned();
    Paper under = client("mimic").withoutIdentifiers().by(mimic);
    add("root that only looks like ours", List.of(7), List.of(under, mimic), real);
  }

  private void untimely() throws Exception {
    Paper root = root("times");
    add("expired", List.of(10), List.of(client("late").from(WEEK).to(YESTERDAY).by(root)), root);
    add("not yet valid", List.of(9), List.of(client("early").from(YESTERDAY).by(root)), root);
    Paper old = client("old").from(WEEK).to(YESTERDAY).selfSigned();
    add("self-signed and expired", List.of(18, 10), List.of(old));
    Paper alone = client("alone").from(WEEK).to(YESTERDAY).by(root("times away"));
    add("leaf only and expired", List.of(20, 21, 10), List.of(alone));

    Paper gone = Paper.authority("CN=root of gone").from(WEEK).to(YESTERDAY).selfSigned();
    add("root expired", List.of(10), List.of(client("gone").by(gone)), gone);
    Paper middle = Paper.authority("CN=middle gone").from(WEEK).to(YESTERDAY).by(root);
    add("intermediate expired", List.of(10), List.of(client("mid").by(middle), middle), root);
  }

  private void extensions() throws Exception {
    Paper root = root("extensions");
    Paper own = client("server").purposes(KeyPurposeId.id_kp_serverAuth).by(root);
    add("EKU serverAuth only", List.of(26), List.of(own), root);
    own = client("any").purposes(KeyPurposeId.anyExtendedKeyUsage).by(root);
    add("EKU any only", List.of(26), List.of(own), root);
    own = client("wrap").usage(KeyUsage.keyEncipherment).by(root);
    add("key usage without signing", List.of(26), List.of(own), root);

    Paper middle =
        Paper.authority("CN=servers only").purposes(KeyPurposeId.id_kp_serverAuth).by(root);
    own = client("narrow").by(middle);
    add("EKU serverAuth on the intermediate", List.of(26), List.of(own, middle), root);

    var oid = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");
    own = client("odd").extension(oid, true, new DERUTF8String("odd")).by(root);
    add("unknown critical extension", List.of(34), List.of(own), root);
    own = client("mild").extension(oid, false, new DERUTF8String("odd")).by(root);
    add("unknown extension, not critical", List.of(), List.of(own), root);

    KeyPair other = Paper.keyPair("EC");
    own = client("forged").forgedBy(other.getPrivate()).by(root);
    add("bad signature", List.of(7), List.of(own), root);
    middle = Paper.authority("CN=forged middle").forgedBy(other.getPrivate()).by(root);
    own = client("forged 2").by(middle);
    add("bad signature on the intermediate", List.of(7), List.of(own, middle), root);
  }

  private void notAuthorities() throws Exception {
    Paper root = root("office");
    Paper colleague = client("colleague").basics(new BasicConstraints(false)).by(root);
    Paper own = client("issued by a colleague").by(colleague);
    add("issuer not a CA", List.of(79, 26, 32), List.of(own, colleague), root);
    Paper silent = client("silent").usage(0).basics(new BasicConstraints(false)).by(root);
    own = client("issued by a silent one").by(silent);
    add("issuer not a CA, no key usage", List.of(79, 26), List.of(own, silent), root);
    Paper plain = client("plain").usage(0).by(root);
    own = client("issued by a plain one").by(plain);
    add("issuer without basic constraints", List.of(79, 26), List.of(own, plain), root);
    Paper lame =
        Paper.of("CN=lame").basics(new BasicConstraints(true)).usage(KeyUsage.cRLSign).by(root);
    own = client("issued by a lame one").by(lame);
    add("CA without keyCertSign", List.of(79, 26, 32), List.of(own, lame), root);
    Paper lameRoot =
        Paper.of("CN=lame root")
            .basics(new BasicConstraints(true))
            .usage(KeyUsage.cRLSign)
            .selfSigned();
    own = client("lame root's").by(lameRoot);
    add("root without keyCertSign", List.of(79, 26, 32), List.of(own), lameRoot);
  }

  private void pathLengths() throws Exception {
    Paper root = Paper.authority("CN=short root").basics(new BasicConstraints(0)).selfSigned();
    Paper middle = Paper.authority("CN=short middle").by(root);
    add("path length on the root", List.of(25), List.of(client("far").by(middle), middle), root);
    add("path length kept", List.of(), List.of(client("near").by(root)), root);

    root = root("short");
    Paper upper = Paper.authority("CN=short upper").basics(new BasicConstraints(0)).by(root);
    Paper lower = Paper.authority("CN=short lower").by(upper);
    Paper own = client("low").by(lower);
    add("path length on an intermediate", List.of(25), List.of(own, lower, upper), root);

    root = Paper.authority("CN=one below").basics(new BasicConstraints(1)).selfSigned();
    upper = Paper.authority("CN=one upper").by(root);
    add("path length just kept", List.of(), List.of(client("one").by(upper), upper), root);
    lower = Paper.authority("CN=one lower").by(upper);
    own = client("two").by(lower);
    add("path length just broken", List.of(25), List.of(own, lower, upper), root);
    // RFC 5280 §4.2.1.9: self-issued ones do not count; that is how an authority changes its key.
    Paper rolled = Paper.authority("CN=one upper").by(upper);
    own = client("rolled").by(rolled);
    add("path length with a changed key", List.of(), List.of(own, rolled, upper), root);
  }

  private static GeneralName dns(String name) {
    return new GeneralName(GeneralName.dNSName, name);
  }

  private static GeneralName email(String name) {
    return new GeneralName(GeneralName.rfc822Name, name);
  }

  private static GeneralName directory(String name) {
    return new GeneralName(new X500Name(name));
  }

  private void names() throws Exception {
    Paper root =
        Paper.authority("CN=root of names")
            .permitted(dns("example.org"), email("example.org"))
            .selfSigned();
    Paper own = client("named").alternatives(dns("a.example.org"), email("a@example.org")).by(root);
    add("name permitted by the root", List.of(), List.of(own), root);
    own = client("named 2").alternatives(dns("a.example.com")).by(root);
    add("host not permitted by the root", List.of(47), List.of(own), root);
    own = client("named 3").alternatives(email("a@example.com")).by(root);
    add("address not permitted by the root", List.of(47), List.of(own), root);
    own = Paper.of("CN=host.example.com,O=Example").by(root);
    add("common name is a host not permitted", List.of(47), List.of(own), root);
    own = Paper.of("E=a@example.com,CN=anna").by(root);
    add("address in the subject not permitted", List.of(47), List.of(own), root);

    root = Paper.authority("CN=root of exclusions").excluded(dns("example.com")).selfSigned();
    own = client("shut").alternatives(dns("a.example.com")).by(root);
    add("host excluded by the root", List.of(48), List.of(own), root);
    root = Paper.authority("CN=root of people").excluded(email("eve@example.com")).selfSigned();
    own = client("eve").alternatives(email("eve@example.com")).by(root);
    add("address excluded by the root", List.of(48), List.of(own), root);
    own = client("eva").alternatives(email("eva@example.com")).by(root);
    add("address beside an excluded one", List.of(), List.of(own), root);

    root = Paper.authority("CN=root of trees").permitted(directory("O=Example")).selfSigned();
    own = Paper.of("O=Example,CN=inside").by(root);
    add("directory name permitted", List.of(), List.of(own), root);
    own = Paper.of("O=Elsewhere,CN=outside").by(root);
    add("directory name not permitted", List.of(47), List.of(own), root);

    root = root("names below");
    Paper middle = Paper.authority("CN=names below").permitted(dns("example.org")).by(root);
    own = client("below").alternatives(dns("example.com")).by(middle);
    add("name not permitted by an intermediate", List.of(47), List.of(own, middle), root);

    root = Paper.authority("CN=root of addresses").permitted(network()).selfSigned();
    own = client("inside").alternatives(ip("192.0.2.7")).by(root);
    add("IP address permitted", List.of(), List.of(own), root);
    own = client("outside").alternatives(ip("198.51.100.7")).by(root);
    add("IP address not permitted", List.of(47), List.of(own), root);
    root =
        Paper.authority("CN=root of pages")
            .excluded(new GeneralName(GeneralName.uniformResourceIdentifier, "example.com"))
            .selfSigned();
    own =
        client("page")
            .alternatives(
                new GeneralName(GeneralName.uniformResourceIdentifier, "https://example.com/anna"))
            .by(root);
    add("URI excluded", List.of(48), List.of(own), root);
  }

  private static GeneralName network() {
    return new GeneralName(GeneralName.iPAddress, "192.0.2.0/24");
  }

  private static GeneralName ip(String address) {
    return new GeneralName(GeneralName.iPAddress, address);
  }

  private void revocation() throws Exception {
    Paper root = root("lists");
    Paper own = client("listed").by(root);
    List<X509Certificate> anchors = certificates(root);
    list(
        "revoked",
        List.of(23),
        List.of(own),
        anchors,
        root.takesBack(DAY, WEEK, own.certificate()));
    list("not revoked", List.of(), List.of(own), anchors, root.takesBack(DAY, WEEK));
    list("CRL wanted and none", List.of(3, 3), List.of(own), anchors);
    list("expired CRL", List.of(12, 12), List.of(own), anchors, root.takesBack(WEEK, YESTERDAY));
    list(
        "expired CRL that revokes",
        List.of(12, 23, 12),
        List.of(own),
        anchors,
        root.takesBack(WEEK, YESTERDAY, own.certificate()));
    list(
        "CRL of tomorrow", List.of(11, 11), List.of(own), anchors, root.takesBack(YESTERDAY, WEEK));
    list(
        "newer CRL beside an expired one",
        List.of(),
        List.of(own),
        anchors,
        root.takesBack(WEEK, YESTERDAY, own.certificate()),
        root.takesBack(DAY, WEEK));
    list(
        "forged CRL",
        List.of(8, 8),
        List.of(own),
        anchors,
        root.takesBack(Paper.keyPair("EC").getPrivate(), DAY, WEEK));
    Paper other = root("other lists");
    list(
        "CRL of another authority",
        List.of(3, 3),
        List.of(own),
        anchors,
        other.takesBack(DAY, WEEK));

    Paper mute =
        Paper.of("CN=root that may not list")
            .basics(new BasicConstraints(true))
            .usage(KeyUsage.keyCertSign)
            .selfSigned();
    list(
        "authority may not sign CRLs",
        List.of(35, 35),
        List.of(client("mute").by(mute)),
        certificates(mute),
        mute.takesBack(DAY, WEEK));

    Paper middle = Paper.authority("CN=middle of lists").by(root);
    Paper below = client("below lists").by(middle);
    list(
        "intermediate revoked",
        List.of(23),
        List.of(below, middle),
        anchors,
        root.takesBack(DAY, WEEK, middle.certificate()),
        middle.takesBack(DAY, WEEK));
    list(
        "no CRL of the intermediate",
        List.of(3),
        List.of(below, middle),
        anchors,
        root.takesBack(DAY, WEEK));
    list(
        "leaf only, CRL wanted",
        List.of(20, 3, 21),
        List.of(below),
        anchors,
        root.takesBack(DAY, WEEK));
  }

  private void list(
      String name,
      List<Integer> errors,
      List<Paper> sent,
      List<X509Certificate> anchors,
      X509CRL... lists) {
    cases.add(new Case(name, errors, sent, anchors, Optional.of(List.of(lists))));
  }

  private void weakness() throws Exception {
    Paper root = Paper.authority("CN=root of RSA").key("RSA2048").selfSigned();
    Paper own = client("md5").signature("MD5withRSA").by(root);
    add("signed with MD5", List.of(68), List.of(own), root);
    own = client("sha1").signature("SHA1withRSA").by(root);
    add("signed with SHA-1", List.of(68), List.of(own), root);
    own = client("pss").signature("SHA256withRSAandMGF1").by(root);
    add("signed with RSA-PSS", List.of(), List.of(own), root);
    own = client("short").key("RSA1024").by(root);
    add("RSA-1024", List.of(66), List.of(own), root);

    Paper small = Paper.authority("CN=small root").key("RSA1024").selfSigned();
    add("root of RSA-1024", List.of(67), List.of(client("under small").by(small)), small);
    Paper old = Paper.authority("CN=old root").key("RSA2048").signature("SHA1withRSA").selfSigned();
    add("root signed with SHA-1", List.of(), List.of(client("under old").by(old)), old);
    Paper middle = Paper.authority("CN=sha1 middle").signature("SHA1withRSA").by(root);
    add(
        "intermediate signed with SHA-1",
        List.of(68),
        List.of(client("x").by(middle), middle),
        root);
    Paper selfish = client("1024").key("RSA1024").selfSigned();
    add("self-signed RSA-1024", List.of(66, 66), List.of(selfish));
    Paper lone = client("lone").key("RSA1024").by(root("weak away"));
    add("leaf only, RSA-1024", List.of(66, 66, 21), List.of(lone));
  }
}
