package heddle.control;

import java.util.Map;
import java.util.Optional;

/**
 * What is asked of a server, running or not: {@code {"v":1,"verb":"user.add","args":{…}}}.
 *
 * @param verb noun and verb, {@code "user.add"}
 * @param args words only; what may be a secret is marked by the verb that takes it
 */
public record Request(int v, String verb, Map<String, String> args) {
  public static final int VERSION = 1;

  /** What a request has at most as a line, in octets. */
  public static final int LONGEST = 16 * 1024 * 1024;

  public Request {
    args = Map.copyOf(args);
  }

  public static Request of(String verb, Map<String, String> args) {
    return new Request(VERSION, verb, args);
  }

  public Optional<String> arg(String name) {
    return Optional.ofNullable(args.get(name));
  }

  public boolean flag(String name) {
    return "true".equals(args.get(name));
  }

  /** Arguments may be secrets: only their names are printed. */
  @Override
  public String toString() {
    return verb + args.keySet();
  }
}
