package heddle.real;

import java.nio.file.Files;
import java.nio.file.Path;

/** A certificate authority of openssl's, and those it certifies. */
record Authority(Path folder, String name) {
  static Authority make(Path folder, String name) throws Exception {
    var authority = new Authority(folder, name);
    Tools.run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=" + name,
        "-keyout",
        authority.file(name, "key").toString(),
        "-out",
        authority.certificate().toString());
    return authority;
  }

  Path certificate() {
    return file(name, "crt");
  }

  Path file(String of, String kind) {
    return folder.resolve(of + "." + kind);
  }

  /** Certifies a key made for it: {@code NAME.crt} and {@code NAME.key}. */
  void certify(String subject, String alternativeNames) throws Exception {
    Path request = file(subject, "csr");
    Tools.run(
        "openssl",
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-subj",
        "/CN=" + subject,
        "-keyout",
        file(subject, "key").toString(),
        "-out",
        request.toString());
    Path extensions = file(subject, "ext");
    Files.writeString(extensions, "subjectAltName=" + alternativeNames + "\n");
    Tools.run(
        "openssl",
        "x509",
        "-req",
        "-in",
        request.toString(),
        "-CA",
        certificate().toString(),
        "-CAkey",
        file(name, "key").toString(),
        "-CAcreateserial",
        "-days",
        "30",
        "-extfile",
        extensions.toString(),
        "-out",
        file(subject, "crt").toString());
  }

  /** The SHA-256 of a certificate, as openssl writes it. */
  String fingerprint(String subject) throws Exception {
    String printed =
        Tools.run(
            "openssl",
            "x509",
            "-in",
            file(subject, "crt").toString(),
            "-noout",
            "-fingerprint",
            "-sha256");
    return printed.substring(printed.indexOf('=') + 1).strip();
  }
}
