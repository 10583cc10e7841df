package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.directory.BulkEnrolment;
import heddle.directory.Enrolment;
import heddle.directory.LoginName;
import heddle.directory.PasswordMaker;
import heddle.mail.Mailbox;
import heddle.mail.Secret;
import heddle.store.Account;
import heddle.store.Accounts;
import heddle.store.Credential;
import heddle.store.Outcome;
import heddle.store.StoreUnavailable;
import heddle.store.Use;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The verbs of {@code user}: the same in a running server and without one. */
final class Users {
  /** More could not be sent at a login. */
  private static final int LONGEST_PASSWORD = 1024;

  private final Accounts accounts;
  private final Enrolment enrolment;
  private final ImportDesk imports;
  private final SecureRandom random = new SecureRandom();

  Users(Accounts accounts, Enrolment enrolment, BulkEnrolment bulk) {
    this.accounts = accounts;
    this.enrolment = enrolment;
    this.imports = new ImportDesk(bulk);
  }

  /** Answers, or empty where the verb is not one of these. */
  Optional<Answer> ask(Request request) {
    try {
      return switch (request.verb()) {
        case "user.list" -> Optional.of(list());
        case "user.show" -> Optional.of(show(request));
        case "user.add" -> Optional.of(add(request));
        case "user.password" -> Optional.of(password(request));
        case "user.import" -> Optional.of(imports.ask(request));
        case "user.set", "user.disable", "user.enable", "user.remove" ->
            Optional.of(change(request));
        default -> Optional.empty();
      };
    } catch (StoreUnavailable trouble) {
      return Optional.of(
          Answer.no(
              Answer.FAILED,
              "the accounts cannot be changed now",
              String.valueOf(trouble.getMessage()),
              "nothing was changed; try again, and look at the disk if it stays so"));
    }
  }

  private Answer list() {
    return Answer.rows(
        accounts.snapshot().all().stream()
            .sorted(Comparator.comparing(Account::name))
            .map(this::row)
            .toList());
  }

  private Map<String, Object> row(Account account) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("user", account.name());
    row.put("state", state(account));
    row.put("created", account.created().truncatedTo(ChronoUnit.SECONDS).toString());
    row.put(
        "last-login",
        account.credentials().stream()
            .flatMap(c -> accounts.lastUse(c.id()).stream())
            .max(Comparator.comparing(Use::at))
            .map(CredentialDesk::use)
            .orElse("never"));
    row.put("reason", account.disabledReason().orElse(""));
    return row;
  }

  private Answer show(Request request) {
    String address = request.arg("address").orElse("");
    Optional<Account> account = LoginName.normal(address).flatMap(accounts.snapshot()::find);
    if (account.isEmpty()) {
      return notFound(address);
    }
    Map<String, Object> row = row(account.get());
    row.put("addresses", account.get().addresses().stream().sorted().toList());
    row.put(
        "credentials",
        account.get().credentials().stream()
            .map(
                c ->
                    c.kind() == Credential.Kind.PASSWORD
                        ? "main password" + (account.get().barred() ? " (barred)" : "")
                        : c.kind() + " " + c.label())
            .toList());
    return Answer.row(row);
  }

  private static String state(Account account) {
    String main = account.barred() ? "app passwords only" : "enabled";
    return account.enabled() ? main : "disabled";
  }

  private Answer add(Request request) throws StoreUnavailable {
    String address = request.arg("address").orElse("");
    if (Mailbox.parse(address).isEmpty() || LoginName.normal(address).isEmpty()) {
      return Answer.no(
          Answer.USAGE,
          "\"" + printable(address) + "\" is no mail address that can log in",
          "a user is named by the address they send from",
          "give one such as anna@example.org");
    }
    if (request.flag("dry-run")) {
      boolean there = LoginName.normal(address).flatMap(accounts.snapshot()::find).isPresent();
      return there ? exists(address) : Answer.row(Map.of("user", address, "dry-run", true));
    }
    return withPassword(request, address, enrolment::add);
  }

  private Answer password(Request request) throws StoreUnavailable {
    String address = request.arg("address").orElse("");
    if (request.flag("dry-run")) {
      return dryRun(address);
    }
    return withPassword(request, address, enrolment::setPassword);
  }

  private Answer dryRun(String address) {
    return LoginName.normal(address)
        .flatMap(accounts.snapshot()::find)
        .map(there -> Answer.row(Map.of("user", there.name(), "dry-run", true)))
        .orElseGet(() -> notFound(address));
  }

  @FunctionalInterface
  private interface Step {
    Outcome take(String address, Secret password) throws StoreUnavailable;
  }

  private Answer withPassword(Request request, String address, Step step) throws StoreUnavailable {
    Optional<String> given = request.arg("password");
    if (given.map(String::length).orElse(0) > LONGEST_PASSWORD) {
      return Answer.no(
          Answer.USAGE,
          "nothing was changed",
          "a password has at most " + LONGEST_PASSWORD + " characters",
          "choose a shorter one");
    }
    try (Secret password = given.map(Secret::ofUtf8).orElseGet(() -> PasswordMaker.make(random))) {
      return switch (step.take(address, password)) {
        case Outcome.Done done -> {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("user", done.account().name());
          if (given.isEmpty()) {
            row.put("password", password.use(p -> new String(p, StandardCharsets.UTF_8)));
          }
          yield Answer.row(row);
        }
        case Outcome.Exists _ -> exists(address);
        case Outcome.NotFound _ -> notFound(address);
        case Outcome.Refused refused -> refused(refused);
      };
    }
  }

  private Answer change(Request request) throws StoreUnavailable {
    String address = request.arg("address").orElse("");
    if (request.flag("dry-run")) {
      return dryRun(address);
    }
    Optional<String> name = LoginName.normal(address);
    if (name.isEmpty()) {
      return notFound(address);
    }
    String main = request.arg("main-password").orElse("");
    if (request.verb().equals("user.set") && !main.matches("on|off")) {
      return Answer.no(
          Answer.USAGE,
          "nothing was changed",
          "--main-password is on or off",
          "write --main-password off");
    }
    Outcome outcome =
        switch (request.verb()) {
          case "user.set" -> accounts.bar(name.get(), main.equals("off"));
          case "user.disable" ->
              accounts.disable(
                  name.get(), request.arg("reason").filter(r -> !r.isBlank()).orElse("disabled"));
          case "user.enable" -> accounts.enable(name.get());
          default -> accounts.remove(name.get(), request.flag("forget"));
        };
    return switch (outcome) {
      case Outcome.Done done -> {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("user", done.account().name());
        if (main.equals("off") && done.account().credentials().size() < 2) {
          row.put("note", "there is nothing else to log in with yet; heddle app add " + address);
        }
        yield Answer.row(row);
      }
      case Outcome.Exists _ -> exists(address);
      case Outcome.NotFound _ -> notFound(address);
      case Outcome.Refused refused -> refused(refused);
    };
  }

  private static Answer exists(String address) {
    return Answer.no(
        Answer.FAILED,
        printable(address) + " exists already",
        "a user of this name, or with this address, is there",
        "set a new password with: heddle user password " + printable(address));
  }

  private static Answer notFound(String address) {
    return Answer.no(
        Answer.NOT_FOUND,
        "there is no user " + printable(address),
        "no account has this name",
        "see all of them with: heddle user list");
  }

  private static Answer refused(Outcome.Refused refused) {
    return Answer.no(Answer.USAGE, "nothing was changed", refused.why(), "choose another");
  }

  private static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
