package heddle.real;

import heddle.app.TestHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An OpenLDAP server of our own with a password policy: configuration, data and log below one
 * folder, on free ports of loopback. It asks clients for a certificate and does without.
 *
 * <p>Who is there, all with {@link #PASSWORD} and a {@code mail} in example.org: {@code anna} and
 * {@code bob}; {@code expired}; {@code reset}, who has to change the password; {@code locked};
 * {@code twin1} and {@code twin2}, who share the mail twin@example.org; {@code open}, whose entry
 * alone an anonymous visitor may search for.
 */
public final class Slapd implements AutoCloseable {
  public static final String SUFFIX = "dc=example,dc=org";
  public static final String PEOPLE = "ou=people," + SUFFIX;

  /** Who may search; its password is {@link #SERVICE_PASSWORD}. */
  public static final String SERVICE = "cn=heddle," + SUFFIX;

  public static final String SERVICE_PASSWORD = "through the eye";
  public static final String PASSWORD = "correct horse";
  private static final String ROOT = "cn=root," + SUFFIX;
  private static final String ROOT_PASSWORD = "root";

  private final Path folder;
  private final Authority authority;
  private final int port;
  private final int tlsPort;
  private final boolean withTls;
  private final String verify;
  private Process process;

  private Slapd(boolean withTls, String verify) throws Exception {
    this.withTls = withTls;
    this.verify = verify;
    folder = Tools.folder("slapd");
    Files.createDirectory(folder.resolve("data"));
    authority = Authority.make(Files.createDirectory(folder.resolve("tls")), "authority");
    authority.certify("server", "DNS:localhost");
    authority.certify("client", "DNS:client.example.org");
    port = Tools.freePort();
    tlsPort = Tools.freePort();
    Files.writeString(folder.resolve("slapd.conf"), settings());
    Path entries = Files.writeString(folder.resolve("entries.ldif"), entries());
    Tools.run("/usr/sbin/slapadd", "-f", file("slapd.conf"), "-l", entries.toString());
    start();
  }

  /** With StartTLS and a port for TLS; its certificate is for {@code localhost} alone. */
  public static Slapd withTls() throws Exception {
    return new Slapd(true, "try");
  }

  /** As {@link #withTls}; without a certificate that it believes, nobody comes in by TLS. */
  public static Slapd demandingCertificates() throws Exception {
    return new Slapd(true, "demand");
  }

  /** Where StartTLS is refused. */
  public static Slapd withoutTls() throws Exception {
    return new Slapd(false, "never");
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private String settings() {
    String tls =
        """
        TLSCACertificateFile DIR/tls/authority.crt
        TLSCertificateFile DIR/tls/server.crt
        TLSCertificateKeyFile DIR/tls/server.key
        TLSVerifyClient VERIFY
        """;
    String text =
        """
        include /etc/ldap/schema/core.schema
        include /etc/ldap/schema/cosine.schema
        include /etc/ldap/schema/inetorgperson.schema
        modulepath /usr/lib/ldap
        moduleload back_mdb
        moduleload ppolicy
        pidfile DIR/pid
        TLS
        database mdb
        suffix "SUFFIX"
        rootdn "ROOT"
        rootpw PASSWORD
        directory DIR/data
        maxsize 16777216
        dbnosync
        index objectClass,mail,uid eq
        access to attrs=userPassword by anonymous auth by * none
        access to dn.exact="uid=open,PEOPLE" by anonymous read by dn.exact="SERVICE" read
        access to * by dn.exact="SERVICE" read by * search
        overlay ppolicy
        ppolicy_default "cn=lasting,ou=policies,SUFFIX"
        ppolicy_use_lockout
        """;
    return text.replace("TLS\n", withTls ? tls.replace("VERIFY", verify) : "")
        .replace("DIR", folder.toString())
        .replace("SERVICE", SERVICE)
        .replace("PEOPLE", PEOPLE)
        .replace("ROOT", ROOT)
        .replace("PASSWORD", ROOT_PASSWORD)
        .replace("SUFFIX", SUFFIX);
  }

  private static String entries() {
    String expiring = "pwdPolicySubentry: cn=expiring,ou=policies," + SUFFIX + "\n";
    return """
        dn: SUFFIX
        objectClass: dcObject
        objectClass: organization
        dc: example
        o: Example

        dn: ou=people,SUFFIX
        objectClass: organizationalUnit
        ou: people

        dn: ou=policies,SUFFIX
        objectClass: organizationalUnit
        ou: policies

        dn: cn=lasting,ou=policies,SUFFIX
        objectClass: device
        objectClass: pwdPolicy
        cn: lasting
        pwdAttribute: userPassword
        pwdLockout: TRUE
        pwdMustChange: TRUE

        dn: cn=expiring,ou=policies,SUFFIX
        objectClass: device
        objectClass: pwdPolicy
        cn: expiring
        pwdAttribute: userPassword
        pwdMaxAge: 3600

        dn: cn=heddle,SUFFIX
        objectClass: device
        objectClass: simpleSecurityObject
        cn: heddle
        userPassword: SECRET

        """
            .replace("SUFFIX", SUFFIX)
            .replace("SECRET", SERVICE_PASSWORD)
        + person("anna", "anna", "")
        + person("bob", "bob", "")
        + person("expired", "expired", expiring + "pwdChangedTime: 20200101000000Z\n")
        + person("reset", "reset", "pwdReset: TRUE\n")
        + person("locked", "locked", "pwdAccountLockedTime: 000001010000Z\n")
        + person("twin1", "twin", "")
        + person("twin2", "twin", "")
        + person("open", "open", "");
  }

  private static String person(String uid, String mail, String more) {
    return """
        dn: uid=UID,ou=people,SUFFIX
        objectClass: inetOrgPerson
        uid: UID
        cn: UID
        sn: UID
        mail: MAIL@example.org
        userPassword: SECRET
        """
            .replace("UID", uid)
            .replace("SUFFIX", SUFFIX)
            .replace("MAIL", mail)
            .replace("SECRET", PASSWORD)
        + more
        + "\n";
  }

  /** Starts it again where it was stopped. */
  public void start() throws Exception {
    String urls = "ldap://127.0.0.1:" + port + "/";
    if (withTls) {
      urls += " ldaps://127.0.0.1:" + tlsPort + "/";
    }
    process =
        new ProcessBuilder(
                List.of("/usr/sbin/slapd", "-d", "256", "-h", urls, "-f", file("slapd.conf")))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    Tools.awaitPort(port);
    if (withTls) {
      Tools.awaitPort(tlsPort);
    }
  }

  /** Stops it; the connections end. */
  public void stop() throws Exception {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  /** In clear, and with StartTLS. */
  public int port() {
    return port;
  }

  /** TLS from the first octet. */
  public int tlsPort() {
    return tlsPort;
  }

  /** The certificate of who certified it. */
  public Path authority() {
    return authority.certificate();
  }

  /** A certificate and key ({@code .crt}, {@code .key}) that it believes. */
  public Path client(String kind) {
    return authority.file("client", kind);
  }

  /** The SHA-256 of its certificate. */
  public String fingerprint() throws Exception {
    return authority.fingerprint("server");
  }

  /** Adds entries in LDIF. */
  public void add(String ldif) throws Exception {
    change("ldapadd", ldif);
  }

  /** Changes entries as LDIF says. */
  public void modify(String ldif) throws Exception {
    change("ldapmodify", ldif);
  }

  private void change(String how, String ldif) throws Exception {
    Path input = Files.writeString(Files.createTempFile(folder, "change", ".ldif"), ldif);
    String url = "ldap://127.0.0.1:" + port;
    Tools.feed(input, how, "-x", "-H", url, "-D", ROOT, "-w", ROOT_PASSWORD);
  }

  /** What it noted since its first start: connections, operations, results. */
  public List<String> log() throws IOException {
    return Files.readString(folder.resolve("log")).lines().toList();
  }

  /** Waits until it has noted this so many times. */
  public void awaitLog(String words, int times) throws Exception {
    Tools.await(
        times + " times " + words,
        Duration.ofSeconds(10),
        () -> log().stream().filter(l -> l.contains(words)).count() >= times ? true : null);
  }

  /** Waits until so many are connected. */
  public void awaitConnections(long count) throws Exception {
    Tools.await(
        count + " connections",
        Duration.ofSeconds(10),
        () -> {
          List<String> log = log();
          long opened = log.stream().filter(l -> l.contains(" ACCEPT from ")).count();
          long closed = log.stream().filter(l -> l.matches(".* fd=\\d+ closed.*")).count();
          return opened - closed == count ? true : null;
        });
  }

  @Override
  public void close() throws Exception {
    stop();
    TestHome.delete(folder);
  }
}
