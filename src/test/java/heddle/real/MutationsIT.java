package heddle.real;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What clients that are not ours say at a login, with one thing wrong about one line of it: the
 * server does not take it for the login it was, says so, and goes on.
 */
class MutationsIT {
  private static final int MUTATIONS = 42;
  private static final Set<String> VERDICTS = new TreeSet<>();
  private static Path folder;
  private static TokenIssuer issuer;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    folder = Tools.folder("mutations");
    Authority authority = Authority.make(folder, "ca");
    authority.certify("localhost", "DNS:localhost");
    issuer = TokenIssuer.open(folder, authority);
    String config =
        ServerProcess.CONFIG
            + """

            [session.auth]
            mechanisms = ["SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "OAUTHBEARER", "XOAUTH2",
              "PLAIN", "LOGIN"]
            [session.auth.errors]
            wait = "1ms"
            total = 1000
            """
            + issuer.config();
    server = ServerProcess.prepare(config, issuer.environment());
    server.serve();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    issuer.close();
    assertTrue(VERDICTS.containsAll(List.of("501", "535")), VERDICTS.toString());
  }

  private static List<String> gsasl(String mechanism, int port) {
    return List.of(
        "gsasl",
        "--smtp",
        "--no-starttls",
        "--no-cb",
        "--connect",
        "localhost:" + port,
        "--mechanism",
        mechanism,
        "-a",
        ServerProcess.USER,
        "-z",
        ServerProcess.USER,
        "-p",
        ServerProcess.PASSWORD);
  }

  private static List<String> curl(String mechanism, int port, String token) {
    return List.of(
        "curl",
        "-sS",
        "--max-time",
        "20",
        "--url",
        "smtp://127.0.0.1:" + port,
        "--user",
        ServerProcess.USER,
        "--oauth2-bearer",
        token,
        "--login-options",
        "AUTH=" + mechanism,
        "--mail-from",
        ServerProcess.USER,
        "--mail-rcpt",
        "bob@example.net",
        "--upload-file",
        "/dev/null");
  }

  /** One login of a real client, with what was changed of it. */
  private static Meddler.Tale login(
      String mechanism, String token, java.util.function.BiFunction<Integer, byte[], byte[]> change)
      throws Exception {
    try (var meddler = new Meddler(server.port("submissions"), change)) {
      List<String> command =
          mechanism.contains("OAUTH")
              ? curl(mechanism, meddler.port(), token)
              : gsasl(mechanism, meddler.port());
      Process client =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectInput(Path.of("/dev/null").toFile())
              .start();
      try {
        return meddler.tale().get(60, TimeUnit.SECONDS);
      } finally {
        client.destroy();
        client.waitFor();
      }
    }
  }

  @Tag("A32")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SCRAM-SHA-256",
        "SCRAM-SHA-1",
        "CRAM-MD5",
        "PLAIN",
        "LOGIN",
        "OAUTHBEARER",
        "XOAUTH2"
      })
  void a_login_with_one_thing_wrong_is_none(String mechanism) throws Exception {
    String token = issuer.token(3600);
    Meddler.Tale whole = login(mechanism, token, (_, word) -> word);
    assertTrue(whole.verdict().startsWith("235 "), whole.verdict());
    List<Integer> words = new ArrayList<>();
    for (int i = 0; i < whole.said().size(); i++) {
      if (whole.said().get(i).length > 1) {
        words.add(i);
      }
    }
    var random = new Random(4954);
    var verdicts = new TreeMap<String, Integer>();
    for (int i = 0; i < MUTATIONS; i++) {
      Mutation mutation = Mutation.values()[i % Mutation.values().length];
      int at = words.get(random.nextInt(words.size()));
      boolean decoded = random.nextBoolean();
      List<byte[]> pair = new ArrayList<>();
      Meddler.Tale tale =
          login(
              mechanism,
              token,
              (number, word) -> {
                if (number != at) {
                  return word;
                }
                byte[] wrong = wrong(mutation, word, decoded, random);
                pair.add(word);
                pair.add(wrong);
                return wrong;
              });
      String code = tale.verdict().substring(0, 3);
      String told = mutation + " of word " + at + " " + texts(pair) + ": " + tale.verdict();
      boolean in = code.equals("235");
      assertTrue(in || List.of("500", "501", "535").contains(code), told);
      assertTrue(!in || meansTheSame(mechanism, pair), told);
      assertTrue(tale.after().startsWith("250 2.0.0 "), told + ", then " + tale.after());
      verdicts.merge(code, 1, Integer::sum);
    }
    System.out.println(mechanism + ", " + MUTATIONS + " mutations: " + verdicts);
    VERDICTS.addAll(verdicts.keySet());
  }

  private static byte[] wrong(Mutation mutation, byte[] word, boolean decoded, Random random) {
    return decoded
        ? Base64.getEncoder().encode(mutation.of(Base64.getDecoder().decode(word), random))
        : mutation.of(word, random);
  }

  private static List<String> texts(List<byte[]> words) {
    return words.stream().map(w -> new String(w, StandardCharsets.ISO_8859_1)).toList();
  }

  // ---- what may be written in another way

  /** Names in another case, and what nobody reads, make no other login. */
  private static boolean meansTheSame(String mechanism, List<byte[]> pair) {
    if (pair.isEmpty()) {
      return false;
    }
    Optional<String> one = decoded(pair.get(0));
    Optional<String> other = decoded(pair.get(1));
    if (one.isEmpty() || other.isEmpty()) {
      return false;
    }
    return meaning(mechanism, one.get()).equals(meaning(mechanism, other.get()));
  }

  private static Optional<String> decoded(byte[] word) {
    try {
      byte[] octets = Base64.getDecoder().decode(word);
      boolean strict = java.util.Arrays.equals(Base64.getEncoder().encode(octets), word);
      return strict
          ? Optional.of(new String(octets, StandardCharsets.ISO_8859_1))
          : Optional.empty();
    } catch (IllegalArgumentException no) {
      return Optional.empty();
    }
  }

  private static List<String> meaning(String mechanism, String message) {
    return switch (mechanism) {
      case "PLAIN" -> {
        String[] parts = message.split("\0", 3);
        yield parts.length < 3
            ? List.of(message)
            : List.of(name(parts[0]), name(parts[1]), parts[2]);
      }
      case "LOGIN" -> List.of(message.contains("@") ? name(message) : message);
      case "CRAM-MD5" -> {
        int space = message.lastIndexOf(' ');
        yield space < 0
            ? List.of(message)
            : List.of(name(message.substring(0, space)), message.substring(space));
      }
      case "OAUTHBEARER", "XOAUTH2" -> List.of(token(message), user(message));
      default -> List.of(message);
    };
  }

  private static String name(String text) {
    return text.toLowerCase(java.util.Locale.ROOT);
  }

  /** RFC 6750 §2.1, and a signature's octets whatever surrounds them. */
  private static String token(String message) {
    for (String part : message.split("\u0001")) {
      if (part.regionMatches(true, 0, "auth=Bearer ", 0, 12)) {
        int dot = part.lastIndexOf('.');
        String signature = part.substring(dot + 1).replace('+', '-').replace('/', '_');
        String letters = signature.replaceAll("[^A-Za-z0-9_-]", "");
        return part.substring(12, Math.max(12, dot))
            + "."
            + Base64.getEncoder().encodeToString(Base64.getUrlDecoder().decode(letters));
      }
    }
    return "";
  }

  private static String user(String message) {
    int end = message.indexOf('\u0001');
    return name(end < 0 ? message : message.substring(0, end));
  }
}
