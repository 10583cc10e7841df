package heddle.control;

import static java.util.stream.Collectors.toCollection;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers requests over a UNIX socket, a JSON line each way. Each connection is one virtual thread;
 * who asks is learned from the kernel.
 */
public final class ControlServer implements AutoCloseable {
  private static final int LONGEST_LINE = 256 * 1024;
  private static final int CONNECTIONS = 64;
  private static final Set<String> FLAG = Set.of("true", "false");

  /** Some requests hold a long list; one at a time may, so that many cannot fill the memory. */
  private final Semaphore longLines = new Semaphore(1, true);

  /** So many answers are made, or wait to be read, at one time. */
  private static final int WORKING = 6;

  private static final Duration READING = Duration.ofSeconds(10);
  private final Semaphore working = new Semaphore(WORKING, true);

  /** A caller that asks nothing must not keep others out. */
  private static final Duration LONGEST_CALL = Duration.ofMinutes(1);

  /** What is not understood to the last word is not done: it may have been a dry-run. */
  private final JsonMapper json =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Semaphore permits = new Semaphore(CONNECTIONS);
  private final Path socket;
  private final Office office;
  private final Set<Verb.Reach> reach;
  private final ServerSocketChannel server;

  private ControlServer(
      Path socket, Office office, Set<Verb.Reach> reach, ServerSocketChannel server) {
    this.socket = socket;
    this.office = office;
    this.reach = Set.copyOf(reach);
    this.server = server;
  }

  /**
   * Listens. The socket is made in a folder of our own, given its mode, then renamed into place: at
   * no moment can a stranger connect.
   *
   * @param reach which verbs are heard there
   * @throws IOException also where the path is longer than a UNIX socket's may be
   */
  public static ControlServer open(Path socket, Office office, Set<Verb.Reach> reach)
      throws IOException {
    Path nursery = socket.resolveSibling(".new-" + socket.getFileName());
    Files.createDirectories(
        nursery,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path fresh = nursery.resolve(socket.getFileName());
    Files.deleteIfExists(fresh);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(fresh), CONNECTIONS);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-rw----"));
      Files.move(
          fresh, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException refused) {
      server.close();
      throw refused;
    }
    var control = new ControlServer(socket, office, reach, server);
    Thread.ofVirtual().name("control").start(control::accept);
    return control;
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel caller = server.accept();
        if (permits.tryAcquire()) {
          Thread.ofVirtual().name("control-caller").start(() -> serve(caller));
        } else {
          caller.close();
        }
      } catch (IOException closed) {
        if (!server.isOpen()) {
          return;
        }
        pause(); // no file left, most likely: those in use come back in time
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(Duration.ofMillis(200));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(SocketChannel caller) {
    try (caller;
        var _ = Overdue.close(caller, LONGEST_CALL);
        var room = new Room();
        var in = new BufferedReader(Channels.newReader(caller, StandardCharsets.UTF_8))) {
      String actor = caller.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
      for (String line = readLine(in, room); line != null; line = readLine(in, room)) {
        // What waits for news holds little; everything else is made and taken a few at a time, for
        // an
        // answer stays in memory until whoever asked has read it.
        boolean waits = line.contains("\"wait\"");
        if (!waits && !working.tryAcquire(LONGEST_CALL.toSeconds(), TimeUnit.SECONDS)) {
          return;
        }
        try {
          write(caller, json.writeValueAsBytes(answer(line, actor)));
        } finally {
          if (!waits) {
            working.release();
          }
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (IOException gone) {
      // The caller hung up; there is nobody to tell.
    } finally {
      permits.release();
    }
  }

  /** A caller that does not read loses the line. */
  private static void write(SocketChannel caller, byte[] answer) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(answer.length + 1).put(answer).put((byte) '\n').flip();
    try (var _ = Overdue.close(caller, READING)) {
      while (out.hasRemaining()) {
        caller.write(out);
      }
    }
  }

  private Answer answer(String line, String actor) {
    Request request;
    try {
      request = json.readValue(line, Request.class);
      if (request == null || request.v() != Request.VERSION) {
        return Answer.no(
            Answer.USAGE,
            "the request is not of version " + Request.VERSION,
            "program and server are of different versions",
            "restart the server, or use the program it was started with");
      }
      Optional<Answer> refusal = refusal(request);
      if (refusal.isPresent()) {
        return refusal.get();
      }
    } catch (JacksonException | IllegalArgumentException | NullPointerException notARequest) {
      return Answer.no(
          Answer.USAGE,
          "the request was not understood",
          "it is not one JSON object with v, verb and args, and no others",
          "send one line such as {\"v\":1,\"verb\":\"user.list\",\"args\":{}}");
    }
    try {
      return office.ask(request, actor);
    } catch (RuntimeException | LinkageError mistake) {
      // Whoever asked must not take it for a server that is gone. A class that is not there any
      // more means that the program was replaced while it ran.
      System.getLogger("heddle.control").log(System.Logger.Level.ERROR, request.verb(), mistake);
      return Answer.no(
          Answer.FAILED,
          request.verb() + " failed by a mistake of ours",
          "the server's log has more of it",
          "if the program was replaced while it ran, restart the server");
    }
  }

  /** What is not asked in order never reaches the office: a misspelled dry-run must not act. */
  private Optional<Answer> refusal(Request request) {
    Optional<Verb> known = Verbs.named(request.verb());
    if (known.isEmpty()) {
      // The office may know more, for those who have the files: not for whoever has a socket.
      return wrong(
          "this server does not know \"" + plain(request.verb()) + "\"",
          "program and server are of different versions, or it is no verb",
          "restart the server, or see docs/control.md");
    }
    Verb verb = known.get();
    if (!reach.contains(verb.reach())) {
      return Optional.of(
          Answer.no(
              Answer.REFUSED,
              verb.name() + " is not answered here",
              socket.getFileName() + " is for looking only",
              "ask at run/control, if you may"));
    }
    for (String given : request.args().keySet()) {
      if (verb.args().stream().noneMatch(a -> a.name().equals(given))) {
        Set<String> names =
            verb.args().stream().map(Verb.Arg::name).collect(toCollection(TreeSet::new));
        return wrong(
            verb.name() + " takes no \"" + plain(given) + "\"",
            names.isEmpty() ? "it takes nothing" : "it takes " + String.join(", ", names),
            "see docs/control.md");
      }
    }
    return verb.args().stream().flatMap(arg -> objection(verb, arg, request).stream()).findFirst();
  }

  private static Optional<Answer> objection(Verb verb, Verb.Arg arg, Request request) {
    String named = verb.name() + " needs \"" + arg.name() + "\"";
    Optional<String> given = request.arg(arg.name());
    if (arg.needed() && given.isEmpty()) {
      return wrong(named, "it was not given", "see docs/control.md");
    }
    boolean odd = arg.type() == Verb.Type.TRUTH && given.filter(g -> !FLAG.contains(g)).isPresent();
    return odd
        ? wrong(named + " to be true or false", "it is another word", "see docs/control.md")
        : Optional.empty();
  }

  private static Optional<Answer> wrong(String what, String why, String remedy) {
    return Optional.of(Answer.no(Answer.USAGE, what, why, remedy));
  }

  private static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /** Where a long line may be held; one connection's. */
  private final class Room implements AutoCloseable {
    private boolean taken;

    void take() throws IOException {
      try {
        taken = taken || longLines.tryAcquire(LONGEST_CALL.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
      if (!taken) {
        throw new IOException("another long request is being answered");
      }
    }

    @Override
    public void close() {
      if (taken) {
        longLines.release();
      }
    }
  }

  /** One line of bounded length; null at the end of the stream. */
  private static @org.jspecify.annotations.Nullable String readLine(Reader in, Room room)
      throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n') {
        return line.toString();
      }
      if (line.length() == LONGEST_LINE) {
        room.take();
      }
      if (line.length() >= Request.LONGEST) {
        throw new IOException("a line longer than " + Request.LONGEST + " characters");
      }
      line.append((char) c);
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
  }
}
