package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.event.Mentions;
import heddle.mail.Id;
import heddle.mail.Mailbox;
import heddle.spool.QueueEntry;
import heddle.spool.Spool;
import heddle.store.History;
import heddle.store.StoreUnavailable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The verb {@code trace}: what happened to a message, from the connection to the last reply. */
final class TraceDesk {
  private static final int MOST_MESSAGES = 100;

  /** Of one message; it has no more than a few for each attempt. */
  private static final int MOST_EVENTS = 5_000;

  /** So many others are counted; beyond, it is said that there are more. */
  private static final int COUNTED = 200;

  private static final int SHORTEST_ID = 5;

  /** Events by which a message is known. */
  private static final Set<String> OF_A_MESSAGE =
      Set.of("accepted", "delivered", "deferred", "failed", "held", "report", "refused");

  /** What of its connection tells how it came. */
  private static final Set<String> OF_A_CONNECTION =
      Set.of("connect", "tls", "auth-ok", "auth-failed", "auth-deferred", "xclient");

  private final History history;
  private final Spool spool;

  TraceDesk(History history, Spool spool) {
    this.history = history;
    this.spool = spool;
  }

  /** Answers, or empty where the verb is another. */
  Optional<Answer> ask(Request request) {
    return request.verb().equals("trace") ? Optional.of(trace(request)) : Optional.empty();
  }

  private Answer trace(Request request) {
    String what = request.arg("what").orElse("").strip();
    String last = request.arg("last").filter(l -> !l.isEmpty()).orElse("1");
    if (!last.matches("[1-9]\\d{0,5}")) {
      return Answer.no(
          Answer.USAGE,
          "nothing is shown",
          "\"" + last.replaceAll("\\p{Cntrl}", "?") + "\" is no number of messages",
          "write a whole number from 1 on");
    }
    int most = Math.min(MOST_MESSAGES, Integer.parseInt(last));
    try {
      List<String> ids = new ArrayList<>(messages(what));
      if (ids.isEmpty()) {
        return Answer.no(
            Answer.NOT_FOUND,
            "no message is known by that",
            "it is looked for as an id, a Message-ID, a recipient, a sender and a user, and what"
                + " is older than keep.events is forgotten",
            "see what waits with: heddle queue list, and who logged in with: heddle login");
      }
      List<Map<String, Object>> rows = new ArrayList<>();
      for (String id : ids.subList(0, Math.min(most, ids.size())).reversed()) {
        rows.addAll(story(id));
      }
      if (ids.size() > most && !rows.isEmpty()) {
        rows.getLast().put("more", ids.size() - most);
      }
      return Answer.rows(rows);
    } catch (StoreUnavailable trouble) {
      return EventDesk.unreadable(trouble);
    }
  }

  /** Ids of messages, the newest first. */
  private Set<String> messages(String what) throws StoreUnavailable {
    Set<String> ids = new LinkedHashSet<>();
    var newest = History.Question.newest(COUNTED).named(OF_A_MESSAGE);
    boolean address = what.indexOf('@') >= 0;
    if (!address && what.length() >= SHORTEST_ID) {
      ids(history.ask(newest.beginning(Mentions.word("id", what))), ids, what);
      if (!ids.isEmpty()) {
        return ids;
      }
    }
    List<String> words = new ArrayList<>();
    for (String kind : List.of("to", "from", "user")) {
      words.add(Mentions.word(kind, what));
      Mailbox.parse(what)
          .map(Mailbox::toString)
          .map(m -> Mentions.word(kind, m))
          .ifPresent(words::add);
    }
    words.add(Mentions.word("msgid", what));
    Set<History.Entry> entries =
        new java.util.TreeSet<>(java.util.Comparator.comparingLong(e -> -e.seq()));
    for (String word : new LinkedHashSet<>(words)) {
      entries.addAll(history.ask(newest.about(word)));
    }
    ids(new ArrayList<>(entries), ids, "");
    return ids;
  }

  /** A message is known by its own id, and by that of the connection that brought it. */
  private static void ids(List<History.Entry> entries, Set<String> ids, String typed) {
    for (History.Entry entry : entries) {
      entry.id().map(Object::toString).ifPresent(ids::add);
    }
    // An id that is the message's own counts before those of reports about it.
    String begin = typed.toUpperCase(Locale.ROOT);
    if (!typed.isEmpty() && ids.stream().anyMatch(i -> i.startsWith(begin))) {
      ids.removeIf(i -> !i.startsWith(begin));
    }
  }

  private List<Map<String, Object>> story(String id) throws StoreUnavailable {
    var inOrder = History.Question.newest(MOST_EVENTS).inOrder();
    List<History.Entry> own = history.ask(inOrder.about(Mentions.word("id", id)));
    Optional<History.Entry> accepted =
        own.stream().filter(e -> e.name().equals("accepted") && isOf(e, id)).findFirst();
    Optional<String> connection =
        own.stream()
            .filter(e -> isOf(e, id))
            .map(e -> e.field("session"))
            .filter(s -> !s.isEmpty())
            .findFirst();
    List<History.Entry> all = new ArrayList<>();
    if (connection.isPresent()) {
      history
          .ask(inOrder.about(Mentions.word("id", connection.get())).named(OF_A_CONNECTION))
          .stream()
          .filter(e -> own.isEmpty() || e.seq() < own.getFirst().seq())
          .forEach(all::add);
    }
    all.addAll(own);
    List<Map<String, Object>> rows = new ArrayList<>();
    int attempt = 0;
    for (History.Entry entry : all) {
      boolean tried = List.of("delivered", "deferred", "failed").contains(entry.name());
      attempt += tried && isOf(entry, id) ? 1 : 0;
      rows.add(row(id, entry, attempt, rows.isEmpty() ? accepted : Optional.empty()));
    }
    Id.parse(id).flatMap(spool::entry).ifPresent(e -> rows.addAll(waiting(e)));
    return rows;
  }

  private static boolean isOf(History.Entry entry, String id) {
    return entry.id().filter(i -> i.value().equals(id)).isPresent();
  }

  private static Map<String, Object> row(
      String id, History.Entry entry, int attempt, Optional<History.Entry> accepted) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", id);
    row.put("at", entry.at().toString());
    row.put("event", entry.name());
    row.put("what", TraceWords.of(entry, attempt));
    row.put("reply", entry.field("reply"));
    accepted.ifPresent(
        a -> {
          row.put("from", "<" + a.field("from") + ">");
          row.put("to", a.field("to"));
          row.put("msgid", a.field("msgid"));
          row.put("size", Long.parseLong(a.fields().getOrDefault("size", "0")));
          row.put("user", a.field("user"));
        });
    return row;
  }

  /** What is still to come. */
  private static List<Map<String, Object>> waiting(QueueEntry entry) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < entry.recipients().size(); i++) {
      var state = entry.recipients().get(i);
      if (!state.done()) {
        String to = entry.ticket().envelope().recipients().get(i).mailbox().toString();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", entry.id().value());
        row.put("at", state.next().toString());
        row.put("event", entry.held().isPresent() ? "hold" : "next");
        row.put(
            "what",
            entry
                .held()
                .map(why -> to + " is held: " + why)
                .orElse(to + ", attempt " + (state.attempts() + 1)));
        row.put("reply", "");
        row.put("to", to);
        rows.add(row);
      }
    }
    return rows;
  }
}
