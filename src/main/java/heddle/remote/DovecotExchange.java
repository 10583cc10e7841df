package heddle.remote;

import heddle.mail.Octets;
import heddle.wire.Deadline;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One exchange that Dovecot has with a client through us. Used by one conversation. */
final class DovecotExchange implements Relay.Next {
  /** How often Dovecot may ask us alone before it asks the client. */
  private static final int MOST_ASIDES = 4;

  private final DovecotLink.Call call;
  private final Relay.Binding binding;

  /** The binding that was asked for and goes out with the next answer, in base64. */
  private Optional<String> owed = Optional.empty();

  DovecotExchange(DovecotLink.Call call, Relay.Binding binding) {
    this.call = call;
    this.binding = binding;
  }

  Relay.Turn begin(String request, Optional<Octets> initial, Deadline deadline)
      throws InterruptedException {
    return turn(call.begin(request, initial.map(DovecotLines::base64), deadline), deadline);
  }

  @Override
  public Relay.Turn answer(Octets answer, Deadline deadline) throws InterruptedException {
    return turn(go(DovecotLines.base64(answer), deadline), deadline);
  }

  private DovecotAnswer go(byte[] answer, Deadline deadline) throws InterruptedException {
    Optional<String> bound = owed;
    owed = Optional.empty();
    return call.go(answer, bound, deadline);
  }

  @Override
  public void abandon() {
    call.cancel();
  }

  private Relay.Turn turn(DovecotAnswer first, Deadline deadline) throws InterruptedException {
    DovecotAnswer said = first;
    for (int asides = 0; asides < MOST_ASIDES; asides++) {
      switch (said) {
        case DovecotAnswer.Ok ok -> {
          return new Relay.Turn.Over(ok.verdict(), ok.fields().last());
        }
        case DovecotAnswer.Fail fail -> {
          return failed(fail);
        }
        case DovecotAnswer.Lost(var why) -> {
          return unavailable(why);
        }
        case DovecotAnswer.None(var why) -> {
          return unavailable(why);
        }
        case DovecotAnswer.Asked(var challenge, var type) -> {
          if (type.isPresent()) {
            owed = binding.of(type.get()).map(Octets::base64);
            if (owed.isEmpty()) {
              // As Dovecot's own clients do: the client claims a binding that is not there.
              call.cancel();
              return over(new Verdict.No(Verdict.Why.WRONG));
            }
          }
          if (challenge.isPresent()) {
            return new Relay.Turn.Asked(challenge.get(), this);
          }
          said = go("#".getBytes(StandardCharsets.US_ASCII), deadline);
        }
      }
    }
    call.cancel();
    return unavailable("Dovecot asks in circles");
  }

  /** Since 2.4 a mechanism may have a last word to its no, which the client is to confirm. */
  private static Relay.Turn failed(DovecotAnswer.Fail fail) {
    Relay.Turn end = over(fail.verdict());
    return fail.fields()
        .last()
        .<Relay.Turn>map(word -> new Relay.Turn.Asked(word, new LastWord(end)))
        .orElse(end);
  }

  private static Relay.Turn over(Verdict verdict) {
    return new Relay.Turn.Over(verdict, Optional.empty());
  }

  static Relay.Turn unavailable(String why) {
    return over(new Verdict.Unavailable(why));
  }

  private record LastWord(Relay.Turn end) implements Relay.Next {
    @Override
    public Relay.Turn answer(Octets answer, Deadline deadline) {
      return end;
    }

    @Override
    public void abandon() {
      // Dovecot is done with it.
    }
  }
}
