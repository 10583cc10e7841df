import static heddle.hook.Decisions.pass;
import static heddle.hook.Decisions.proxyReply;

import heddle.hook.ProxyCommand;
import heddle.hook.ProxyDecision;
import heddle.hook.ProxyHook;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Two commands of the site's own. XCLIENT keeps what a trusted front says of its client, for other
 * hooks; it logs nobody in. XNOTE takes lines up to a single dot.
 */
public final class Xclient implements ProxyHook {
  private static final String LINES = "Xclient.lines";

  @Override
  public ProxyDecision command(ProxyCommand command) {
    if (command.attributes().get(LINES) instanceof List<?> lines) {
      return line(command, lines);
    }
    return switch (command.verb()) {
      case "XCLIENT" -> xclient(command);
      case "XNOTE" -> {
        command.attributes().put(LINES, List.of());
        yield proxyReply("Say it; end with a dot on a line of its own").codes(354).next();
      }
      case "XNOTES" ->
          proxyReply("There are", command.attributes().getOrDefault("notes", 0) + " notes");
      default -> pass();
    };
  }

  private static ProxyDecision xclient(ProxyCommand command) {
    if (!command.connection().remote().ip().equals("127.0.0.1")) {
      return proxyReply("Not from you").codes(550, "5.7.0");
    }
    for (String word : command.command().substring("XCLIENT".length()).strip().split(" +")) {
      String[] pair = word.split("=", 2);
      String name = pair[0].toUpperCase(Locale.ROOT);
      if (pair.length < 2 || name.equals("LOGIN")) {
        return proxyReply("XCLIENT NAME=value, and never LOGIN").codes(501, "5.5.4");
      }
      command.attributes().put("xclient." + name.toLowerCase(Locale.ROOT), pair[1]);
    }
    return proxyReply("Noted");
  }

  /** A line of XNOTE comes here first, whatever it looks like, because of next(). */
  private static ProxyDecision line(ProxyCommand command, List<?> lines) {
    if (command.command().equals(".")) {
      command.attributes().remove(LINES);
      command.attributes().merge("notes", 1, (a, b) -> (Integer) a + (Integer) b);
      return proxyReply(lines.size() + " lines noted");
    }
    List<Object> more = new ArrayList<>(lines);
    more.add(command.command());
    command.attributes().put(LINES, List.copyOf(more));
    return proxyReply().codes(354).next();
  }
}
