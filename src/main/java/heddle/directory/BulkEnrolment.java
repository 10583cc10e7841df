package heddle.directory;

import heddle.mail.Octets;
import heddle.store.Accounts;
import heddle.store.Arrival;
import heddle.store.Arrived;
import heddle.store.Material;
import heddle.store.StoreUnavailable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Many accounts at once, with the hashes that another server kept. Safe to share. */
public final class BulkEnrolment {
  private final Accounts accounts;
  private final Passwords passwords;

  public BulkEnrolment(Accounts accounts, Passwords passwords) {
    this.accounts = accounts;
    this.passwords = passwords;
  }

  /** What to do, beside adding those that are new. */
  public enum Manner {
    /** Nothing at all; only say what would be done. */
    DRY_RUN,
    /** Leave bad lines out; else nothing is done where there is one. */
    SKIP_BAD,
    /** Give users that are there the password of the list; else they are left alone. */
    REPLACE
  }

  /**
   * What was done, or would be.
   *
   * @param there names of users that were there already and are left alone
   * @param bad lines that were not taken; where they may not be left out, nothing was done
   */
  public record Enrolled(int added, int replaced, List<String> there, List<RollLine.Bad> bad) {
    public Enrolled {
      there = List.copyOf(there);
      bad = List.copyOf(bad);
    }
  }

  /** A list as it travels: a line for each, with number, name, reason and hash between tabs. */
  public static String packed(List<RollLine.Entry> entries) {
    return entries.stream()
        .map(
            e ->
                switch (e.kept()) {
                  case ImportedPassword.Hashed(var kept) ->
                      String.join(
                          "\t",
                          "" + e.number(),
                          e.name(),
                          e.disabledReason().orElse(""),
                          kept.utf8().orElseThrow());
                  case ImportedPassword.Clear _,
                      ImportedPassword.Refused _,
                      ImportedPassword.None _ ->
                      throw new IllegalArgumentException("only hashes travel");
                })
        .collect(Collectors.joining("\n"));
  }

  /**
   * Adds the accounts in one transaction. None has keys for SCRAM before its first login by
   * password.
   *
   * @param packed as {@link #packed} makes it; it is not trusted
   */
  public Enrolled take(String packed, java.util.Set<Manner> manner) throws StoreUnavailable {
    List<Arrival> arrivals = new ArrayList<>();
    List<RollLine.Bad> bad = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    packed
        .lines()
        .forEach(
            line -> {
              switch (unpacked(line)) {
                case RollLine.Entry entry -> {
                  String name = LoginName.normal(entry.name()).orElseThrow();
                  Integer first = seen.putIfAbsent(name, entry.number());
                  if (first == null) {
                    arrivals.add(arrival(name, entry));
                  } else {
                    bad.add(
                        new RollLine.Bad(entry.number(), "line " + first + " has this user, too"));
                  }
                }
                case RollLine.Bad other -> bad.add(other);
                case RollLine.Unset(int number, String _) ->
                    bad.add(new RollLine.Bad(number, "it has no hash"));
              }
            });
    boolean replace = manner.contains(Manner.REPLACE);
    boolean dry =
        manner.contains(Manner.DRY_RUN) || !bad.isEmpty() && !manner.contains(Manner.SKIP_BAD);
    Arrived arrived =
        dry ? accounts.wouldAdd(arrivals, replace) : accounts.addAll(arrivals, replace);
    return new Enrolled(arrived.added().size(), arrived.replaced().size(), arrived.there(), bad);
  }

  private static RollLine unpacked(String line) {
    String[] parts = line.split("\t", 4);
    int number = parts[0].matches("\\d{1,9}") ? Integer.parseInt(parts[0]) : 0;
    if (parts.length < 4 || !RollReader.isAddress(parts[1])) {
      return new RollLine.Bad(number, "it is no user with a hash");
    }
    return switch (ImportedPassword.read(parts[3])) {
      case ImportedPassword.Hashed kept ->
          new RollLine.Entry(
              number, parts[1], kept, Optional.of(parts[2]).filter(r -> !r.isEmpty()));
      case ImportedPassword.Refused(var why) -> new RollLine.Bad(number, why);
      case ImportedPassword.Clear _, ImportedPassword.None _ ->
          new RollLine.Bad(number, "it has no hash");
    };
  }

  private Arrival arrival(String name, RollLine.Entry entry) {
    Octets kept = ((ImportedPassword.Hashed) entry.kept()).kept();
    return new Arrival(
        passwords.newId(),
        name,
        entry.name(),
        entry.disabledReason(),
        List.of(name),
        passwords.newSalt(),
        passwords.newId(),
        new Material(kept));
  }
}
