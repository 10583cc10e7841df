package heddle.remote;

import heddle.mail.Octets;
import java.net.ProtocolException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What came of a line that was sent to Dovecot for one exchange. */
sealed interface DovecotAnswer {
  /** The end of it: it is right. */
  record Ok(Fields fields) implements DovecotAnswer {
    Verdict verdict() {
      // A passdb says so of accounts that are shut although the password matches.
      if (fields.has("nologin")) {
        return new Verdict.No(Verdict.Why.DISABLED);
      }
      // Then any password is taken here, for the server behind it to judge.
      if (fields.has("proxy") && fields.has("nopassword")) {
        return new Verdict.Unavailable("Dovecot leaves the password to another server");
      }
      if (!fields.has("user")) {
        return Verdict.Yes.PLAIN;
      }
      return fields
          .text("user")
          .filter(name -> !name.isEmpty() && name.chars().noneMatch(Character::isISOControl))
          .<Verdict>map(name -> new Verdict.Yes(Optional.of(name), Set.of()))
          .orElseGet(() -> new Verdict.Unavailable("Dovecot gave a name that cannot be one"));
    }
  }

  /** The end of it: it is not right, or Dovecot cannot say. */
  record Fail(Fields fields) implements DovecotAnswer {
    /** Up to 2.2 each code was a field of its own. */
    Verdict verdict() {
      String code = fields.text("code").orElse("");
      if (code.equals("temp_fail") || fields.has("temp")) {
        return new Verdict.Unavailable("Dovecot has a temporary failure");
      }
      if (code.equals("user_disabled") || fields.has("user_disabled")) {
        return new Verdict.No(Verdict.Why.DISABLED);
      }
      if (code.equals("pass_expired") || fields.has("pass_expired")) {
        return new Verdict.Expired();
      }
      // auth-request-handler.c: an exchange that it has forgotten, after 150 seconds or a cancel.
      // Nothing was judged; a no would make the client ask for another password.
      if (!fields.has("user")
          && fields.text("reason").equals(Optional.of("Authentication request timed out"))) {
        return new Verdict.Unavailable("Dovecot has given up the exchange");
      }
      return new Verdict.No(Verdict.Why.WRONG);
    }
  }

  /**
   * It wants an answer.
   *
   * @param challenge empty where the client is not to be asked, but we
   * @param binding the type of the channel binding that it wants with the answer
   */
  record Asked(Optional<Octets> challenge, Optional<String> binding) implements DovecotAnswer {}

  /** The connection ended before the answer. */
  record Lost(String why) implements DovecotAnswer {}

  /** No answer that could be waited for: late, or not sent. */
  record None(String why) implements DovecotAnswer {}

  /** What follows the id: names with values, or names alone. */
  final class Fields {
    private final Map<String, Octets> values = new HashMap<>();
    private final Optional<Octets> last;

    Fields(List<Octets> fields) throws ProtocolException {
      for (Octets field : fields) {
        int equals = 0;
        while (equals < field.size() && field.at(equals) != '=') {
          equals++;
        }
        // Names are ASCII; what is none is a name that nobody asks for.
        String name = field.slice(0, equals).utf8().orElse("");
        values.put(name, field.slice(Math.min(equals + 1, field.size()), field.size()));
      }
      Optional<Octets> coded = Optional.ofNullable(values.get("resp"));
      last = coded.isEmpty() ? Optional.empty() : Optional.of(decoded(coded.get()));
    }

    boolean has(String name) {
      return values.containsKey(name);
    }

    /** Empty where there is none, or none in UTF-8. */
    Optional<String> text(String name) {
      return Optional.ofNullable(values.get(name)).flatMap(Octets::utf8);
    }

    /** What the mechanism says at the end. */
    Optional<Octets> last() {
      return last.filter(octets -> !octets.isEmpty());
    }
  }

  /**
   * Reads one.
   *
   * @param rest what follows the id
   * @param binds whether the server knows of channel bindings
   */
  static DovecotAnswer of(String verb, List<Octets> rest, boolean binds) throws ProtocolException {
    return switch (verb) {
      case "OK" -> new Ok(new Fields(rest));
      case "FAIL" -> new Fail(new Fields(rest));
      default -> asked(rest, binds);
    };
  }

  private static DovecotAnswer asked(List<Octets> rest, boolean binds) throws ProtocolException {
    if (rest.isEmpty()) {
      throw new ProtocolException("a challenge that says nothing");
    }
    // auth-client-request.c: "#" is a challenge "outside the normal SASL interaction".
    boolean aside = binds && rest.getFirst().equals(Octets.ofUtf8("#"));
    var fields = new Fields(rest.subList(1, rest.size()));
    return new Asked(
        aside ? Optional.empty() : Optional.of(decoded(rest.getFirst())),
        binds ? fields.text("channel_binding") : Optional.empty());
  }

  private static Octets decoded(Octets base64) throws ProtocolException {
    return base64
        .utf8()
        .flatMap(Octets::ofBase64)
        .orElseThrow(() -> new ProtocolException("base64 that is none"));
  }
}
