package heddle.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/** Asks a running server through its socket; one connection for each request. */
public final class ControlClient implements Office {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private final JsonMapper json = JsonMapper.builder().build();
  private final Path socket;

  public ControlClient(Path socket) {
    this.socket = socket;
  }

  @Override
  public Answer ask(Request request, String actor) {
    try (SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        var _ = Overdue.close(server, PATIENCE);
        var in = new BufferedReader(Channels.newReader(server, StandardCharsets.UTF_8))) {
      byte[] line = json.writeValueAsBytes(request);
      if (line.length >= Request.LONGEST) {
        return Answer.no(
            Answer.USAGE,
            "nothing was done",
            "the request has more than " + Request.LONGEST / 1024 / 1024 + " MiB",
            "ask in smaller parts");
      }
      ByteBuffer out = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
      while (out.hasRemaining()) {
        server.write(out);
      }
      String answer = in.readLine();
      if (answer == null) {
        throw new IOException("the server hung up");
      }
      return json.readValue(answer, Answer.class);
    } catch (IOException notThere) {
      return Answer.no(
          Answer.UNREACHABLE,
          "the server does not answer at " + socket,
          "it is starting, stopping or stuck, or you may not use its socket",
          "try again; see the server's log");
    }
  }
}
