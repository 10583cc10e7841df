package heddle.remote;

import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchResultListener;
import com.unboundid.ldap.sdk.SearchResultReference;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10RequestControl;
import heddle.dial.Dialer;
import heddle.dns.Names;
import heddle.mail.Secret;
import heddle.remote.Template.Field;
import heddle.remote.Verdict.Why;
import heddle.wire.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks an LDAP directory (RFC 4511) by a simple bind as whoever logs in. Connections for searching
 * are kept; those on which somebody's password was tried are not. Referrals are not followed. Safe
 * to share.
 */
public final class LdapAsker implements Asker {
  private final LdapSettings.Way way;
  private final LdapLines lines;
  private final Kept<LdapLines.Line> kept;
  private final Template template;

  /**
   * @throws IllegalArgumentException where {@link #complaint} has one
   */
  public LdapAsker(LdapSettings settings, Names names) {
    complaint(settings.way())
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why);
            });
    this.way = settings.way();
    this.lines = new LdapLines(settings, new Dialer(names));
    this.kept = new Kept<>(settings.kept());
    this.template =
        switch (way) {
          case LdapSettings.Way.Direct(String userDn) -> Template.of(userDn);
          case LdapSettings.Way.Searched(var base, String filter, var service) ->
              Template.of(filter);
        };
  }

  /**
   * Why no entry can be known this way: no DN, no filter, the same for everybody.
   *
   * @return empty where all is well
   */
  public static Optional<String> complaint(LdapSettings.Way way) {
    return LdapName.complaint(way);
  }

  @Override
  public Verdict ask(Question question, Deadline deadline) throws InterruptedException {
    String name = question.name();
    // An empty part would ask about an entry that nobody meant.
    boolean named =
        !(template.wants(Field.DOMAIN) && Field.DOMAIN.of(name).isEmpty())
            && !(template.wants(Field.LOCAL_PART) && Field.LOCAL_PART.of(name).isEmpty());
    if (!named || name.isEmpty()) {
      return new Verdict.No(Why.UNKNOWN);
    }
    if (question.password().isEmpty()) {
      return new Verdict.No(Why.WRONG);
    }
    try {
      return switch (way) {
        case LdapSettings.Way.Direct direct ->
            bind(LdapName.dn(template, name), question.password(), true, deadline);
        case LdapSettings.Way.Searched searched -> {
          Optional<String> dn = find(searched, LdapName.filter(template, name), deadline);
          yield dn.isEmpty()
              ? new Verdict.No(Why.UNKNOWN)
              : bind(dn.get(), question.password(), false, deadline);
        }
      };
    } catch (NoAnswer why) {
      if (Thread.interrupted()) {
        throw new InterruptedException("asking an LDAP server");
      }
      return why.verdict();
    } catch (RuntimeException fell) {
      // The library casts an answer of another kind to the one that it waits for.
      return new Verdict.Unavailable(
          "what came cannot be read: " + fell.getClass().getSimpleName());
    }
  }

  private Verdict bind(String dn, Secret password, boolean direct, Deadline deadline)
      throws NoAnswer {
    LdapLines.Line line = lines.open(deadline);
    try (Watch _ = Watch.over(line.socket(), deadline)) {
      var policy = new DraftBeheraLDAPPasswordPolicy10RequestControl();
      return LdapVerdicts.of(lines.bind(line, dn, password, policy), direct);
    } catch (LDAPException trouble) {
      throw lines.words(trouble, deadline, "the login");
    } finally {
      line.close();
    }
  }

  /** The DN of the only entry that fits. */
  private Optional<String> find(LdapSettings.Way.Searched how, Filter filter, Deadline deadline)
      throws NoAnswer {
    Optional<LdapLines.Line> old = kept.take();
    if (old.isPresent()) {
      try {
        return search(old.get(), how, filter, deadline);
      } catch (LDAPException trouble) {
        // It may have died while nobody looked; a new one has not.
        if (trouble.getResultCode().isConnectionUsable() || deadline.over()) {
          throw lines.words(trouble, deadline, "the search");
        }
      }
    }
    LdapLines.Line line = lines.open(deadline);
    try {
      lines.login(line, how.service(), deadline);
    } catch (NoAnswer | RuntimeException refused) {
      line.close();
      throw refused;
    }
    try {
      return search(line, how, filter, deadline);
    } catch (LDAPException trouble) {
      throw lines.words(trouble, deadline, "the search");
    }
  }

  /** Searches and keeps the line; where that fails, the line is closed. */
  private Optional<String> search(
      LdapLines.Line line, LdapSettings.Way.Searched how, Filter filter, Deadline deadline)
      throws LDAPException, NoAnswer {
    var hits = new Hits();
    boolean whole = false;
    try (Watch _ = Watch.over(line.socket(), deadline)) {
      var request =
          new SearchRequest(
              hits,
              how.base(),
              SearchScope.SUB,
              DereferencePolicy.NEVER,
              Hits.ENOUGH,
              deadline.millisLeft() / 1000 + 1,
              false,
              filter,
              SearchRequest.NO_ATTRIBUTES);
      line.connection().search(request);
      whole = true;
    } catch (LDAPException trouble) {
      boolean enough = trouble.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED);
      if (!enough || hits.dns.size() < Hits.ENOUGH) {
        throw trouble;
      }
      whole = true;
    } finally {
      if (whole) {
        kept.give(line);
      } else {
        line.close();
      }
    }
    if (hits.dns.size() > 1) {
      throw new NoAnswer("several entries fit this name");
    }
    if (hits.dns.contains("")) {
      throw new NoAnswer("an entry without a name");
    }
    return hits.dns.stream().findFirst();
  }

  /** The first entries; a server may send more than it was asked for. */
  private static final class Hits implements SearchResultListener {
    private static final long serialVersionUID = 1;
    static final int ENOUGH = 2;
    private final transient List<String> dns = new ArrayList<>();

    @Override
    public void searchEntryReturned(SearchResultEntry entry) {
      if (dns.size() < ENOUGH) {
        dns.add(entry.getDN());
      }
    }

    @Override
    public void searchReferenceReturned(SearchResultReference elsewhere) {
      // Another server's entries are another server's.
    }
  }

  @Override
  public void close() {
    kept.close();
  }
}
