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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;

/** Asks a running server through its socket; one connection for each request. */
public final class ControlClient implements Office {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private final Path socket;

  public ControlClient(Path socket) {
    this.socket = socket;
  }

  @Override
  public Answer ask(Request request, String actor) {
    try (SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        var _ = Overdue.close(server, PATIENCE);
        var in = new BufferedReader(Channels.newReader(server, StandardCharsets.UTF_8))) {
      byte[] line = written(request).getBytes(StandardCharsets.UTF_8);
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
      return read(JsonLines.read(answer));
    } catch (IOException | JacksonException notThere) {
      return Answer.no(
          Answer.UNREACHABLE,
          "the server does not answer at " + socket,
          "it is starting, stopping or stuck, or you may not use its socket",
          "try again; see the server's log");
    }
  }

  private static String written(Request request) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("v", request.v());
    line.put("verb", request.verb());
    line.put("args", request.args());
    return JsonLines.write(line);
  }

  private static Answer read(Map<String, Object> line) {
    List<Map<String, Object>> rows = new ArrayList<>();
    if (line.get("rows") instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> map) {
          Map<String, Object> row = new LinkedHashMap<>();
          map.forEach((name, value) -> row.put(String.valueOf(name), value));
          rows.add(row);
        }
      }
    }
    return new Answer(
        line.get("v") instanceof Integer v ? v : 0,
        line.get("exit") instanceof Integer exit ? exit : Answer.FAILED,
        rows,
        text(line, "what"),
        text(line, "why"),
        text(line, "remedy"));
  }

  private static String text(Map<String, Object> line, String member) {
    return line.get(member) instanceof String text ? text : "";
  }
}
