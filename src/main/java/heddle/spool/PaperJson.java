package heddle.spool;

import heddle.mail.Envelope;
import heddle.mail.Id;
import heddle.mail.Mailbox;
import heddle.mail.Notify;
import heddle.mail.Path;
import heddle.mail.Recipient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Papers and changes as JSON. Reading throws IllegalArgumentException (of which Jackson's and the
 * JDK's own surprises are made) where the text is not one of ours. Safe to share.
 */
final class PaperJson {
  static final int VERSION = 1;
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Set<String> KNOWN =
      Set.of(
          "v",
          "id",
          "accepted",
          "size",
          "sender",
          "body",
          "utf8",
          "ret",
          "envid",
          "authn_id",
          "authz_id",
          "mechanism",
          "credential",
          "listener",
          "connection",
          "client",
          "rev",
          "held",
          "recipients");
  private static final Set<String> KNOWN_OF_RECIPIENT =
      Set.of(
          "address",
          "notify",
          "orcpt",
          "state",
          "attempts",
          "next",
          "reply",
          "route",
          "first_tried",
          "delay_told");

  private PaperJson() {}

  static byte[] bytes(JsonNode node) {
    return JSON.writeValueAsBytes(node);
  }

  static ObjectNode object(byte[] text) {
    try {
      if (JSON.readTree(text) instanceof ObjectNode object) {
        return object;
      }
    } catch (RuntimeException notJson) {
      throw new IllegalArgumentException("not JSON", notJson);
    }
    throw new IllegalArgumentException("not an object");
  }

  // ---- papers

  static ObjectNode write(Paper paper) {
    QueueEntry entry = paper.entry();
    Ticket ticket = entry.ticket();
    Envelope envelope = ticket.envelope();
    ObjectNode to =
        paper.unknown().whole().map(ObjectNode::deepCopy).orElseGet(JSON::createObjectNode);
    to.put("v", VERSION)
        .put("id", ticket.id().value())
        .put("accepted", ticket.accepted().toString());
    to.put("size", ticket.size()).put("sender", envelope.sender().toString());
    to.put("body", envelope.body().name()).put("utf8", envelope.utf8());
    envelope.ret().ifPresent(r -> to.put("ret", r.name()));
    envelope.envid().ifPresent(e -> to.put("envid", e));
    ticket
        .submitter()
        .ifPresent(
            s ->
                to.put("authn_id", s.authn())
                    .put("authz_id", s.authz())
                    .put("mechanism", s.mechanism())
                    .put("credential", s.credential()));
    to.put("listener", ticket.listener()).put("connection", ticket.connection().value());
    ticket.client().ifPresent(c -> to.put("client", c));
    to.put("rev", paper.revision());
    entry.held().ifPresent(h -> to.put("held", h));
    ArrayNode all = JSON.createArrayNode();
    for (int i = 0; i < entry.recipients().size(); i++) {
      ObjectNode kept = paper.unknown().recipients().get(i);
      ObjectNode one = kept == null ? JSON.createObjectNode() : kept.deepCopy();
      write(envelope.recipients().get(i), one);
      all.add(write(entry.recipients().get(i), one));
    }
    to.set("recipients", all);
    return to;
  }

  private static void write(Recipient recipient, ObjectNode to) {
    to.put("address", recipient.mailbox().toString());
    if (!recipient.notifyOn().isEmpty()) {
      ArrayNode words = JSON.createArrayNode();
      recipient.notifyOn().stream().sorted().forEach(n -> words.add(n.name()));
      to.set("notify", words);
    }
    recipient.orcpt().ifPresent(o -> to.put("orcpt", o));
  }

  private static ObjectNode write(RecipientState state, ObjectNode to) {
    to.put("state", state.status().name().toLowerCase(java.util.Locale.ROOT))
        .put("attempts", state.attempts())
        .put("next", state.next().toString())
        .put("reply", state.lastReply())
        .put("route", state.route());
    state.firstTried().ifPresent(first -> to.put("first_tried", first.toString()));
    return state.delayTold() ? to.put("delay_told", true) : to;
  }

  static Paper paper(JsonNode node) throws SpoolRefused {
    ObjectNode from = asObject(node);
    version(from);
    try {
      Ticket ticket = ticket(from);
      var states = new ArrayList<RecipientState>();
      var unknown = new HashMap<Integer, ObjectNode>();
      for (JsonNode one : array(from, "recipients")) {
        rest(asObject(one), KNOWN_OF_RECIPIENT).ifPresent(r -> unknown.put(states.size(), r));
        states.add(state(one));
      }
      var entry = new QueueEntry(ticket, states, optional(from, "held"));
      return new Paper(entry, number(from, "rev"), new Paper.Unknown(rest(from, KNOWN), unknown));
    } catch (IllegalArgumentException notOurs) {
      throw notOurs;
    } catch (RuntimeException notOurs) {
      throw new IllegalArgumentException(notOurs);
    }
  }

  private static void version(ObjectNode from) throws SpoolRefused {
    long version = number(from, "v");
    if (version > VERSION) {
      throw new SpoolRefused(
          "a message of the spool has format "
              + version
              + "; this release reads up to format "
              + VERSION
              + ": use the release that wrote it, or a later one");
    }
  }

  private static Ticket ticket(ObjectNode from) {
    var recipients = new ArrayList<Recipient>();
    for (JsonNode one : array(from, "recipients")) {
      recipients.add(recipient(one));
    }
    String sender = text(from, "sender");
    var envelope =
        new Envelope(
            sender.isEmpty() ? Path.NOBODY : new Path.Somebody(Mailbox.of(sender)),
            recipients,
            Envelope.Body.valueOf(text(from, "body")),
            from.path("utf8").asBoolean(),
            optional(from, "ret").map(Envelope.Ret::valueOf),
            optional(from, "envid"));
    Optional<Ticket.Submitter> submitter =
        optional(from, "authn_id")
            .map(
                authn ->
                    new Ticket.Submitter(
                        authn,
                        text(from, "authz_id"),
                        text(from, "mechanism"),
                        text(from, "credential")));
    return new Ticket(
        new Id(text(from, "id")),
        envelope,
        submitter,
        text(from, "listener"),
        new Id(text(from, "connection")),
        optional(from, "client"),
        Instant.parse(text(from, "accepted")),
        number(from, "size"));
  }

  private static Recipient recipient(JsonNode from) {
    Set<Notify> words = EnumSet.noneOf(Notify.class);
    if (from.get("notify") != null) {
      array(from, "notify").forEach(n -> words.add(Notify.valueOf(n.stringValue())));
    }
    return new Recipient(Mailbox.of(text(from, "address")), words, optional(from, "orcpt"));
  }

  private static RecipientState state(JsonNode from) {
    return new RecipientState(
        RecipientState.Status.valueOf(text(from, "state").toUpperCase(java.util.Locale.ROOT)),
        Math.toIntExact(number(from, "attempts")),
        Instant.parse(text(from, "next")),
        text(from, "reply"),
        text(from, "route"),
        optional(from, "first_tried").map(Instant::parse),
        from.path("delay_told").asBoolean());
  }

  // ---- changes

  static ObjectNode write(Paper.Change change) {
    ObjectNode to = JSON.createObjectNode();
    to.put("id", change.id().value()).put("rev", change.revision());
    change.held().ifPresent(h -> to.put("held", h));
    ObjectNode all = JSON.createObjectNode();
    change
        .recipients()
        .forEach((index, s) -> all.set(index.toString(), write(s, JSON.createObjectNode())));
    to.set("recipients", all);
    return to;
  }

  static Paper.Change change(JsonNode from) {
    try {
      var states = new HashMap<Integer, RecipientState>();
      for (var one : asObject(asObject(from).get("recipients")).properties()) {
        states.put(Integer.valueOf(one.getKey()), state(one.getValue()));
      }
      return new Paper.Change(
          new Id(text(from, "id")), number(from, "rev"), states, optional(from, "held"));
    } catch (IllegalArgumentException notOurs) {
      throw notOurs;
    } catch (RuntimeException notOurs) {
      throw new IllegalArgumentException(notOurs);
    }
  }

  // ---- small change

  private static Optional<ObjectNode> rest(ObjectNode from, Set<String> known) {
    ObjectNode rest = JSON.createObjectNode();
    for (var member : from.properties()) {
      if (!known.contains(member.getKey())) {
        rest.set(member.getKey(), member.getValue());
      }
    }
    return rest.isEmpty() ? Optional.empty() : Optional.of(rest);
  }

  private static ObjectNode asObject(@org.jspecify.annotations.Nullable JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("not an object");
  }

  private static List<JsonNode> array(JsonNode from, String name) {
    if (from.get(name) instanceof ArrayNode array) {
      return array.valueStream().toList();
    }
    throw new IllegalArgumentException("no list " + name);
  }

  private static String text(JsonNode from, String name) {
    return optional(from, name).orElseThrow(() -> new IllegalArgumentException("no text " + name));
  }

  private static Optional<String> optional(JsonNode from, String name) {
    JsonNode member = from.get(name);
    return member == null ? Optional.empty() : member.stringValueOpt();
  }

  private static long number(JsonNode from, String name) {
    JsonNode member = from.get(name);
    if (member == null || !member.isIntegralNumber() || !member.canConvertToLong()) {
      throw new IllegalArgumentException("no number " + name);
    }
    return member.longValue();
  }
}
