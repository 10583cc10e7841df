package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.directory.LoginName;
import heddle.mail.Id;
import heddle.store.Account;
import heddle.store.Accounts;
import heddle.store.Credential;
import heddle.store.Material;
import heddle.store.Outcome;
import heddle.store.StoreUnavailable;
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

/** The verbs of {@code key}: what lets somebody in without a password. */
final class KeyDesk {
  private static final String PROOF =
      "(spki-)?sha256:[0-9a-f]{64}|(spki-)?sha512:[0-9a-f]{128}"
          + "|unix:[a-z_][a-z0-9_.-]{0,31}|email:[^\\s\\p{Cntrl}]{3,255}|subject:[^\\p{Cntrl}]{3,500}";
  private final Accounts accounts;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  KeyDesk(Accounts accounts, InstantSource clock) {
    this.accounts = accounts;
    this.clock = clock;
  }

  /** Answers, or empty where the verb is not one of these. */
  Optional<Answer> ask(Request request) {
    try {
      return switch (request.verb()) {
        case "key.list" -> Optional.of(list(request.arg("address").orElse("")));
        case "key.add" -> Optional.of(add(request));
        case "key.remove" -> Optional.of(remove(request));
        default -> Optional.empty();
      };
    } catch (StoreUnavailable trouble) {
      return Optional.of(
          Answer.no(
              Answer.FAILED,
              "the keys cannot be changed now",
              String.valueOf(trouble.getMessage()),
              "nothing was changed; try again, and look at the disk if it stays so"));
    }
  }

  private Optional<Account> account(String address) {
    return LoginName.normal(address).flatMap(accounts.snapshot()::find);
  }

  private Answer list(String address) {
    if (!address.isEmpty() && account(address).isEmpty()) {
      return notFound(address);
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    accounts.snapshot().all().stream()
        .filter(a -> address.isEmpty() || account(address).filter(a::equals).isPresent())
        .sorted(Comparator.comparing(Account::name))
        .forEach(a -> a.keys().forEach(k -> rows.add(row(a, k))));
    return Answer.rows(rows);
  }

  private Map<String, Object> row(Account account, Credential key) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("user", account.name());
    row.put("label", key.label());
    row.put("key", key.proof().orElse(""));
    row.put("created", key.created().truncatedTo(ChronoUnit.SECONDS).toString());
    row.put(
        "last-login",
        accounts
            .lastUse(key.id())
            .map(use -> use.at().truncatedTo(ChronoUnit.SECONDS) + " from " + use.ip())
            .orElse("never"));
    return row;
  }

  private Answer add(Request request) throws StoreUnavailable {
    String address = request.arg("address").orElse("");
    String proof = request.arg("proof").orElse("");
    Optional<Account> account = account(address);
    if (account.isEmpty()) {
      return notFound(address);
    }
    if (!proof.matches(PROOF)) {
      return Answer.no(
          Answer.USAGE,
          "nothing was changed",
          "that is no key",
          "give a certificate's file, its SHA-256 or SHA-512, or unix:NAME");
    }
    String label =
        request.arg("label").filter(l -> !l.isBlank()).orElseGet(() -> free(account.get()));
    boolean sound = label.length() <= 64 && label.chars().noneMatch(Character::isISOControl);
    if (!sound || account.get().keys().stream().anyMatch(k -> k.label().equals(label))) {
      return Answer.no(
          Answer.USAGE,
          "nothing was changed",
          sound ? address + " has a key of that label" : "a label has 64 characters at most",
          "choose another with --label");
    }
    if (request.flag("dry-run")) {
      return Answer.row(Map.of("user", account.get().name(), "label", label, "dry-run", true));
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var key =
        new Credential(
            Id.draw(random),
            Credential.Kind.KEY,
            label,
            1,
            Material.NOTHING,
            now,
            now,
            Optional.empty(),
            Optional.of(proof));
    return switch (accounts.addKey(account.get().name(), key)) {
      case Outcome.Done done ->
          Answer.row(Map.of("user", done.account().name(), "label", label, "key", proof));
      case Outcome.Exists(var name) ->
          Answer.no(
              Answer.FAILED,
              "nothing was changed",
              "this key is " + name + "'s already",
              "a key lets in one user; remove it there first");
      case Outcome.NotFound _ -> notFound(address);
      case Outcome.Refused refused ->
          Answer.no(Answer.USAGE, "nothing was changed", refused.why(), "choose another");
    };
  }

  private static String free(Account account) {
    for (int i = 1; ; i++) {
      String label = "key-" + i;
      if (account.keys().stream().noneMatch(k -> k.label().equals(label))) {
        return label;
      }
    }
  }

  private Answer remove(Request request) throws StoreUnavailable {
    String address = request.arg("address").orElse("");
    String label = request.arg("label").orElse("");
    Optional<Account> account = account(address);
    if (account.isEmpty()) {
      return notFound(address);
    }
    Optional<Credential> key =
        account.get().keys().stream().filter(k -> k.label().equals(label)).findFirst();
    if (key.isEmpty()) {
      return Answer.no(
          Answer.NOT_FOUND,
          "there is no such key",
          address + " has none of that label",
          "see them with: heddle key list " + address);
    }
    if (!request.flag("dry-run")) {
      accounts.removeKey(account.get().name(), key.get().id());
    }
    return Answer.row(
        Map.of("user", account.get().name(), "label", label, "dry-run", request.flag("dry-run")));
  }

  private static Answer notFound(String address) {
    return Answer.no(
        Answer.NOT_FOUND,
        "there is no user " + address.replaceAll("\\p{Cntrl}", "?"),
        "no account has this name",
        "see all of them with: heddle user list");
  }
}
