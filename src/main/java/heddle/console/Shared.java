package heddle.console;

import picocli.CommandLine.Option;

/** The options of every command. */
final class Shared {
  @Option(names = "--json", description = "Print JSON, one object a line.")
  boolean json;

  Printer printer() {
    return new Printer(Io.now(), json);
  }
}
