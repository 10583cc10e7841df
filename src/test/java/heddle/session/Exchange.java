package heddle.session;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** What a client has in mind: one AUTH command, where and how, and what goes wrong on the way. */
record Exchange(Way way, Where where, How how, What what) {
  /** A name in EHLO, by which the rules of the site are chosen. */
  enum House {
    AMPLE("ample"),
    /** Has the patience that is the default. */
    STRICT("strict"),
    /** Where nobody must log in. */
    GUEST("guest"),
    /** Waits for a moment only. */
    HASTY("hasty"),
    ONLY_LOGIN("only-login"),
    ONLY_PLAIN("only-plain"),
    HOOKED("hook-ample"),
    HOOKED_STRICT("hook-strict"),
    HOOKED_GUEST("hook-guest"),
    HOOKED_HASTY("hook-hasty"),
    /** Its hook throws at every login. */
    BROKEN("hook-broken"),
    BROKEN_STRICT("hook-broken-strict");

    final String word;

    House(String word) {
      this.word = word;
    }

    boolean hooked() {
      return word.startsWith("hook-");
    }

    boolean broken() {
      return word.startsWith("hook-broken");
    }

    boolean strict() {
      return word.endsWith("strict");
    }

    boolean guest() {
      return word.endsWith("guest");
    }

    boolean hasty() {
      return word.endsWith("hasty");
    }
  }

  /** The certificate that the client shows. */
  enum Shown {
    NONE,
    /** A key of Anna's account. */
    ANNAS,
    STRANGERS
  }

  /** When AUTH is said. */
  enum Moment {
    FITTING,
    BEFORE_EHLO,
    LOGGED_IN,
    IN_TRANSACTION
  }

  /**
   * @param afresh on a new connection, even if there is one
   */
  record Where(House house, Shown shown, boolean afresh, Moment moment) {}

  /** How the command line is written. */
  enum Spelling {
    USUAL,
    LOWER_CASE,
    /** Outlook. */
    TWO_SPACES,
    TRAILING_SPACE,
    TWO_RESPONSES
  }

  /**
   * @param initial whether the command has an initial response
   * @param pipelined whether nothing is waited for that need not be
   * @param cuts where a write is cut in two
   */
  record How(Spelling spelling, boolean initial, boolean pipelined, List<Integer> cuts) {}

  /** What becomes of one line. */
  enum Spoil {
    NOTHING,
    CANCEL,
    BAD_BASE64,
    TOO_LONG,
    NUL,
    BARE_CR,
    BARE_LF,
    /** The client says good-bye by TLS and goes. */
    END,
    HALF_A_LINE_AND_END,
    /** It goes without a word. */
    CUT,
    SILENCE,
    HALF_A_LINE_AND_SILENCE;

    boolean silence() {
      return this == SILENCE || this == HALF_A_LINE_AND_SILENCE;
    }
  }

  /**
   * @param picks which of the messages is said, turn by turn; the last goes on for ever
   * @param at which line is spoilt, the command's own being 0
   * @param detail which of several forms
   */
  record What(List<Integer> picks, Spoil spoil, int at, int detail) {}

  static Arbitrary<Exchange> any() {
    return Arbitraries.of(Way.values()).flatMap(Exchange::of);
  }

  static Arbitrary<Exchange> of(Way way) {
    return Combinators.combine(places(way), manners(), intentions())
        .as((where, how, what) -> settled(new Exchange(way, where, how, what)));
  }

  /** Silence is kept where it does not take long, and nowhere else is there such haste. */
  private static Exchange settled(Exchange e) {
    if (!e.what.spoil().silence()) {
      return e;
    }
    House house = e.where.house().hooked() ? House.HOOKED_HASTY : House.HASTY;
    Moment moment = e.where.moment() == Moment.BEFORE_EHLO ? Moment.FITTING : e.where.moment();
    return new Exchange(e.way, new Where(house, e.where.shown(), true, moment), e.how, e.what);
  }

  private static Arbitrary<Where> places(Way way) {
    boolean site = way == Way.X_SITE;
    Arbitrary<House> house =
        Arbitraries.frequency(
            Tuple.of(site ? 1 : 8, House.AMPLE),
            Tuple.of(site ? 1 : 3, House.STRICT),
            Tuple.of(site ? 1 : 3, House.GUEST),
            Tuple.of(1, House.ONLY_LOGIN),
            Tuple.of(1, House.ONLY_PLAIN),
            Tuple.of(site ? 12 : 3, House.HOOKED),
            Tuple.of(site ? 3 : 1, House.HOOKED_STRICT),
            Tuple.of(site ? 3 : 1, House.HOOKED_GUEST),
            Tuple.of(1, House.BROKEN),
            Tuple.of(1, House.BROKEN_STRICT));
    Arbitrary<Shown> shown =
        Arbitraries.frequency(
            Tuple.of(way == Way.EXTERNAL ? 1 : 4, Shown.NONE),
            Tuple.of(way == Way.EXTERNAL ? 6 : 1, Shown.ANNAS),
            Tuple.of(1, Shown.STRANGERS));
    Arbitrary<Boolean> afresh =
        Arbitraries.frequency(
            Tuple.of(way == Way.EXTERNAL || site ? 3 : 1, true), Tuple.of(3, false));
    Arbitrary<Moment> moment =
        Arbitraries.frequency(
            Tuple.of(20, Moment.FITTING),
            Tuple.of(1, Moment.BEFORE_EHLO),
            Tuple.of(1, Moment.LOGGED_IN),
            Tuple.of(1, Moment.IN_TRANSACTION));
    return Combinators.combine(house, shown, afresh, moment).as(Where::new);
  }

  private static Arbitrary<How> manners() {
    Arbitrary<Spelling> spelling =
        Arbitraries.frequency(
            Tuple.of(12, Spelling.USUAL),
            Tuple.of(2, Spelling.LOWER_CASE),
            Tuple.of(1, Spelling.TWO_SPACES),
            Tuple.of(1, Spelling.TRAILING_SPACE),
            Tuple.of(1, Spelling.TWO_RESPONSES));
    Arbitrary<List<Integer>> cuts = Arbitraries.integers().between(-3, 20_000).list().ofMaxSize(3);
    return Combinators.combine(
            spelling, Arbitraries.of(true, false), Arbitraries.of(true, false), cuts)
        .as(How::new);
  }

  private static Arbitrary<What> intentions() {
    Arbitrary<Integer> pick = Arbitraries.integers().between(0, 9_999);
    Arbitrary<List<Integer>> picks =
        Arbitraries.frequencyOf(
            Tuple.of(9, pick.list().ofMinSize(1).ofMaxSize(6)), Tuple.of(1, pick.map(List::of)));
    Arbitrary<Spoil> spoil =
        Arbitraries.frequency(
            Tuple.of(80, Spoil.NOTHING),
            Tuple.of(16, Spoil.CANCEL),
            Tuple.of(20, Spoil.BAD_BASE64),
            Tuple.of(5, Spoil.TOO_LONG),
            Tuple.of(2, Spoil.NUL),
            Tuple.of(2, Spoil.BARE_CR),
            Tuple.of(2, Spoil.BARE_LF),
            Tuple.of(3, Spoil.END),
            Tuple.of(2, Spoil.HALF_A_LINE_AND_END),
            Tuple.of(1, Spoil.CUT),
            Tuple.of(1, Spoil.SILENCE),
            Tuple.of(1, Spoil.HALF_A_LINE_AND_SILENCE));
    Arbitrary<Integer> at =
        Arbitraries.frequency(Tuple.of(3, 0), Tuple.of(6, 1), Tuple.of(4, 2), Tuple.of(1, 3));
    return Combinators.combine(picks, spoil, at, pick).as(What::new);
  }

  /** Half of the time what stands first, or nobody would come far. */
  Said pick(List<Said> of, int turn) {
    int pick = what.picks().get(Math.min(turn, what.picks().size() - 1));
    return pick % 2 == 0 ? of.getFirst() : of.get(pick / 2 % of.size());
  }

  boolean spoilt(int line) {
    return what.spoil() != Spoil.NOTHING && what.at() == line;
  }

  @Override
  public String toString() {
    String spoil = what.spoil() == Spoil.NOTHING ? "" : ", " + what.spoil() + " at " + what.at();
    return way.word + " at " + where + ", " + how + spoil + ", " + what.picks();
  }
}
