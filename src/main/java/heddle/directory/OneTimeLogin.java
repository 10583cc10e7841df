package heddle.directory;

import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.peer.Presence;
import heddle.sasl.Attempt;
import heddle.sasl.Authenticator;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Salt;
import heddle.sasl.ScramHash;
import heddle.sasl.Verifier;
import heddle.sasl.Voiced;
import heddle.store.ScramSalt;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server's own way in, by which it sees that its listeners let somebody in. There is a ticket
 * only while it looks: a random name and 100 random bits, in memory, for one login from this very
 * machine; behind that login, or behind the look, it counts no more. Who comes in by it owns no
 * address, so it can send in nobody's name. Whatever is not of the ticket goes on to the
 * directories. Safe to share.
 */
public final class OneTimeLogin {
  /** What logs call the credential. */
  public static final String CREDENTIAL = "doctor";

  private final SecureRandom random;
  private final AtomicReference<@Nullable Ticket> open = new AtomicReference<>();

  public OneTimeLogin(SecureRandom random) {
    this.random = random;
  }

  /** For one login, until it is closed. One who looks closes another's. */
  public static final class Ticket implements AutoCloseable {
    private final OneTimeLogin from;
    private final String name;
    private final String password;
    private final ScramSalt salt;

    private Ticket(OneTimeLogin from) {
      this.from = from;
      try (Secret name = PasswordMaker.make(from.random);
          Secret password = PasswordMaker.make(from.random)) {
        this.name = "doctor-" + name.use(Ticket::text).substring(0, 11);
        this.password = password.use(Ticket::text);
      }
      byte[] octets = new byte[ScramSalt.OCTETS];
      from.random.nextBytes(octets);
      this.salt = new ScramSalt(Octets.of(octets), 4096);
    }

    private static String text(byte[] octets) {
      return new String(octets, StandardCharsets.US_ASCII);
    }

    public String name() {
      return name;
    }

    /** A copy, to be closed. */
    public Secret password() {
      return Secret.ofUtf8(password);
    }

    private Identity identity(String mechanism) {
      return new Identity(name, name, name, Optional.empty(), CREDENTIAL, mechanism, Set.of());
    }

    @Override
    public void close() {
      from.open.compareAndSet(this, null);
    }

    @Override
    public String toString() {
      return "Ticket";
    }
  }

  /** Makes the only ticket that counts. */
  public Ticket issue() {
    var ticket = new Ticket(this);
    open.set(ticket);
    return ticket;
  }

  /** Those who decide about all other logins, behind the look at the ticket. */
  public Verifier before(Verifier directories) {
    return new Verifier() {
      @Override
      public Set<Class<? extends Claim>> proves() {
        return directories.proves();
      }

      @Override
      public Salt salt(String authn, ScramHash hash) {
        return named(authn)
            .map(t -> new Salt(t.salt.salt(), t.salt.iterations()))
            .orElseGet(() -> directories.salt(authn, hash));
      }

      @Override
      public boolean mayKnow(Presence presence) {
        return directories.mayKnow(presence);
      }

      @Override
      public Optional<Authenticator> speaks(String mechanism) {
        return directories.speaks(mechanism);
      }

      @Override
      public Decision check(Claim claim, Attempt attempt) throws Exception {
        return check(claim, attempt, _ -> {});
      }

      @Override
      public Decision check(Claim claim, Attempt attempt, Consumer<Voiced> heard) throws Exception {
        Optional<Decision> ours =
            local(attempt) && attempt.secured() ? shown(claim, attempt) : Optional.empty();
        ours.ifPresent(yes -> heard.accept(new Voiced(CREDENTIAL, yes, Duration.ZERO)));
        return ours.isPresent() ? ours.get() : directories.check(claim, attempt, heard);
      }
    };
  }

  private Optional<Ticket> named(String authn) {
    return Optional.ofNullable(open.get()).filter(t -> t.name.equals(authn));
  }

  /** From this machine to itself. */
  private static boolean local(Attempt attempt) {
    return attempt.client().address().isLoopbackAddress()
        || attempt.client().address().equals(attempt.server().address());
  }

  private Optional<Decision> shown(Claim claim, Attempt attempt) {
    return switch (claim) {
      case Claim.Password(var authz, var authn, var password) when authz.equals(authn) ->
          named(authn)
              .filter(t -> password.matches(t.password))
              .filter(this::take)
              .map(t -> new Decision.Accept(t.identity(attempt.mechanism())));
      case Claim.Scram scram when scram.authz().equals(scram.authn()) -> proved(scram, attempt);
      case Claim.Password _,
          Claim.Scram _,
          Claim.CramMd5 _,
          Claim.Certificate _,
          Claim.UnixUser _,
          Claim.Token _ ->
          Optional.empty();
    };
  }

  private Optional<Decision> proved(Claim.Scram scram, Attempt attempt) {
    Optional<Ticket> ticket = named(scram.authn());
    if (ticket.isEmpty()) {
      return Optional.empty();
    }
    try (Secret password = ticket.get().password()) {
      ScramKeys keys = ScramKeys.derive(scram.hash(), password, ticket.get().salt);
      if (!keys.proves(scram.hash(), scram.message(), scram.proof()) || !take(ticket.get())) {
        return Optional.empty();
      }
      Octets last = keys.serverFinal(scram.hash(), scram.message());
      return Optional.of(
          new Decision.Accept(ticket.get().identity(attempt.mechanism()), Optional.of(last)));
    }
  }

  /** Once only. */
  private boolean take(Ticket ticket) {
    return open.compareAndSet(ticket, null);
  }
}
