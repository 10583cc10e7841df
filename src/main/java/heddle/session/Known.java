package heddle.session;

import heddle.config.Facts;
import heddle.peer.CertificateFacts;
import heddle.peer.TlsInfo;
import heddle.sasl.Identity;
import java.util.Optional;
import java.util.function.Supplier;

/** What is known of a conversation when a rule asks. */
record Known(String listener, Transport transport, Supplier<Phase> phase) implements Facts {
  private static final String CERTIFICATE = "certificate.";

  private Optional<String> certificate(String key) {
    return transport
        .presence()
        .tls()
        .flatMap(TlsInfo::peer)
        .flatMap(peer -> CertificateFacts.of(peer, key.substring(CERTIFICATE.length())));
  }

  @Override
  public Optional<String> fact(String key) {
    return switch (key) {
      case "listener" -> Optional.of(listener);
      case "remote-ip" -> Optional.of(transport.client().ip());
      case "local-ip" -> Optional.of(transport.server().ip());
      case "local-port" -> Optional.of(Integer.toString(transport.server().port()));
      case "tls" -> Optional.of(Boolean.toString(transport.tls().isPresent()));
      case "helo" -> phase.get().helloSaid().map(Phase.Hello::name);
      case "authenticated-as" -> phase.get().who().map(Identity::authz);
      case "mechanism" -> phase.get().who().map(Identity::mechanism);
      default -> key.startsWith(CERTIFICATE) ? certificate(key) : Optional.empty();
    };
  }
}
