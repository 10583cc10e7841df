package heddle.event;

import heddle.mail.Id;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Everything that can happen, each text in it one that somebody might write to forge a line. */
public final class AnyEvent {
  public static final RemoteAddress CLIENT =
      new RemoteAddress(InetAddress.ofLiteral("192.0.2.7"), 1234);
  static final RemoteAddress CLIENT_6 =
      new RemoteAddress(InetAddress.ofLiteral("2001:db8::7"), 1234);

  private static final List<String> PIECES =
      List.of(
          "\"",
          "\\",
          "\\\"",
          "=",
          " ",
          "'",
          "{",
          "}",
          ",",
          ":",
          "<3>",
          "client=",
          " client=198.51.100.1:25",
          "\" client=198.51.100.1:25",
          "\",\"client\":\"198.51.100.1:25",
          "\\\",\"client\":\"198.51.100.1:25",
          "\n",
          "\r\n",
          "\r",
          "\t",
          "\0",
          "\u001b[31m",
          "\u007f",
          "\u0085",
          "\u00a0",
          "\u2028",
          "\u2029",
          "\u202e",
          "\ufeff",
          "\ud800",
          "\udc00",
          "\ud83d\udc0d",
          new String(Character.toChars(0xE0041)),
          "ü",
          "2026-11-25T10:00:00.000Z ",
          "7Q4K2M9XTVC3: auth-failed why=baduser mech=PLAIN client=198.51.100.1:25",
          "{\"ts\":\"2026-11-25T10:00:00.000Z\",\"event\":\"auth-failed\"}",
          "u003d",
          "\\u000a",
          "a");

  private AnyEvent() {}

  /** What a client or a remote might say: a user name, a HELO, a header, a reply. */
  public static Arbitrary<String> said() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(40),
        Arbitraries.strings().all().ofMaxLength(20),
        Arbitraries.of(PIECES).list().ofMaxSize(8).map(pieces -> String.join("", pieces)));
  }

  public static Arbitrary<Event> events() {
    return Arbitraries.of(Arrays.asList(Event.class.getPermittedSubclasses()))
        .flatMap(type -> records(type).map(Event.class::cast))
        .withoutEdgeCases();
  }

  private static Arbitrary<Object> records(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    List<Arbitrary<Object>> values =
        Arrays.stream(components).map(c -> value(c.getGenericType())).toList();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    return Combinators.combine(values).as(all -> made(type, types, all.toArray()));
  }

  private static Object made(Class<?> type, Class<?>[] types, Object[] values) {
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Arbitrary<Object> value(Type type) {
    if (type instanceof ParameterizedType generic) {
      Arbitrary<Object> inner = value(generic.getActualTypeArguments()[0]);
      return generic.getRawType() == Optional.class
          ? inner.optional(0.8).map(v -> v)
          : inner.list().ofMaxSize(3).map(v -> v);
    }
    return switch (((Class<?>) type).getSimpleName()) {
      case "String" -> said().map(v -> v);
      case "Id" -> Arbitraries.longs().map(seed -> Id.draw(new Random(seed)));
      case "RemoteAddress" -> Arbitraries.of(CLIENT, CLIENT_6).map(v -> v);
      case "Duration" ->
          Arbitraries.longs().between(0, 1L << 50).map(Duration::ofNanos).map(v -> v);
      case "int" -> Arbitraries.integers().map(v -> v);
      case "long" -> Arbitraries.longs().map(v -> v);
      case "boolean" -> Arbitraries.of(true, false).map(v -> v);
      case "TlsInfo" ->
          Combinators.combine(said(), said(), said().optional())
              .as((protocol, cipher, sni) -> new TlsInfo(protocol, cipher, sni, true, true));
      default -> throw new IllegalStateException("no values of " + type + " are known here");
    };
  }
}
