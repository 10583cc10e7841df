package heddle.tls;

import heddle.peer.VerifyCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A client's certificate and its issuers, up to an authority if there is a way: ours before those
 * that the client sent, as OpenSSL does it (X509_V_FLAG_TRUSTED_FIRST).
 *
 * @param links the client's own first
 * @param flaw why no authority was reached
 */
record Chain(List<Link> links, Optional<VerifyCode> flaw) {
  private static final int MOST = 101;

  /**
   * @param sent what came behind the client's own certificate
   */
  static Chain of(Link own, List<Link> sent, List<Link> anchors, Instant at) {
    List<Link> links = new ArrayList<>(List.of(own));
    List<Link> unused = new ArrayList<>(sent);
    boolean askClient = true;
    while (true) {
      Link last = links.getLast();
      Optional<Link> ours =
          links.size() > MOST ? Optional.empty() : Link.issuerOf(last, anchors, at);
      if (ours.isPresent()) {
        Link anchor = ours.get();
        // A self-signed certificate that only looks like ours must be no way in.
        boolean mimic = last.selfSigned() && !last.equals(anchor);
        if (!mimic) {
          if (last.selfSigned()) {
            links.set(links.size() - 1, anchor);
          } else {
            links.add(anchor);
          }
          if (anchor.selfSigned()) {
            return new Chain(List.copyOf(links), Optional.empty());
          }
          askClient = false;
          continue;
        }
      }
      if (!askClient) {
        return ended(links, VerifyCode.NO_ISSUER);
      }
      Optional<Link> theirs =
          last.selfSigned() || links.size() > MOST
              ? Optional.empty()
              : Link.issuerOf(last, unused(unused, links), at);
      if (theirs.isEmpty()) {
        return ended(links, VerifyCode.NO_LOCAL_ISSUER);
      }
      unused.remove(theirs.get());
      links.add(theirs.get());
    }
  }

  private static List<Link> unused(List<Link> sent, List<Link> links) {
    boolean first = links.size() == 1 && links.getFirst().selfIssued();
    return first ? sent : sent.stream().filter(s -> !links.contains(s)).toList();
  }

  private static Chain ended(List<Link> links, VerifyCode otherwise) {
    VerifyCode flaw = otherwise;
    if (links.size() > MOST) {
      flaw = VerifyCode.CHAIN_TOO_LONG;
    } else if (links.getLast().selfSigned()) {
      flaw = links.size() == 1 ? VerifyCode.SELF_SIGNED : VerifyCode.SELF_SIGNED_IN_CHAIN;
    }
    return new Chain(List.copyOf(links), Optional.of(flaw));
  }

  int last() {
    return links.size() - 1;
  }
}
