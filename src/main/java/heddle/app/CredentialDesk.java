package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.directory.Enrolment;
import heddle.directory.LoginName;
import heddle.directory.PasswordMaker;
import heddle.mail.Secret;
import heddle.sasl.Terms;
import heddle.store.Account;
import heddle.store.Accounts;
import heddle.store.Credential;
import heddle.store.Outcome;
import heddle.store.StoreUnavailable;
import heddle.store.Use;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The verbs of {@code app}, {@code key} and {@code device}: the further credentials of a user. */
final class CredentialDesk {
  private static final String PROOF =
      "(spki-)?sha256:[0-9a-f]{64}|(spki-)?sha512:[0-9a-f]{128}"
          + "|unix:[a-z_][a-z0-9_.-]{0,31}|email:[^\\s\\p{Cntrl}]{3,255}|subject:[^\\p{Cntrl}]{3,500}"
          + "|token:[^:\\s\\p{Cntrl}]{1,64}:[^\\p{Cntrl}]{1,255}";
  private static final int LONGEST_LABEL = 64;

  private final Accounts accounts;
  private final Enrolment enrolment;
  private final Places places;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  CredentialDesk(Accounts accounts, Enrolment enrolment, Places places, InstantSource clock) {
    this.accounts = accounts;
    this.enrolment = enrolment;
    this.places = places;
    this.clock = clock;
  }

  /** Answers, or empty where the verb is not one of these. */
  Optional<Answer> ask(Request request) {
    int dot = request.verb().indexOf('.');
    Optional<Credential.Kind> kind =
        switch (request.verb().substring(0, Math.max(0, dot))) {
          case "app" -> Optional.of(Credential.Kind.APP);
          case "key" -> Optional.of(Credential.Kind.KEY);
          case "device" -> Optional.of(Credential.Kind.DEVICE);
          default -> Optional.empty();
        };
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    try {
      return switch (request.verb().substring(dot + 1)) {
        case "list" -> Optional.of(list(request, kind.get()));
        case "show" -> Optional.of(one(request, kind.get(), this::show));
        case "add" -> Optional.of(add(request, kind.get()));
        case "remove" -> Optional.of(one(request, kind.get(), (a, c) -> remove(request, a, c)));
        default -> Optional.empty();
      };
    } catch (StoreUnavailable trouble) {
      return Optional.of(
          Answer.no(
              Answer.FAILED,
              "the credentials cannot be changed now",
              String.valueOf(trouble.getMessage()),
              "nothing was changed; try again, and look at the disk if it stays so"));
    }
  }

  private Optional<Account> account(Request request) {
    return request
        .arg("address")
        .flatMap(LoginName::normal)
        .flatMap(name -> accounts.snapshot().find(name));
  }

  private Answer list(Request request, Credential.Kind kind) {
    boolean all = request.arg("address").orElse("").isEmpty();
    Optional<Account> one = account(request);
    if (!all && one.isEmpty()) {
      return notFound(request);
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    accounts.snapshot().all().stream()
        .filter(a -> all || a.equals(one.get()))
        .sorted(Comparator.comparing(Account::name))
        .forEach(a -> a.of(kind).forEach(c -> rows.add(row(a, c))));
    return Answer.rows(rows);
  }

  private Map<String, Object> row(Account account, Credential credential) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("user", account.name());
    row.put("label", credential.label());
    switch (credential.kind()) {
      case KEY -> row.put("key", credential.proof().orElse(""));
      case DEVICE -> row.put("networks", TermsForm.shown(credential.terms()).get("networks"));
      case APP, PASSWORD -> {}
    }
    row.put("created", day(credential.created()));
    row.put("expires", credential.expires().map(CredentialDesk::day).orElse("never"));
    row.put(
        "last-login", accounts.lastUse(credential.id()).map(CredentialDesk::use).orElse("never"));
    return row;
  }

  private static String day(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static String use(Use use) {
    return day(use.at()) + " from " + use.ip();
  }

  @FunctionalInterface
  private interface Work {
    Answer with(Account account, Credential credential) throws StoreUnavailable;
  }

  private Answer one(Request request, Credential.Kind kind, Work work) throws StoreUnavailable {
    Optional<Account> account = account(request);
    if (account.isEmpty()) {
      return notFound(request);
    }
    String label = request.arg("label").orElse("");
    Optional<Credential> meant =
        account.get().of(kind).stream().filter(c -> c.label().equals(label)).findFirst();
    return meant.isPresent()
        ? work.with(account.get(), meant.get())
        : Answer.no(
            Answer.NOT_FOUND,
            "there is no such " + (kind == Credential.Kind.APP ? "app password" : kind),
            account.get().name() + " has none of that label",
            "see them with: heddle " + kind + " list " + account.get().name());
  }

  private Answer show(Account account, Credential credential) {
    Map<String, Object> row = row(account, credential);
    row.putAll(TermsForm.shown(credential.terms()));
    row.put("password", credential.material().hash().isEmpty() ? "none" : "set");
    Optional<Use> use = accounts.lastUse(credential.id());
    row.put("last-mechanism", use.map(Use::mechanism).orElse(""));
    row.put("last-client", use.map(Use::client).orElse(""));
    return Answer.row(row);
  }

  private Answer remove(Request request, Account account, Credential credential)
      throws StoreUnavailable {
    if (!request.flag("dry-run")) {
      accounts.removeCredential(account.name(), credential.id());
    }
    return Answer.row(
        Map.of(
            "user",
            account.name(),
            "label",
            credential.label(),
            "dry-run",
            request.flag("dry-run")));
  }

  private Answer add(Request request, Credential.Kind kind) throws StoreUnavailable {
    Optional<Account> account = account(request);
    if (account.isEmpty()) {
      return notFound(request);
    }
    String label =
        request.arg("label").filter(l -> !l.isBlank()).orElseGet(() -> free(account.get(), kind));
    boolean sound =
        label.length() <= LONGEST_LABEL && label.chars().noneMatch(Character::isISOControl);
    if (!sound || account.get().of(kind).stream().anyMatch(c -> c.label().equals(label))) {
      return nothing(
          sound
              ? account.get().name() + " has one of that label"
              : "a label has " + LONGEST_LABEL + " characters at most",
          "choose another label");
    }
    return switch (TermsForm.read(request, clock.instant())) {
      case TermsForm.Bad(var answer) -> answer;
      case TermsForm.Good(var terms, var expires) -> {
        Optional<Answer> objection = places.objection(terms);
        if (objection.isPresent()) {
          yield objection.get();
        }
        Answer answer =
            switch (kind) {
              case APP -> secret(request, account.get(), kind, label, terms, expires);
              case DEVICE -> device(request, account.get(), label, terms, expires);
              case KEY -> key(request, account.get(), label, terms, expires);
              case PASSWORD -> throw new IllegalArgumentException("an account has one password");
            };
        if (kind == Credential.Kind.DEVICE && answer.ok()) {
          answer = with(answer, "at", places.devicesAt(terms));
        }
        boolean secret = kind == Credential.Kind.APP || request.flag("with-password");
        Answer made = answer;
        yield places
            .note(account.get(), kind, secret, terms)
            .filter(_ -> made.ok())
            .map(note -> with(made, "note", note))
            .orElse(made);
      }
    };
  }

  private static Answer with(Answer answer, String field, Object value) {
    Map<String, Object> row = new LinkedHashMap<>(answer.rows().getFirst());
    row.put(field, value);
    return Answer.row(row);
  }

  private Answer device(
      Request request, Account account, String label, Terms terms, Optional<Instant> expires)
      throws StoreUnavailable {
    if (terms.networks().isEmpty()) {
      return nothing("a device is known by its network", "give one: --network 192.0.2.41");
    }
    return request.flag("with-password")
        ? secret(request, account, Credential.Kind.DEVICE, label, terms, expires)
        : plain(request, account, Credential.Kind.DEVICE, label, terms, expires);
  }

  private Answer key(
      Request request, Account account, String label, Terms terms, Optional<Instant> expires)
      throws StoreUnavailable {
    return request.arg("proof").orElse("").matches(PROOF)
        ? plain(request, account, Credential.Kind.KEY, label, terms, expires)
        : nothing(
            "that is no key", "give a certificate's file, its SHA-256 or SHA-512, or unix:NAME");
  }

  private Answer plain(
      Request request,
      Account account,
      Credential.Kind kind,
      String label,
      Terms terms,
      Optional<Instant> expires)
      throws StoreUnavailable {
    Map<String, Object> row = made(account, label, kind, request);
    if (request.flag("dry-run")) {
      return dry(row);
    }
    return answered(
        enrolment.add(account, kind, label, terms, expires, request.arg("proof")), request, row);
  }

  private Answer secret(
      Request request,
      Account account,
      Credential.Kind kind,
      String label,
      Terms terms,
      Optional<Instant> expires)
      throws StoreUnavailable {
    Map<String, Object> row = made(account, label, kind, request);
    if (request.flag("dry-run")) {
      return dry(row);
    }
    try (Secret password = PasswordMaker.make(random)) {
      Outcome outcome = enrolment.addSecret(account, kind, label, terms, expires, password);
      row.put("password", password.use(p -> new String(p, StandardCharsets.UTF_8)));
      return answered(outcome, request, row);
    }
  }

  private static Map<String, Object> made(
      Account account, String label, Credential.Kind kind, Request request) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("user", account.name());
    row.put("label", label);
    if (kind == Credential.Kind.KEY) {
      row.put("key", request.arg("proof").orElse(""));
    }
    return row;
  }

  private static Answer dry(Map<String, Object> row) {
    row.put("dry-run", true);
    return Answer.row(row);
  }

  private static Answer answered(Outcome outcome, Request request, Map<String, Object> row) {
    return switch (outcome) {
      case Outcome.Done _ -> Answer.row(row);
      case Outcome.Exists(var name) ->
          Answer.no(
              Answer.FAILED,
              "nothing was changed",
              "this is " + name + "'s already",
              "it lets in one user; remove it there first");
      case Outcome.NotFound _ -> notFound(request);
      case Outcome.Refused(var why) -> nothing(why, "choose another");
    };
  }

  private static String free(Account account, Credential.Kind kind) {
    for (int i = 1; ; i++) {
      String label = kind + "-" + i;
      if (account.of(kind).stream().noneMatch(c -> c.label().equals(label))) {
        return label;
      }
    }
  }

  private static Answer nothing(String why, String remedy) {
    return Answer.no(Answer.USAGE, "nothing was changed", why, remedy);
  }

  private static Answer notFound(Request request) {
    return Answer.no(
        Answer.NOT_FOUND,
        "there is no user " + request.arg("address").orElse("").replaceAll("\\p{Cntrl}", "?"),
        "no account has this name",
        "see all of them with: heddle user list");
  }
}
