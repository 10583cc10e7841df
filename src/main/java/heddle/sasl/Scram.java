package heddle.sasl;

import heddle.mail.Octets;
import heddle.peer.ChannelBinding;
import heddle.peer.Presence;
import heddle.peer.TlsInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * SCRAM (RFC 5802, RFC 7677) and its -PLUS form, which binds the login to this very TLS connection
 * (RFC 5929, RFC 9266). The keys stay with the directory: this is the grammar and the order of the
 * messages.
 */
public final class Scram implements Mechanism {
  private static final int NONCE_OCTETS = 18;
  private static final int LONGEST_NONCE = 512;
  private static final String PLUS = "-PLUS";

  private final ScramHash hash;
  private final boolean plus;
  private final RandomGenerator random;

  /**
   * @param plus whether it binds the channel
   * @param random unpredictable: it makes our half of the nonce
   */
  public Scram(ScramHash hash, boolean plus, RandomGenerator random) {
    this.hash = hash;
    this.plus = plus;
    this.random = random;
  }

  @Override
  public String name() {
    return base() + (plus ? PLUS : "");
  }

  private String base() {
    return "SCRAM-" + hash.digest();
  }

  @Override
  public Class<? extends Claim> claim() {
    return Claim.Scram.class;
  }

  /** A listener could guess the password at home from what crosses the line. */
  @Override
  public boolean needsTls() {
    return true;
  }

  /** RFC 5802 §6: without a channel binding that both sides know, -PLUS is not offered. */
  @Override
  public boolean suits(Presence presence) {
    return !plus || presence.tls().filter(tls -> !tls.binding().types().isEmpty()).isPresent();
  }

  @Override
  public Authenticator with(Verifier verifier) {
    return Mechanism.clientFirst(attempt -> first(attempt, verifier));
  }

  /** What the client's first message said. */
  private record First(
      String gs2Header,
      Optional<String> binding,
      String authz,
      String authn,
      String bare,
      String nonce) {}

  private Decision first(Attempt attempt, Verifier verifier) throws Exception {
    Optional<String> text = attempt.response().orElse(Octets.EMPTY).utf8();
    Optional<First> read = text.flatMap(t -> read(t, attempt));
    if (read.isEmpty()) {
      return new Decision.Reject(Refusals.MALFORMED_SCRAM);
    }
    First first = read.get();
    if (isDowngraded(first, attempt)) {
      return new Decision.Reject(Refusals.DOWNGRADED);
    }
    Salt salt = verifier.salt(first.authn(), hash);
    String nonce = first.nonce() + ourNonce();
    String serverFirst = "r=" + nonce + ",s=" + salt.salt().base64() + ",i=" + salt.iterations();
    return new Decision.Reply(
        Octets.ofUtf8(serverFirst),
        answered -> last(first, nonce, serverFirst, answered, verifier));
  }

  /**
   * RFC 5802 §6: a client that says "y" thinks that we cannot bind the channel. Where we had said
   * that we can, somebody between us has left it out of our list.
   */
  private boolean isDowngraded(First first, Attempt attempt) {
    return first.gs2Header().startsWith("y") && attempt.offered().contains(base() + PLUS);
  }

  private Optional<First> read(String text, Attempt attempt) {
    // RFC 5802 §7: gs2-header = gs2-cbind-flag "," [ authzid ] ","
    int one = text.indexOf(',');
    int two = one < 0 ? -1 : text.indexOf(',', one + 1);
    if (two < 0) {
      return Optional.empty();
    }
    String flag = text.substring(0, one);
    Optional<String> binding =
        flag.startsWith("p=") ? Optional.of(flag.substring(2)) : Optional.empty();
    boolean known = flag.equals("n") || flag.equals("y") || binding.isPresent();
    // RFC 5802 §6: "p" with a mechanism that binds nothing, or nothing with one that binds, fails.
    if (!known
        || binding.isPresent() != plus
        || binding.filter(b -> !binding(attempt).types().contains(b)).isPresent()) {
      return Optional.empty();
    }
    String authzid = text.substring(one + 1, two);
    Optional<String> authz =
        authzid.isEmpty()
            ? Optional.of("")
            : authzid.startsWith("a=") ? name(authzid.substring(2)) : Optional.empty();
    String bare = text.substring(two + 1);
    // RFC 5802 §7: client-first-message-bare = [reserved-mext ","] username "," nonce [","
    // extensions]
    // A reserved-mext ("m=") is one that we do not know and must fail on.
    String[] parts = bare.split(",", -1);
    if (authz.isEmpty()
        || parts.length < 2
        || !parts[0].startsWith("n=")
        || !parts[1].startsWith("r=")) {
      return Optional.empty();
    }
    Optional<String> authn = name(parts[0].substring(2));
    String nonce = parts[1].substring(2);
    if (authn.isEmpty() || !isNonce(nonce) || !areExtensions(parts, 2)) {
      return Optional.empty();
    }
    return Optional.of(
        new First(text.substring(0, two + 1), binding, authz.get(), authn.get(), bare, nonce));
  }

  /** RFC 5802 §5.1: a "," is written "=2C", a "=" is "=3D", and any other "=" is an error. */
  private static Optional<String> name(String saslname) {
    String left = saslname.replace("=2C", "").replace("=3D", "");
    String name = saslname.replace("=2C", ",").replace("=3D", "=");
    return left.contains("=") || name.isEmpty() || !Names.isName(name)
        ? Optional.empty()
        : Optional.of(name);
  }

  /** RFC 5802 §7: printable = %x21-2B / %x2D-7E. */
  private static boolean isNonce(String nonce) {
    return !nonce.isEmpty()
        && nonce.length() <= LONGEST_NONCE
        && nonce.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ',');
  }

  /** RFC 5802 §5.1: optional extensions, each a letter, "=" and a value, are ignored. */
  private static boolean areExtensions(String[] parts, int from) {
    for (int i = from; i < parts.length; i++) {
      if (!parts[i].matches("[A-Za-z]=[^\\x00-\\x1f]+")) {
        return false;
      }
    }
    return true;
  }

  private String ourNonce() {
    byte[] octets = new byte[NONCE_OCTETS];
    random.nextBytes(octets);
    return Base64.getEncoder().encodeToString(octets);
  }

  private Decision last(
      First first, String nonce, String serverFirst, Attempt attempt, Verifier verifier)
      throws Exception {
    Optional<String> text = attempt.response().orElse(Octets.EMPTY).utf8();
    // RFC 5802 §7: client-final-message = channel-binding "," nonce ["," extensions] "," proof
    int at = text.map(t -> t.lastIndexOf(",p=")).orElse(-1);
    if (at < 0) {
      return new Decision.Reject(Refusals.MALFORMED_SCRAM);
    }
    String withoutProof = text.get().substring(0, at);
    Optional<Octets> proof = Octets.ofBase64(text.get().substring(at + 3));
    String[] parts = withoutProof.split(",", -1);
    if (parts.length < 2
        || !parts[0].startsWith("c=")
        || !areExtensions(parts, 2)
        || proof.isEmpty()
        || proof.get().size() != hash.octets()) {
      return new Decision.Reject(Refusals.MALFORMED_SCRAM);
    }
    if (!same(parts[1], "r=" + nonce)) {
      return new Decision.Reject(Refusals.WRONG);
    }
    if (!isBound(first, parts[0].substring(2), attempt)) {
      return new Decision.Reject(Refusals.NOT_BOUND);
    }
    String message = first.bare() + "," + serverFirst + "," + withoutProof;
    String authz = first.authz().isEmpty() ? first.authn() : first.authz();
    return verifier.check(
        new Claim.Scram(
            authz, first.authn(), first.binding(), hash, Octets.ofUtf8(message), proof.get()),
        attempt);
  }

  /** RFC 5802 §6: the binding is the header once more and, with "p", this channel's own data. */
  private static boolean isBound(First first, String sent, Attempt attempt) {
    byte[] header = first.gs2Header().getBytes(StandardCharsets.UTF_8);
    List<Octets> values =
        first.binding().map(type -> binding(attempt).values(type)).orElse(List.of(Octets.EMPTY));
    boolean bound = false;
    for (Octets value : values) {
      byte[] data = value.toArray();
      byte[] whole = new byte[header.length + data.length];
      System.arraycopy(header, 0, whole, 0, header.length);
      System.arraycopy(data, 0, whole, header.length, data.length);
      bound |= same(sent, Octets.of(whole).base64());
    }
    return bound;
  }

  private static ChannelBinding binding(Attempt attempt) {
    return attempt.presence().tls().map(TlsInfo::binding).orElse(ChannelBinding.NONE);
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
